"""What a list is filtered by, as it stands in the address of its page and of its exports."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from urllib.parse import urlencode


def filled(values: Mapping[str, str]) -> str:
    """The part of an address behind its '?': what is empty does not stand there."""
    return urlencode({name: value for name, value in values.items() if value})


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """The fields of a subclass are the names in the address."""

    def at(self, path: str) -> str:
        """The address of the page with these filters."""
        query = filled(asdict(self))
        return f'{path}?{query}' if query else path
