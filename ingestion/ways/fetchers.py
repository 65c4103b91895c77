"""What does the work of each way; imported by workers and commands only."""

from collections.abc import Callable
from typing import Any

from ingestion.ways.http_api import fetch as http_api
from ingestion.ways.sftp import fetch as sftp
from ingestion.ways.sql_query import fetch as sql_query
from ingestion.ways.visit import Fetched, Visit

FETCHERS: dict[str, Callable[[Any, Visit], Fetched]] = {
    "http": http_api.fetch,
    "sftp": sftp.fetch,
    "sql": sql_query.fetch,
}
