"""Until when: the end of a review, the word before it, the word when it is late, and the deputy who may decide then.

Told by durable work that the sweep begins, in one transaction with the note that it was told: once, whatever crashes.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from services import clock, mail
from services.durable import step
from services.notifications import notify
from services.reviewing.rules import Rules, rules_of
from services.viewer import POLICY, Permission, Role
from services.work import Gate, Work
from storage import reviewing as rows
from storage.identity import User
from storage.workflows import Review, Workflow

KIND = 'review_deadline'
APPROVERS = frozenset(str(role) for role in Role if Permission.DRAFT_APPROVE in POLICY[role])
_SOON = 'The review of “{subject}” is due soon.'
_LATE = 'The review of “{subject}” is late.'
_DEPUTY = 'The review of “{subject}” is late, and you are the deputy: you may decide now.'


def schedule(review: Review, rules: Rules, *, since: datetime) -> None:
    """Sets the end of the review by the rules, counted from `since`; what is still to come will be told again."""
    review.due_at = moment_after(since, rules.days, working=rules.working_days) if rules.days else None
    review.remind_at = review.due_at and moment_after(review.due_at, -rules.remind_days, working=rules.working_days)
    if review.due_at is None or review.due_at > clock.now():
        review.late_at = None
    if review.remind_at is None or review.remind_at > clock.now():
        review.reminded_at = None


def moment_after(begin: datetime, days: int, *, working: bool) -> datetime:
    """So many days later, or earlier where `days` is negative; where only working days count, weekends pass."""
    moment, left = begin, abs(days)
    while left:
        moment += timedelta(days=1 if days > 0 else -1)
        left -= 1 if not working or moment.weekday() < 5 else 0
    return moment


class Deadlines:
    """`address` is where people open the platform."""

    def __init__(self, gate: Gate, *, address: str) -> None:
        self._gate = gate
        self._address = address.rstrip('/')

    async def run(self, organization_id: UUID, review_id: UUID, run: int) -> None:
        await step('tell', self.tell, organization_id, review_id, run)

    async def failed(self, organization_id: UUID, review_id: UUID, run: int, reason: str) -> None:
        """The next sweep tries again, under another name."""
        async with self._gate.platform(organization_id) as work:
            review = await work.get(Review, review_id, lock=True)
            if review.deadline_run == run:
                review.deadline_run = run + 1
                work.add(review)

    async def tell(self, organization_id: UUID, review_id: UUID, run: int) -> None:
        """What is owed for this review now, if it still is."""
        async with self._gate.platform(organization_id) as work:
            review = await work.get(Review, review_id, lock=True)
            if review.status != 'waiting' or review.deadline_run != run:
                return
            review.deadline_run = run + 1
            workflow = await work.get(Workflow, review.workflow_id)
            moment = clock.now()
            if review.due_at is not None and review.due_at <= moment and review.late_at is None:
                review.late_at = moment
                review.reminded_at = review.reminded_at or moment
                await self._say_late(work, workflow, review)
            elif review.remind_at is not None and review.remind_at <= moment and review.reminded_at is None:
                review.reminded_at = moment
                await self._remind(work, workflow, review)
            work.add(review)
            work.changed(f'reviews:{organization_id}', f'workflow:{workflow.id}')

    async def _remind(self, work: Work, workflow: Workflow, review: Review) -> None:
        people, _deputies = await self._concerned(work, workflow, review)
        await self._tell(work, workflow, review, people, _SOON, 'Nobody has decided yet.')

    async def _say_late(self, work: Work, workflow: Workflow, review: Review) -> None:
        people, deputies = await self._concerned(work, workflow, review)
        instead = ', '.join(person.full_name for person in deputies)
        others = f'From now on {instead} may decide too, as deputy.' if instead else 'You can still decide.'
        await self._tell(work, workflow, review, people, _LATE, others)
        await self._tell(work, workflow, review, deputies, _DEPUTY, 'Whoever decides first, decides.')
        told = {person.id for person in (*people, *deputies)}
        await notify(work, {workflow.created_by} - told, _LATE, subject=workflow.title, path=f'/studio/{workflow.id}')

    async def _concerned(self, work: Work, workflow: Workflow, review: Review) -> tuple[list[User], list[User]]:
        """Who still has to decide, and who may do it in their place."""
        rules = await rules_of(work, workflow.course_id)
        may = {person.id: person for person in await rows.holders(work.scope, APPROVERS)}
        done = {one.person_id for one in await rows.approvals_of_review(work.scope, review.id)}
        asked = [seat.user_id for seat in rules.seats] if rules.seats else list(may)
        deputies = dict.fromkeys(seat.deputy_id for seat in rules.seats if seat.deputy_id and seat.user_id not in done)
        own = [may[key] for key in asked if key in may and key not in done]
        return own, [may[key] for key in deputies if key in may and key not in done and key not in asked]

    async def _tell(
        self, work: Work, workflow: Workflow, review: Review, people: Iterable[User], text: str, more: str
    ) -> None:
        path = f'/studio/{workflow.id}'
        for person in people:
            await notify(work, [person.id], text, subject=workflow.title, path=path)
            subject = text.format(subject=workflow.title)
            lines = (
                f'Hello {person.full_name},',
                f'{subject} Its {review.stage} has waited since {_moment(review.created_at, person)}'
                f'{f" and is due on {_moment(review.due_at, person)}" if review.due_at else ""}. {more}',
                f'{self._address}{path}',
            )
            mail.write(work, person.email, subject, '\n\n'.join(lines), user_id=person.id)


def _moment(moment: datetime, person: User) -> str:
    """As the person's clock has it."""
    try:
        zone = ZoneInfo(person.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo('UTC')
    return f'{moment.astimezone(zone):%A, %d %B %Y, %H:%M} ({zone.key})'
