"""Every page refuses what it does not understand: walked from the links that people have."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import Resolver404, resolve
from lxml import html

from helio.accounts.models import User

SEATS = ("auditor1", "operations1", "manager1", "executive1")
# The admin sends an unknown filter away itself; the rest answers no questions by address.
ELSEWHERE = ("/admin/", "/accounts/", "/static/")
MOST_PAGES = 60
LINKS = "//a/@href | //@hx-get | //form[@method='get']/@action"


def links(page: bytes, here: str) -> Iterator[str]:
    """Addresses on this site that a page links to."""
    for link in html.fromstring(page).xpath(
        "//a/@href | //@hx-get | //form[@method='get']/@action"
    ):
        if link.startswith("?"):
            link = here + link
        if link.startswith("/") and not link.startswith(("//", *ELSEWHERE)):
            yield link


def pages(client: Client) -> dict[str, str]:
    """One address of each view that the person's links lead to, by the view's name."""
    found: dict[str, str] = {}
    waiting = ["/", "/portfolios/", "/reports/"]
    while waiting and len(found) < MOST_PAGES:
        path = urlsplit(waiting.pop(0)).path
        try:
            name = resolve(path).view_name
        except Resolver404:
            continue
        if name in found:
            continue
        answer = client.get(path)
        found[name] = path
        if answer.status_code == 302:
            waiting.append(answer["Location"])
        elif answer.status_code == 200 and "text/html" in answer["Content-Type"]:
            waiting.extend(links(answer.content, path))
    return found


@pytest.mark.parametrize("seat", SEATS)
def test_no_page_shows_something_else_than_it_was_asked_for(alpha: str, seat: str) -> None:
    client = Client()
    client.force_login(User.objects.get(username=seat))
    walked = pages(client)
    assert len(walked) > 5, walked
    lenient = []
    for name, path in walked.items():
        if client.get(path).status_code != 200:
            continue
        for question in ("colour=red", "sort=colour", "page=nine"):
            answer = client.get(f"{path}?{question}")
            if answer.status_code != 400 or b"<h1" not in answer.content:
                lenient.append((name, question, answer.status_code))
    assert lenient == []
