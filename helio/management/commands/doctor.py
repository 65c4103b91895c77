"""`manage.py doctor`: proves roles, rights and row security on a live installation."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from helio import doctor


class Command(BaseCommand):
    """Prints each finding; fails when one of them is a fault."""

    help = "Checks roles, rights, secured relations, versions, settings and freshness."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        faults = 0
        for finding in doctor.findings():
            faults += finding.level == doctor.FAULT
            style = {
                doctor.FAULT: self.style.ERROR,
                doctor.WARNING: self.style.WARNING,
                doctor.SOUND: self.style.SUCCESS,
            }[finding.level]
            self.stdout.write(style(f"{finding.level:<8}{finding.about}: {finding.sentence}"))
        if faults:
            raise CommandError(f"{faults} faults.")
