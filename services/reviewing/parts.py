"""The services of this package, made together."""

from dataclasses import dataclass

from services.durable import Durable
from services.reviewing.deadlines import KIND, Deadlines
from services.reviewing.lists import ReviewListService
from services.reviewing.reviewers import ReviewerService
from services.reviewing.settings import ReviewSettingsService
from services.reviewing.timeline import TimelineService
from services.work import Gate


@dataclass(frozen=True, kw_only=True)
class Reviewing:
    reviewers: ReviewerService
    review_settings: ReviewSettingsService
    review_lists: ReviewListService
    timeline: TimelineService


def build(gate: Gate, durable: Durable, *, address: str) -> Reviewing:
    """`address` is where people open the platform."""
    deadlines = Deadlines(gate, address=address)
    durable.register(KIND, deadlines.run, on_failure=deadlines.failed, at_once=2)
    return Reviewing(
        reviewers=ReviewerService(gate),
        review_settings=ReviewSettingsService(gate),
        review_lists=ReviewListService(gate),
        timeline=TimelineService(gate),
    )
