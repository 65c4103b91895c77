"""The reports on offer, and the datasets each is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from portfolios.figures import queries
from reports.exports import (
    access_list,
    access_proof,
    attribution,
    bridge,
    contributions,
    exposures,
    performance,
    positions,
    transactions,
)
from reports.exports.dataset import Dataset
from reports.exports.request import Wanted

Build = Callable[[Wanted, queries.Version], Dataset]


@dataclass(frozen=True)
class Report:
    """A report as the page offers it."""

    name: str
    title: str
    words: str
    build: Build


REPORTS: Final = {
    report.name: report
    for report in (
        Report("positions", "Positions", "holdings, values and cost on the day", positions.build),
        Report(
            "performance",
            "Performance",
            "returns by period against the benchmark, and risk",
            performance.build,
        ),
        Report(
            "transactions",
            "Transactions",
            "the ledger between the two days, with its source records",
            transactions.build,
        ),
        Report(
            "exposures",
            "Exposures",
            "value by sector, currency, type, country and issuer on the day",
            exposures.build,
        ),
        Report(
            "bridge",
            "Value bridge",
            "from opening to closing value between the two days: flows and profit by its parts",
            bridge.build,
        ),
        Report(
            "contributions",
            "Contributions",
            "what each listing added to profit and return between the two days",
            contributions.build,
        ),
        Report(
            "attribution",
            "Attribution",
            "the active return between the two days by sector: allocation and selection",
            attribution.build,
        ),
    )
}
COMPLIANCE_PACK: Final = "compliance_pack"
ACCESS_PROOF: Final = "access_proof"


def build(wanted: Wanted, version: queries.Version) -> list[Dataset]:
    """The datasets of what is wanted, read under the identity in force."""
    if wanted.report == COMPLIANCE_PACK:
        reports = [report.build(wanted, version) for report in REPORTS.values()]
        # Who has access is told as of now, whatever was known of the figures when.
        return [*reports, access_list.build(replace(wanted, cut=None), version)]
    if wanted.report == ACCESS_PROOF:
        return access_proof.build_all(wanted, version)
    return [REPORTS[wanted.report].build(wanted, version)]
