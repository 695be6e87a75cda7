"""The time of day, always in UTC and always with its zone."""

from datetime import UTC, datetime


def now() -> datetime:
    return datetime.now(UTC)
