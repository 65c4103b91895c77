"""Mistakes in [fetch], schedule and [retention] are told with file, key and what is allowed."""

import pytest

from ingestion.definition.load import load_text
from ingestion.definition.section import BadDefinition
from ingestion.pipeline.definitions import SHIPPED

VENDOR = (SHIPPED / "vendor.toml").read_text()
HTTP = '[fetch]\nway = "http"\nurl = "https://vendor.example/q"\n'
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA=="
SFTP = f'[fetch]\nway = "sftp"\nhost = "h"\nuser = "u"\nhost_key = "{KEY}"\nkey = "k"\n'
SQL = '[fetch]\nway = "sql"\ndatabase = "d"\nquery = "SELECT 1"\nname = "{time}.json"\n'


def mistakes(more: str, schedule: str = 'every = "1 day"') -> str:
    text = VENDOR.replace('schedule = { every = "1 day"', f"schedule = {{ {schedule}")
    with pytest.raises(BadDefinition) as refusal:
        load_text(f"{text}\n{more}", "vendor.toml")
    return "\n".join(refusal.value.sentences)


@pytest.mark.parametrize("fetch", [HTTP, SFTP, SQL])
def test_each_way_is_taken_with_the_least_it_needs(fetch):
    assert load_text(f"{VENDOR}\n{fetch}", "vendor.toml").fetch is not None


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ('[fetch]\nway = "ftp"', "vendor.toml: fetch.way is 'ftp'; allowed: http, sftp, sql."),
        (HTTP.replace("https://", "gopher://"), "fetch.url must be a whole address that starts"),
        (HTTP.replace("vendor.", "me:pw@vendor."), "fetch.url must not hold a password; name a"),
        (HTTP + 'secret = "Bearer abc.def"', "fetch.secret must be the name of a secret"),
        (HTTP + 'name = "quotes.xml"', "fetch.name is 'quotes.xml', which no [[file]] takes"),
        (HTTP + 'page = { kind = "next" }', "fetch.page.path is missing."),
        (HTTP + 'page = { kind = "pages" }', "allowed: none, link_header, next, cursor, number."),
        (HTTP + 'limit = "2 hours"', "fetch.limit is too long; write at most '45 minutes'."),
        (HTTP + "attempts = 0", "fetch.attempts is 0; write a whole number from 1 to 10."),
        (HTTP + "atempts = 2", "fetch.atempts is an unknown key; did you mean 'attempts'?"),
        (SFTP.replace('key = "k"\n', ""), "fetch.host_key must be the server's public key"),
        (SFTP.replace('\nkey = "k"', ""), "fetch.key is missing; name a secret in 'key'"),
        (SQL.replace("SELECT 1", "SELECT :mark"), "fetch.mark is missing; write mark = {"),
        (SQL + 'mark = { column = "x", start = 1 }', "fetch.query needs the parameter :mark"),
        ('[retention]\nbytes = "3 days"', "at least '30 days'."),
    ],
)
def test_a_mistake_is_told_with_its_remedy(more, sentence):
    if "public key" in sentence:
        more = SFTP.replace(KEY, "AA:BB:CC")
    assert sentence in mistakes(more)


@pytest.mark.parametrize(
    ("schedule", "sentence"),
    [
        ('at = "7 am"', "source.schedule.at is '7 am'; write a local time like '18:30'."),
        ('at = "07:00", zone = "Mars"', "zone is 'Mars'; write a time zone like 'Europe/London'."),
        ('on = "Tuesdays"', "allowed: days, weekdays, or an exchange such as XLON."),
        ('at = "07:00", every = "1 day"', "every and 'at' exclude each other"),
    ],
)
def test_a_time_rule_is_checked(schedule, sentence):
    assert sentence in mistakes("", schedule)


def test_how_long_bytes_are_kept():
    def kept(text):
        return load_text(f"{VENDOR}\n{text}", "vendor.toml").keep_bytes_days

    assert kept("") == 2555
    assert kept('[retention]\nbytes = "90 days"') == 90
    assert kept('[retention]\nbytes = "for ever"') is None
