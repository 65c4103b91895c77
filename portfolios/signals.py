"""What portfolios announces to whoever listens; it knows none of them."""

from django.dispatch import Signal

# A new version of all figures is committed. Arguments: version (its number).
figures_refreshed = Signal()

# Grants, roles or people changed. Arguments: user_ids (whose access to look at again).
access_changed = Signal()

# A month was closed or reopened. Arguments: period (in words).
period_changed = Signal()
