"""Tables of the reports app: the register of exports, and reads of what ingestion wrote."""

from reports.operations.models import Batch, ExceptionItem, Source, SourceFile, SourceText
from reports.register.models import ExportRecord

__all__ = ["Batch", "ExceptionItem", "ExportRecord", "Source", "SourceFile", "SourceText"]
