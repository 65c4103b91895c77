"""A process refuses to start as a role for which row security would not hold."""

from django.core.exceptions import ImproperlyConfigured

from helio.rls.checks import role_faults


def refuse_unsafe_role() -> None:
    """Raises ImproperlyConfigured, with a sentence for each fault of this process's role."""
    if faults := role_faults():
        raise ImproperlyConfigured(" ".join(faults))
