"""What a figure is, and how it is told: `name value unit limit`, with MISS behind a limit that is not kept."""

import json
import math
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

# Gives the figures it names, one after the other; a group that cannot measure raises.
Measure = Callable[[Path], AsyncIterator['Figure']]


@dataclass(frozen=True, kw_only=True)
class Group:
    """Figures that are measured together, on the same server; `names` in the order in which they are printed."""

    names: tuple[str, ...]
    measure: Measure


@dataclass(frozen=True, kw_only=True)
class Figure:
    name: str
    value: float
    unit: str
    most: float | None = None
    least: float | None = None
    note: str = ''  # under which circumstances, for bench.json

    @property
    def limit(self) -> str:
        if self.most is not None:
            return f'<={self.most:g}'
        return f'>={self.least:g}' if self.least is not None else '-'

    @property
    def missed(self) -> bool:
        too_much = self.most is not None and self.value > self.most
        return too_much or (self.least is not None and self.value < self.least)

    @property
    def line(self) -> str:
        return f'{self.name} {rounded(self.value):g} {self.unit} {self.limit}' + (' MISS' if self.missed else '')


def write(figures: Iterable[Figure], path: Path) -> None:
    """Figures measured earlier stay in the file: a run of a few does not throw the others away."""
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = json.loads(path.read_text()) if path.exists() else {}
    for figure in figures:
        kept[figure.name] = {**asdict(figure), 'value': rounded(figure.value), 'missed': figure.missed}
    path.write_text(json.dumps(kept, indent=2) + '\n')


def p95(values: Iterable[float]) -> float:
    """The smallest value that 95 of 100 do not exceed."""
    ordered = sorted(values)
    return ordered[math.ceil(0.95 * len(ordered)) - 1]


def rounded(value: float) -> float:
    return round(value, 0 if value >= 100 else 1 if value >= 10 else 2)
