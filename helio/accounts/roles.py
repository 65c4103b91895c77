"""The six roles, each a Django group, and the one place that names them."""

from typing import Final

ANALYST: Final = "analyst"
MANAGER: Final = "manager"
EXECUTIVE: Final = "executive"
AUDITOR: Final = "auditor"
OPERATIONS: Final = "operations"
ADMINISTRATOR: Final = "administrator"

ROLES: Final = (ANALYST, MANAGER, EXECUTIVE, AUDITOR, OPERATIONS, ADMINISTRATOR)

# The order in which a person with several roles is greeted by a dashboard.
DASHBOARD_ORDER: Final = (
    EXECUTIVE,
    MANAGER,
    ANALYST,
    AUDITOR,
    OPERATIONS,
    ADMINISTRATOR,
)
