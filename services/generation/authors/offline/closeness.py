"""How near two phrases are: by their vectors where those are known, by their words otherwise."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Sequence

from services.generation.authors.offline.words import likeness, stems

_MOST_KEPT = 4000
_BATCH = 32


class Closeness:
    def __init__(self) -> None:
        self._vectors: OrderedDict[str, list[float]] = OrderedDict()

    def __call__(self, a: str, b: str) -> float:
        """0..1. Vectors are normalised, so their product is the cosine."""
        one, other = self._vectors.get(a), self._vectors.get(b)
        if one is None or other is None:
            return likeness(stems(a, 'en'), stems(b, 'en'))
        return max(0.0, sum(x * y for x, y in zip(one, other, strict=True)))

    async def learn(self, embed: Callable[[Sequence[str]], Awaitable[list[list[float]]]], texts: Iterable[str]) -> None:
        new = [text for text in dict.fromkeys(texts) if text not in self._vectors]
        for i in range(0, len(new), _BATCH):
            batch = new[i : i + _BATCH]
            self._vectors.update(zip(batch, await embed(batch), strict=True))
        while len(self._vectors) > _MOST_KEPT:
            self._vectors.popitem(last=False)
