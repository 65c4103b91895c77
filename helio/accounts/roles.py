"""The six roles, each a Django group, and the one place that names them."""

from typing import Final

ANALYST: Final = "analyst"
MANAGER: Final = "manager"
EXECUTIVE: Final = "executive"
AUDITOR: Final = "auditor"
OPERATIONS: Final = "operations"
ADMINISTRATOR: Final = "administrator"

ROLES: Final = (ANALYST, MANAGER, EXECUTIVE, AUDITOR, OPERATIONS, ADMINISTRATOR)

# Given by one administrator and approved by another: helio/rls/sql/095_role_request.sql.
TAKE_TWO: Final = (ADMINISTRATOR, AUDITOR)

# The order in which a person with several roles is greeted by a dashboard.
DASHBOARD_ORDER: Final = (
    EXECUTIVE,
    MANAGER,
    ANALYST,
    AUDITOR,
    OPERATIONS,
    ADMINISTRATOR,
)
