"""What a call costs: an organisation's own price, else the installation's table, else nobody knows."""

import json
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from storage.ai_budget import AiPolicy, price_of
from storage.database import Scope

MICROS = 1_000_000
_TABLE = Path(__file__).with_name('prices.v1.json')
# A model of a certain day costs what the model costs: claude-sonnet-4-5-20250929, gpt-5-2025-08-07.
_DAY = re.compile(r'-(\d{8}|\d{4}-\d\d-\d\d)$')


@dataclass(frozen=True, kw_only=True)
class Price:
    """Millionths of `currency` for a million tokens. `own`: the organisation entered it."""

    model: str
    input_micros: int
    output_micros: int
    currency: str
    own: bool = False

    def of(self, input_tokens: int, output_tokens: int) -> int:
        """Millionths of the currency, rounded up."""
        return -(-(input_tokens * self.input_micros + output_tokens * self.output_micros) // MICROS)


async def price(scope: Scope, policy: AiPolicy, model: str, *, own_address: bool) -> Price | None:
    """None where nobody knows. The table holds for the providers' own addresses and its own currency only."""
    row = await price_of(scope, model)
    if row is not None:
        return Price(
            model=model,
            input_micros=row.input_micros,
            output_micros=row.output_micros,
            currency=policy.currency,
            own=True,
        )
    listed = table().get(_DAY.sub('', model))
    return listed if listed and not own_address and listed.currency == policy.currency else None


@cache
def table() -> dict[str, Price]:
    """The installation's prices by model."""
    kept = json.loads(_TABLE.read_text(encoding='utf-8'))
    return {
        model: Price(
            model=model,
            input_micros=micros(one['input']),
            output_micros=micros(one['output']),
            currency=kept['currency'],
        )
        for model, one in kept['models'].items()
    }


def micros(amount: str | float | Decimal) -> int:
    return int((Decimal(str(amount)) * MICROS).to_integral_value())
