"""Names under which parts of a sign-in leave each other word in the session."""

from typing import Final

# Where to after the single sign-on.
NEXT: Final = "helio.sso_next"
# The single sign-on asked for a second factor itself.
FACTOR: Final = "helio.sso_proved_factor"
