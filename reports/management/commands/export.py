"""``manage.py export``: the same export as the page's button, under a person's rights."""

import datetime as dt
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.exceptions import BadRequest
from django.core.management.base import BaseCommand, CommandError

from helio.accounts.models import User
from helio.pages import parameters
from helio.rls.identity import acting_as
from helio.rls.middleware import one_state
from reports.exports import actions, catalogue
from reports.exports.actions import Issued
from reports.exports.files import manifest_bytes
from reports.exports.manifest import manifest as described
from reports.exports.request import FORMATS, PROFILES, ExportRefusedError, check


class Command(BaseCommand):
    help = "Exports a report as a person would: under their rights, registered and audited."

    def add_arguments(self, parser: ArgumentParser) -> None:
        reports = [*catalogue.REPORTS, catalogue.COMPLIANCE_PACK]
        parser.add_argument("report", choices=reports)
        parser.add_argument("--user", required=True, help="under whose rights")
        parser.add_argument("--portfolio", action="append", default=[], metavar="CODE")
        parser.add_argument("--from", dest="start", type=dt.date.fromisoformat, metavar="DAY")
        parser.add_argument("--as-of", type=dt.date.fromisoformat, metavar="DAY")
        parser.add_argument("--known-at", type=_moment, metavar="TIME")
        parser.add_argument("--format", choices=FORMATS, default="csv")
        parser.add_argument("--profile", choices=PROFILES, default="plain")
        parser.add_argument(
            "--in-one", action="store_true", help="the portfolios as one, in the reporting currency"
        )
        parser.add_argument("--out", required=True, type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        person = User.objects.filter(username=options["user"], is_active=True).first()
        if person is None:
            raise CommandError(f"There is no active person named {options['user']}.")
        out: Path = options["out"]
        if not out.is_dir() and not out.parent.is_dir():
            raise CommandError(f"The folder {out.parent} does not exist.")
        try:
            issued = _export(person, options)
        except ExportRefusedError as refused:
            raise CommandError(str(refused)) from None
        path = out / issued.file.name if out.is_dir() else out
        path.write_bytes(issued.file.content)
        manifest = path.with_name(f"{path.name}.manifest.json")
        manifest.write_bytes(manifest_bytes(described(issued.record)))
        self.stdout.write(
            f"Export {issued.record.number}: {issued.record.rows} rows at version "
            f"{issued.record.version_number}, {path} and {manifest.name}"
        )


def _export(person: User, options: dict[str, Any]) -> Issued:
    with one_state(repeatable=False), acting_as(person):
        if options["report"] == catalogue.COMPLIANCE_PACK and not person.has_role("auditor"):
            raise ExportRefusedError("The compliance pack is for auditors.")
        wanted = check(
            report=options["report"],
            reports=[*catalogue.REPORTS, catalogue.COMPLIANCE_PACK],
            codes=options["portfolio"],
            start=options["start"],
            as_of=options["as_of"],
            known_at=options["known_at"],
            format=options["format"],
            profile=options["profile"],
            in_one=person.reporting_currency if options["in_one"] else "",
        )
        return actions.export(wanted=wanted, by=person)


def _moment(text: str) -> dt.datetime:
    try:
        moment = parameters.moment(text, "--known-at")
    except BadRequest as told:
        raise ArgumentTypeError(str(told)) from None
    if moment is None:
        raise ArgumentTypeError("Say when, as 2025-10-31T18:00Z, or leave it out.")
    return moment
