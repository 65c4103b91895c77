"""Sets somebody's password from outside the pages, where nobody may for a superior."""

import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from helio.accounts.models import User
from helio.accounts.set_up import set_up_role


class Command(BaseCommand):
    """``set_password NAME`` asks for the password, or reads it with --password-stdin."""

    help = __doc__

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("username")
        parser.add_argument("--password-stdin", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        password = input() if options["password_stdin"] else getpass.getpass("Password: ")
        with set_up_role():
            person = User.objects.filter(username=options["username"]).first()
            if person is None:
                raise CommandError(f"There is nobody called {options['username']}.")
            try:
                validate_password(password, person)
            except ValidationError as error:
                raise CommandError(" ".join(error.messages)) from error
            person.set_password(password)
            person.save()
        self.stdout.write(f"{person.username} signs in with the new password from now on.")
