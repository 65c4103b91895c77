"""Ways: how a source's files reach landing, one folder a way with all it needs.

Here only their options are named, so that a definition can be checked; what does the work is
imported by ``ways.fetchers``.
"""

from ingestion.ways.http_api import options as http_api
from ingestion.ways.sftp import options as sftp
from ingestion.ways.sql_query import options as sql_query

# A way is a module with parse_options(section).
WAYS = {"http": http_api, "sftp": sftp, "sql": sql_query}

__all__ = ["WAYS"]
