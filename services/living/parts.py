"""The services that keep a course true, made together."""

from dataclasses import dataclass

from services.courses.links import KIND, LinkService
from services.courses.mending import MendingService
from services.durable import Durable
from services.egress import Egress
from services.knowledge.ingestion import Ingestion
from services.living.following import Following
from services.living.ledger import LedgerService
from services.living.service import LivingService
from services.work import Gate


@dataclass(frozen=True, kw_only=True)
class Keeping:
    links: LinkService
    mending: MendingService
    living: LivingService
    ledger: LedgerService


def build(gate: Gate, durable: Durable, egress: Egress, ingestion: Ingestion) -> Keeping:
    links = LinkService(gate, durable, egress)
    durable.register(KIND, links.run, on_failure=links.failed, at_once=1)
    ingestion.after_indexed.append(Following(gate).after_indexed)
    return Keeping(links=links, mending=MendingService(gate), living=LivingService(gate), ledger=LedgerService(gate))
