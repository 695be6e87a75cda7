"""The services of this package, made together."""

from services.ai.authors import Authors
from services.bus import Bus
from services.chat.answering import Answering
from services.chat.service import ChatService
from services.durable import Durable
from services.knowledge.index import Index
from services.revocation import Revocation
from services.work import Gate


def build(
    gate: Gate, durable: Durable, bus: Bus, revocation: Revocation, authors: Authors, index: Index
) -> ChatService:
    answering = Answering(gate, bus, authors, index)
    durable.register('chat', answering.run, on_failure=answering.failed, at_once=8)
    revocation.register('chat', answering.still_allowed, answering.failed)
    return ChatService(gate, durable, bus)
