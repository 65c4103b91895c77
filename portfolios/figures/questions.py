"""Questions about all portfolios: asked once, answered once by the worker, the oldest forgotten."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

from django.db import IntegrityError, models, transaction

from helio.rls.middleware import one_state
from portfolios.figures.then.cut import NotKnown
from portfolios.models.firm_then import Question

Q = TypeVar("Q", bound=Question)

# Older ones are computed again when somebody asks.
KEPT: Final = 30


def ask(kind: type[Q], *, by: int, **question: Any) -> Q | None:
    """The question, new or as it was; the worker takes it from there."""
    try:
        with transaction.atomic():
            return kind.objects.create(**question, asked_by_id=by)
    except IntegrityError:
        return kind.objects.filter(**question).first()


def answer_asked(kind: type[Q], compute: Callable[[int], object]) -> int:
    """Compute every question that waits, as the worker; returns how many there were."""
    waiting = kind.objects.filter(state=Question.State.ASKED).order_by("asked_at")
    ids = list(waiting.values_list("pk", flat=True))
    for pk in ids:
        compute(pk)
    return len(ids)


def answer(
    kind: type[Q],
    pk: int,
    tell: Callable[[Q], None],
    *rows: models.Manager[Any],
    of: str,
) -> Question.State | None:
    """The state that a question ends in once it was told; None when it does not wait.

    One transaction sees one state of the facts. Delivered twice, the second finds nothing to do.
    ``rows`` are those that an answer may have, ``of`` their field that names its question.
    """
    with one_state():
        question = kind.objects.filter(pk=pk, state=Question.State.ASKED).first()
        if question is None:
            return None
        question.state, question.sentence = Question.State.READY, ""
        try:
            tell(question)
        except NotKnown as missing:
            question.state, question.sentence = Question.State.FAILED, str(missing)
        question.save()
        settled = kind.objects.exclude(state=Question.State.ASKED).order_by("-asked_at", "-pk")
        oldest = list(settled.values_list("pk", flat=True)[KEPT:])
        for each in rows:
            each.filter(**{f"{of}__in": oldest}).delete()
        kind.objects.filter(pk__in=oldest).delete()
    return Question.State(question.state)
