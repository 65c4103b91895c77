"""Makes the first administrator, who then adds everybody else in the admin."""

import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from helio.accounts.roles import ADMINISTRATOR
from helio.accounts.set_up import add_person, set_up_role


class Command(BaseCommand):
    """``create_administrator NAME`` asks for the password, or reads it with --password-stdin."""

    help = __doc__

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("username")
        parser.add_argument("--password-stdin", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        password = input() if options["password_stdin"] else getpass.getpass("Password: ")
        try:
            validate_password(password)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        with set_up_role():
            add_person(
                username=options["username"],
                password=password,
                role=ADMINISTRATOR,
                staff=True,
            )
        self.stdout.write(f"{options['username']} may sign in at /admin/ as administrator.")
