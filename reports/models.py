"""Tables of the reports app: the register of exports, and reads of what ingestion wrote."""

from reports.register.models import ExportRecord

__all__ = ["ExportRecord"]
