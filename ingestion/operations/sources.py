"""``/operations/sources/<name>/``: one source, its definition, its volume, what came of it."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from helio.accounts.models import User
from helio.pages import parameters, rendering
from helio.pages.live import live_page
from ingestion.models import Batch, ExceptionItem, Source, SourceFile
from ingestion.operations.runs import source_runs
from ingestion.operations.shared import acts, may_read
from ingestion.operations.volume import chart, deliveries, volumes
from ingestion.pipeline.definitions import definition_of
from ingestion.pipeline.ranks import order_of, ranks_of

RECENT: Final = 12


@live_page
@may_read
def source(request: HttpRequest, name: str) -> HttpResponse:
    """One source: definition, kinds of file, volume by day, last batches, exceptions by code."""
    parameters.accept(request)
    found = get_object_or_404(Source, name=name)
    delivered = deliveries([found.pk]).get(found.pk, [])
    bars = chart(delivered)
    context = {
        "source": found,
        "definition": definition_of(found),
        "precedence": [
            (record, rank, order_of(record)) for record, rank in ranks_of(found).items()
        ],
        "volumes": volumes(delivered),
        "bars": bars,
        "bars_newest_first": bars[::-1],
        "batches": Batch.objects.filter(source=found).select_related("source")[:RECENT],
        "files": SourceFile.objects.filter(source=found).order_by("-id")[:RECENT],
        "codes": _by_code(found),
        "may_act": acts(request),
        "runs": source_runs(found, cast(User, request.user)),
    }
    return rendering.page(request, "operations/source.html", context)


def _by_code(found: Source) -> Sequence[Mapping[str, Any]]:
    """Exceptions of the source by code: how many are open, how many there ever were."""
    is_open = Q(state__in=(ExceptionItem.State.HELD, ExceptionItem.State.REJECTED))
    counted = ExceptionItem.objects.filter(source=found).values("code")
    counted = counted.annotate(open=Count("id", filter=is_open), count=Count("id"))
    return list(counted.order_by("-open", "-count", "code"))
