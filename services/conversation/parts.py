"""The services of this package, made together."""

from dataclasses import dataclass

from services.conversation.seen import SeenService
from services.conversation.threads import ThreadService
from services.work import Gate


@dataclass(frozen=True, kw_only=True)
class Conversation:
    threads: ThreadService
    seen: SeenService


def build(gate: Gate) -> Conversation:
    return Conversation(threads=ThreadService(gate), seen=SeenService(gate))
