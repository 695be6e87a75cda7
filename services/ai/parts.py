"""The services about models, wired together."""

from dataclasses import dataclass

from services.ai.history import HistoryService
from services.ai.learning import LearningService
from services.ai.ledger import LedgerService
from services.work import Gate


@dataclass(frozen=True, kw_only=True)
class AiDesk:
    """What administrators look at beside the settings."""

    ledger: LedgerService
    history: HistoryService
    learning: LearningService


def build(gate: Gate) -> AiDesk:
    return AiDesk(ledger=LedgerService(gate), history=HistoryService(gate), learning=LearningService(gate))
