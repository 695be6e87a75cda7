"""The caps of an organisation: a call holds what it may cost before it is made, and pays what it did cost after."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.ai.prices import MICROS, Price, price
from services.clock import now
from services.errors import PlatformError
from services.notifications import notify
from services.viewer import POLICY, Permission, Role
from services.work import Work
from storage import ai_budget as rows
from storage.ai_budget import AiHold, AiPolicy
from storage.ai_ledger import hold_ledger
from storage.database import Scope
from storage.identity import Organization, members

# Longer than a call with all its attempts takes; a process that died holds no budget beyond that.
HOLD = timedelta(minutes=30)
_WARN_AT = 0.8
_SPENT = {
    ('tokens', 'month'): 'The {limit} tokens of this month are used up. What is written stays. An administrator can '
    'raise the budget under Settings, AI; start it again after that, and it goes on where it stopped.',
    ('tokens', 'day'): 'The {limit} tokens of this day are used up. What is written stays. Start it again tomorrow, or '
    'after an administrator raised the budget under Settings, AI: it goes on where it stopped.',
    ('cost', 'month'): 'The {limit} {currency} of this month are used up. What is written stays. An administrator can '
    'raise the budget under Settings, AI; start it again after that, and it goes on where it stopped.',
    ('cost', 'day'): 'The {limit} {currency} of this day are used up. What is written stays. Start it again tomorrow, '
    'or after an administrator raised the budget under Settings, AI: it goes on where it stopped.',
}
_WARNING = 'Four fifths of the AI budget are used: “{subject}”. Drafting stops when it is used up.'


@dataclass(frozen=True, kw_only=True)
class Cap:
    """`limit` and `spent` in tokens, or in millionths of `currency`."""

    unit: str
    span: str
    limit: int
    spent: int
    currency: str
    resets_on: datetime

    @property
    def share(self) -> float:
        return self.spent / self.limit if self.limit else 1.0

    @property
    def words(self) -> str:
        """'1,000 tokens a day'."""
        unit = 'tokens' if self.unit == 'tokens' else self.currency
        return f'{amount(self.unit, self.limit)} {unit} a {self.span}'


class BudgetSpent(PlatformError):
    status_code = 409
    code = 'budget_spent'

    def __init__(self, cap: Cap) -> None:
        super().__init__(_SPENT[cap.unit, cap.span], limit=amount(cap.unit, cap.limit), currency=cap.currency)


class PriceUnknown(PlatformError):
    status_code = 409
    code = 'price_unknown'

    def __init__(self, model: str) -> None:
        super().__init__(
            'What “{model}” costs is not known, so a cap on costs cannot hold. An administrator can enter its price '
            'under Settings, AI, or set the cap in tokens.',
            model=model,
        )


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Who asks which model for what, and how much it may take at most (read, written)."""

    purpose: str
    provider: str
    model: str
    own_address: bool
    most: tuple[int, int]
    actor_id: UUID | None
    actor: str
    workflow_id: UUID | None
    block_id: UUID | None


def amount(unit: str, value: int) -> str:
    return f'{value:,}' if unit == 'tokens' else f'{value / MICROS:,.2f}'


async def hold(work: Work, asked: Asked) -> AiHold | None:
    """Takes hold of what the call may cost; None: other calls hold the rest, wait for one of them to end.

    So calls at the same time never take more than the caps: only the last one may, where it runs alone.
    Raises BudgetSpent, PriceUnknown.
    """
    scope, at = work.scope, now()
    await hold_ledger(scope)
    policy = await rows.policy_of(scope)
    known = await price(scope, policy, asked.model, own_address=asked.own_address)
    calls, tokens, cost = await rows.held(scope, at)
    most_cost = known.of(*asked.most) if known else 0
    for cap in await caps(scope, policy, at):
        if cap.spent >= cap.limit:
            raise BudgetSpent(cap)
        if cap.unit == 'cost' and known is None:
            raise PriceUnknown(asked.model)
        wanted, others = (sum(asked.most), tokens) if cap.unit == 'tokens' else (most_cost, cost)
        if calls and cap.spent + others + wanted > cap.limit:
            return None
    return work.add(
        AiHold(
            purpose=asked.purpose,
            provider=asked.provider,
            model=asked.model,
            actor_id=asked.actor_id,
            actor=asked.actor,
            workflow_id=asked.workflow_id,
            block_id=asked.block_id,
            tokens=sum(asked.most),
            cost_micros=most_cost,
            ends_at=at + HOLD,
        )
    )


async def caps(scope: Scope, policy: AiPolicy, at: datetime) -> list[Cap]:
    """What is set, with what is spent of it."""
    organization = await scope.tx.get_one(Organization, scope.organization_id)
    month, day = month_began(at), day_began(at)
    limits: tuple[tuple[str, str, int | None], ...] = (
        ('tokens', 'day', policy.daily_tokens),
        ('cost', 'day', policy.daily_cost_micros),
        ('tokens', 'month', organization.ai_monthly_tokens),
        ('cost', 'month', policy.monthly_cost_micros),
    )
    spent: dict[str, tuple[int, int]] = {}
    found = []
    for unit, span, limit in limits:
        if limit is None:
            continue
        if span not in spent:
            spent[span] = await rows.spent_since(scope, month if span == 'month' else day)
        found.append(
            Cap(
                unit=unit,
                span=span,
                limit=limit,
                spent=spent[span][0 if unit == 'tokens' else 1],
                currency=policy.currency,
                resets_on=next_month(month) if span == 'month' else day + timedelta(days=1),
            )
        )
    return found


async def warn(work: Work, before: Sequence[Cap], known: Price | None, tokens: tuple[int, int]) -> None:
    """Tells the administrators once, when these tokens pass four fifths of a cap."""
    for cap in before:
        more = sum(tokens) if cap.unit == 'tokens' else known.of(*tokens) if known else 0
        if cap.limit and cap.share < _WARN_AT <= (cap.spent + more) / cap.limit:
            roles = frozenset(str(role) for role in Role if Permission.ORGANIZATION_MANAGE in POLICY[role])
            people = await members(work.tx, work.scope.organization_id, roles)
            await notify(work, [one.id for one in people], _WARNING, subject=cap.words, path='/settings/ai')


def month_began(at: datetime) -> datetime:
    return at.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def day_began(at: datetime) -> datetime:
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


def next_month(began: datetime) -> datetime:
    return began.replace(year=began.year + began.month // 12, month=began.month % 12 + 1)
