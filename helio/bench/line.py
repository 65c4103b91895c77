"""One measured figure, printed as one JSON object."""

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Line:
    """A figure, the floor it is held against, and the work that was done.

    ``ratio`` is value / floor: 1 is as fast as the bare work, whatever the machine. For rates
    (unit ``.../s``) it is floor's share reached, so more is better there.
    """

    name: str
    value: float
    unit: str
    floor: float | None
    work: str

    @property
    def ratio(self) -> float | None:
        """Value against floor, None where a figure has no floor."""
        return self.value / self.floor if self.floor else None

    def as_json(self) -> str:
        """The line as printed by ``make bench``."""
        body = asdict(self) | {"ratio": self.ratio}
        rounded = {
            key: round(value, 4) if isinstance(value, float) else value
            for key, value in body.items()
        }
        order = ("name", "value", "unit", "floor", "ratio", "work")
        return json.dumps({key: rounded[key] for key in order})
