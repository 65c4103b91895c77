"""Names the live pages share between processes, each written once."""

from typing import Final

# The channel layer group that every hub (one per web process) listens to.
HUB_GROUP: Final = "live.hub"

# Types of the hints sent to the group. A hint carries numbers only; the truth is in PostgreSQL.
VERSION_HINT: Final = "live.version"
ACCESS_HINT: Final = "live.access"

# Close codes that the client does not reconnect on.
CLOSE_SIGNED_OUT: Final = 4401
CLOSE_ACCESS_ENDED: Final = 4403
CLOSE_UNKNOWN_PAGE: Final = 4404
