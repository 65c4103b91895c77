"""Tables of the ingestion app, in the order of the way of the data."""

from ingestion.models.checked import (
    FileColumns,
    PublishedFigure,
    ReconciliationDay,
    ReconciliationLine,
    RepeatedRecord,
)
from ingestion.models.crosswalk import Identifier, PortfolioKey
from ingestion.models.fetch import FetchRun, FetchState, RemoteFile
from ingestion.models.finding import Finding, FindingEvent, QualityRun
from ingestion.models.landing import SourceFile, SourcePart, SourceText
from ingestion.models.proposal import (
    MappingEffect,
    MappingEffectValue,
    MappingProposal,
    UnmappedKey,
)
from ingestion.models.quarantine import EventVersion, ExceptionItem
from ingestion.models.requests import Resend, WorkRequest
from ingestion.models.source import Batch, Source, SourceRank
from ingestion.models.upload import Upload, UploadedFile, UploadPart

__all__ = [
    "Batch",
    "EventVersion",
    "ExceptionItem",
    "FetchRun",
    "FetchState",
    "FileColumns",
    "Finding",
    "FindingEvent",
    "Identifier",
    "MappingEffect",
    "MappingEffectValue",
    "MappingProposal",
    "PortfolioKey",
    "PublishedFigure",
    "QualityRun",
    "ReconciliationDay",
    "ReconciliationLine",
    "RemoteFile",
    "RepeatedRecord",
    "Resend",
    "Source",
    "SourceFile",
    "SourcePart",
    "SourceRank",
    "SourceText",
    "UnmappedKey",
    "Upload",
    "UploadPart",
    "UploadedFile",
    "WorkRequest",
]
