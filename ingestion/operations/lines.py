"""The lines of a landed file beside what became of each."""

from collections import defaultdict
from dataclasses import dataclass, field

from ingestion.models import ExceptionItem, SourceFile, SourceText
from ingestion.operations.lineage import Fact, facts_of_lines

LINES_AROUND = 5
SHOWN_CHARACTERS = 1_000


@dataclass(frozen=True)
class Line:
    """One line as received, with its facts and exceptions."""

    number: int
    text: str
    facts: list[Fact] = field(default_factory=list)
    exceptions: list[ExceptionItem] = field(default_factory=list)

    @property
    def outcome(self) -> str:
        """What became of the line in a word."""
        if any(fact.is_lasting for fact in self.facts):
            return "loaded"
        if self.exceptions:
            return self.exceptions[0].state
        return "superseded" if self.facts else ""

    @property
    def shown(self) -> str:
        """The line as a page shows it; very long ones are cut."""
        if len(self.text) <= SHOWN_CHARACTERS:
            return self.text
        return f"{self.text[:SHOWN_CHARACTERS]}… ({len(self.text):,} characters)"


def lines_of(file: SourceFile, first: int, last: int) -> list[Line]:
    """Some lines of a file with what became of each."""
    facts = facts_of_lines(file.pk, first, last)
    raised: dict[int, list[ExceptionItem]] = defaultdict(list)
    for item in file.exceptions.filter(line_no__range=(first, last)).order_by("id"):
        raised[item.line_no or 0].append(item)
    return [
        Line(number, text, facts.get(number, []), raised.get(number, []))
        for number, text in texts(file, first, last)
    ]


def lines_around(file: SourceFile, line_no: int | None) -> list[tuple[int, str]]:
    """Numbered lines of a file near the one in question, as received."""
    middle = line_no or 1
    return texts(file, max(1, middle - LINES_AROUND), middle + LINES_AROUND)


def texts(file: SourceFile, first: int, last: int) -> list[tuple[int, str]]:
    """Numbered lines of a file as received, without their line ends."""
    found: list[tuple[int, str]] = []
    pieces = SourceText.objects.filter(file=file, last_line__gte=first, first_line__lte=last)
    for piece in pieces.order_by("first_line"):
        found += [
            (number, text.rstrip("\r"))
            for number, text in enumerate(piece.body.split("\n"), piece.first_line)
            if first <= number <= min(last, piece.last_line)
        ]
    return found
