"""The people of the demo: one for each seat of the firm, with the access their seat needs."""

from dataclasses import dataclass
from typing import Final

from helio.accounts import roles


@dataclass(frozen=True)
class DemoPerson:
    """A demo sign-in: name, role, team, and the portfolios they may view or manage."""

    username: str
    role: str
    team: str = ""
    views: tuple[str, ...] = ()
    manages_desk: str = ""

    @property
    def staff(self) -> bool:
        """True for those who work in the admin."""
        return self.role in (roles.MANAGER, roles.ADMINISTRATOR)


NEW_YORK, LONDON, TOKYO = "New York", "London", "Tokyo"

PEOPLE: Final = (
    DemoPerson(
        "analyst1",
        roles.ANALYST,
        NEW_YORK,
        ("HA-01", "HA-02", "HA-03", "HA-04", "HA-11"),
    ),
    DemoPerson("analyst2", roles.ANALYST, NEW_YORK, ("HA-01", "HA-04")),
    DemoPerson("analyst3", roles.ANALYST, NEW_YORK, ("HA-02", "HA-03")),
    DemoPerson("analyst4", roles.ANALYST, NEW_YORK, ("HA-11",)),
    DemoPerson("analyst5", roles.ANALYST, LONDON, ("HA-05", "HA-06", "HA-08", "HA-09", "HA-13")),
    DemoPerson("analyst6", roles.ANALYST, LONDON, ("HA-07", "HA-10")),
    DemoPerson("analyst7", roles.ANALYST, LONDON, ("HA-05", "HA-15")),
    DemoPerson("analyst8", roles.ANALYST, LONDON, ("HA-08", "HA-13")),
    DemoPerson("analyst9", roles.ANALYST, TOKYO, ("HA-12", "HA-14", "HA-16")),
    DemoPerson("analyst10", roles.ANALYST, TOKYO, ("HA-12", "HA-16")),
    DemoPerson("analyst11", roles.ANALYST, TOKYO, ("HA-14",)),
    DemoPerson("analyst12", roles.ANALYST, TOKYO),
    DemoPerson("manager1", roles.MANAGER, NEW_YORK, manages_desk=NEW_YORK),
    DemoPerson("manager2", roles.MANAGER, LONDON, manages_desk=LONDON),
    DemoPerson("manager3", roles.MANAGER, TOKYO, manages_desk=TOKYO),
    DemoPerson("executive1", roles.EXECUTIVE),
    DemoPerson("auditor1", roles.AUDITOR),
    DemoPerson("operations1", roles.OPERATIONS),
    DemoPerson("operations2", roles.OPERATIONS),  # mappings need a second person
    DemoPerson("admin", roles.ADMINISTRATOR),
    DemoPerson("admin2", roles.ADMINISTRATOR),  # some roles need a second person
)
