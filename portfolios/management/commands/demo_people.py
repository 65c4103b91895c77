"""Adds the demo's people and their access to the portfolios that are there."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import Permission
from django.core.management.base import BaseCommand, CommandError

from helio.accounts.models import User
from helio.accounts.set_up import add_person, set_up_role
from portfolios.demo import PEOPLE, DemoPerson
from portfolios.models import Portfolio, PortfolioUserGrant


class Command(BaseCommand):
    """Safe to run again: what is there stays; only the demo password is brought up to date."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.HELIO_DEMO:
            raise CommandError("This installation is no demo (HELIO_DEMO is off).")
        with set_up_role():
            for demo in PEOPLE:
                self._add(demo)
        self.stdout.write(f"{len(PEOPLE)} demo people can sign in.")

    def _add(self, demo: DemoPerson) -> None:
        # A password that was just set needs no look: hashing is slow by design.
        was_there = User.objects.filter(username=demo.username).exists()
        person = add_person(
            username=demo.username,
            password=settings.HELIO_DEMO_PASSWORD,
            role=demo.role,
            staff=demo.staff,
            team=demo.team,
        )
        if was_there and not person.check_password(settings.HELIO_DEMO_PASSWORD):
            person.set_password(settings.HELIO_DEMO_PASSWORD)
            person.save()
        viewed = Portfolio.objects.filter(code__in=demo.views)
        managed = Portfolio.objects.filter(desk__name=demo.manages_desk)
        for codename, portfolios in (
            ("view_portfolio", viewed),
            ("manage_portfolio", managed),
        ):
            permission = Permission.objects.get(codename=codename)
            for portfolio in portfolios:
                PortfolioUserGrant.objects.get_or_create(
                    user=person,
                    content_object=portfolio,
                    permission=permission,
                    defaults={"reason": "Demo"},
                )
