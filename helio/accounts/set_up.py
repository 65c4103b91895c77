"""First set-up: the first people of an installation, before anybody can sign in to add them."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management.base import CommandError
from django.db import connection, transaction

from helio.accounts.models import Team, User
from helio.accounts.roles import MANAGER


@contextmanager
def set_up_role() -> Iterator[None]:
    """Transaction as the migration role itself, the one that may write people unsigned.

    Raises CommandError when the process is connected as anybody else.
    """
    if settings.DATABASE_ROLE != "migrate":
        raise CommandError("Run this as the migration role (HELIO_DATABASE_ROLE=migrate).")
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE helio_migrate")
        yield


def add_person(
    *, username: str, password: str, role: str, staff: bool = False, team: str = ""
) -> User:
    """The person with that name and role, made when missing; an existing one keeps the password."""
    person, created = User.objects.get_or_create(username=username, defaults={"is_staff": staff})
    if created:
        person.set_password(password)
        person.save()
        person.groups.add(Group.objects.get(name=role))
        if team:
            _join(person, team, leads=role == MANAGER)
    return person


def _join(person: User, name: str, *, leads: bool) -> None:
    """Makes the person a leader or a member of the team, which is made when missing."""
    group, _ = Group.objects.get_or_create(name=name)
    team, _ = Team.objects.get_or_create(group=group)
    if leads:
        team.managers.add(person)
    else:
        person.groups.add(group)
