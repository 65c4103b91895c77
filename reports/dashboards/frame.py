"""What stands around every page: navigation, as-of date, version, and the trust strip."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Self

from django.core.exceptions import BadRequest
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from helio.accounts import roles
from helio.pages import parameters
from portfolios.figures import findings as figures_findings
from portfolios.figures import queries
from portfolios.models import MappedShare, Portfolio

THEMES: Final = ("light", "dark", "auto")
THEME_COOKIE: Final = "helio_theme"
GRACE: Final = timedelta(minutes=5)

_SOURCE_NAMES: Final = {
    "custody": "Custody",
    "blotter": "Blotter",
    "vendor": "Market data",
    "reference": "Reference data",
    "crosswalk": "Crosswalk",
}

# Address, words, and the roles that see the link; an empty tuple means everybody.
_LINKS: Final = (
    ("/", "Dashboard", ()),
    ("/portfolios/", "Portfolios", ()),
    ("/reports/", "Reports", ()),
    ("/firm/", "Firm", (roles.EXECUTIVE, roles.AUDITOR)),
    ("/operations/", "Operations", (roles.OPERATIONS, roles.AUDITOR)),
    ("/access/", "Access", (roles.AUDITOR, roles.MANAGER, roles.ADMINISTRATOR)),
    ("/audit/", "Audit", (roles.AUDITOR,)),
    ("/admin/", "Admin", (roles.MANAGER, roles.ADMINISTRATOR)),
)


@dataclass(frozen=True, slots=True)
class Link:
    """An entry of the navigation."""

    path: str
    label: str
    current: bool


@dataclass(frozen=True, slots=True)
class Source:
    """A source system's freshness: its newest input, and when the next one was due."""

    key: str
    label: str
    newest_input_at: datetime | None
    business_date: date | None
    due_at: datetime | None

    def state(self, now: datetime) -> str:
        """``missing`` without any input, ``late`` five minutes beyond schedule, else ``ok``."""
        if self.newest_input_at is None:
            return "missing"
        if self.due_at is not None and now > self.due_at + GRACE:
            return "late"
        return "ok"

    @property
    def state_now(self) -> str:
        """The state at this moment; the page's script keeps it true afterwards."""
        return self.state(timezone.now())

    @property
    def late_at(self) -> datetime | None:
        """The moment from which the source counts as late."""
        return self.due_at + GRACE if self.due_at else None


class Frame:
    """Lazy parts of the frame: a page that shows none of them asks the database nothing."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        # Set by the pages of one portfolio, when its figures of the day are unknown.
        self.unknown: queries.MissingFigures | None = None
        # Set by pages of figures: whether the day's month is closed, and what was restated since.
        self.period: queries.PeriodState | None = None

    @classmethod
    def of(cls, request: HttpRequest) -> Self:
        """The request's one frame, shared by its view and its template."""
        frame: Self | None = getattr(request, "helio_frame", None)
        if frame is None:
            frame = cls(request)
            request.helio_frame = frame  # type: ignore[attr-defined]
        return frame

    @cached_property
    def theme(self) -> str:
        """The chosen colours; ``auto`` follows the person's device."""
        theme = self._request.COOKIES.get(THEME_COOKIE, "auto")
        return theme if theme in THEMES else "auto"

    @property
    def themes(self) -> tuple[str, ...]:
        """All themes on offer."""
        return THEMES

    @cached_property
    def links(self) -> list[Link]:
        """The navigation for this person's roles."""
        person, here = self._request.user, self._request.path
        return [
            Link(path, label, here == path or (path != "/" and here.startswith(path)))
            for path, label, wanted in _LINKS
            if not wanted or person.has_role(*wanted)  # type: ignore[union-attr]
        ]

    @cached_property
    def version(self) -> queries.Version | None:
        """The newest version of all figures, None before the first load."""
        return queries.head()

    @property
    def answers_then(self) -> bool:
        """True on pages that can be asked what was known at a moment."""
        return getattr(self._request, "answers_then", False)

    @cached_property
    def cut(self) -> queries.Cut | None:
        """What was known at the moment that the page was asked for; None for now."""
        known_at = parameters.instant(self._request, "known_at") if self.answers_then else None
        return queries.knowledge_cut(known_at) if known_at and self.version else None

    @property
    def known_at(self) -> datetime | None:
        """The moment whose knowledge the page shows; None for now."""
        return self.cut.known_at if self.cut else None

    @cached_property
    def latest(self) -> date | None:
        """The newest business date that has figures, or had them then."""
        if self.cut is not None:
            return self.cut.days[-1]
        return self.version.as_of if self.version else None

    @cached_property
    def as_of(self) -> date | None:
        """The business date that the page shows."""
        asked = self._request.GET.get("as_of")
        if self.version is None or not asked:
            return self.latest
        try:
            return queries.resolve_as_of(asked, self.cut)
        except queries.NoSuchDay as error:
            raise BadRequest(str(error)) from error

    @property
    def is_latest(self) -> bool:
        """True when the page follows the newest version."""
        return not self._request.GET.get("as_of")

    @cached_property
    def mapped(self) -> MappedShare | None:
        """The share of value mapped, as counted after the newest load."""
        return MappedShare.objects.order_by("-pk").first()

    @cached_property
    def sources(self) -> list[Source]:
        """Freshness of each source in the version shown."""
        if self.version is None:
            return []
        return [source(key, ages) for key, ages in sorted(self.version.source_ages.items())]

    @cached_property
    def findings(self) -> int:
        """How many findings wait that touch what is shown: a portfolio, or the whole perimeter."""
        return figures_findings.waiting_count(self._portfolio_ids)

    @property
    def _portfolio_ids(self) -> list[int] | None:
        match = self._request.resolver_match
        code = match.kwargs.get("code") if match else None
        if code is None:
            return None
        return list(Portfolio.objects.filter(code=code).values_list("pk", flat=True))

    @property
    def findings_path(self) -> str:
        """Where to read the findings: the portfolio's, operations', or one's own."""
        match = self._request.resolver_match
        if match and "code" in match.kwargs:
            return reverse("findings-of", args=[match.kwargs["code"]])
        if self._request.user.has_role(roles.OPERATIONS):  # type: ignore[union-attr]
            return reverse("operations:findings")
        return reverse("findings")

    @property
    def late_sources(self) -> list[Source]:
        """Sources that are late or missing at this moment."""
        now = timezone.now()
        return [source for source in self.sources if source.state(now) != "ok"]


def source(key: str, ages: dict[str, str | None]) -> Source:
    """A source's freshness out of a version's ``source_ages`` entry."""
    return Source(
        key=key,
        label=_SOURCE_NAMES.get(key, key.replace("_", " ").capitalize()),
        newest_input_at=_instant(ages.get("newest_input_at")),
        business_date=_date(ages.get("business_date")),
        due_at=_instant(ages.get("due_at")),
    )


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def frame(request: HttpRequest) -> dict[str, Frame]:
    """Context processor: ``frame`` in every template."""
    return {"frame": Frame.of(request)}
