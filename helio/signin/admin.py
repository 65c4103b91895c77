"""What an administrator does about another person's sign-in, added to the list of people."""

from django.contrib import admin, messages
from django.db import connection
from django.db.models import QuerySet
from django.http import HttpRequest

from helio.accounts.models import User
from helio.accounts.refusals import refusals_in_words

RESET = "SELECT security.reset_second_factor(%s)"
REFUSED = "Only another administrator may take second factors away. Nothing was changed."


# Whoever may add people: administrators. The database asks again.
@admin.action(description="Take second factors away, and end sessions", permissions=["add"])
def take_second_factors(
    model_admin: admin.ModelAdmin, request: HttpRequest, people: QuerySet[User]
) -> None:
    """For people who lost theirs: they sign in with their password, and add a factor again."""
    with refusals_in_words(REFUSED), connection.cursor() as cursor:
        for one in people:
            cursor.execute(RESET, [one.pk])
    model_admin.message_user(
        request, "The people chosen have no second factor any more.", messages.SUCCESS
    )


people = admin.site.get_model_admin(User)
people.actions = (*(people.actions or ()), take_second_factors)
