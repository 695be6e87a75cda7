"""Vectors from the letters of words: equal texts are near, and nothing has to be loaded."""

import hashlib
import math
from collections.abc import Sequence


class LetterEmbedder:
    model = 'letters'
    dimensions = 384

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        return [self._vector(text) for text in texts]

    async def close(self) -> None:
        """Nothing is held."""

    def _vector(self, text: str) -> list[float]:
        vector = [0.001] * self.dimensions
        for word in text.lower().split():
            vector[int(hashlib.md5(word.encode(), usedforsecurity=False).hexdigest(), 16) % self.dimensions] += 1.0
        length = math.sqrt(sum(value * value for value in vector))
        return [value / length for value in vector]
