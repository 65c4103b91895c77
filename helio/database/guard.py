"""A process refuses to start as a role for which row security would not hold."""

from django.core.exceptions import ImproperlyConfigured

from helio.rls.checks import role_faults


def refuse_unsafe_role() -> None:
    """Raises ImproperlyConfigured, a sentence for each fault, when the role could read around it."""
    if faults := role_faults():
        raise ImproperlyConfigured(" ".join(faults))
