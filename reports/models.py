"""Tables of the reports app: the register of exports."""

from reports.register.models import ExportRecord

__all__ = ["ExportRecord"]
