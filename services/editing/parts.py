"""The services of this package, made together."""

from dataclasses import dataclass

from services.bus import Bus
from services.editing.locks import LockService
from services.editing.pasting import PasteService
from services.editing.presence import PresenceService
from services.editing.together import MergeService
from services.editing.unsaved import UnsavedService
from services.work import Gate


@dataclass(frozen=True, kw_only=True)
class Editing:
    unsaved: UnsavedService
    locks: LockService
    here: PresenceService
    merges: MergeService
    pastes: PasteService


def build(gate: Gate, bus: Bus) -> Editing:
    return Editing(
        unsaved=UnsavedService(gate),
        locks=LockService(gate),
        here=PresenceService(gate, bus),
        merges=MergeService(gate),
        pastes=PasteService(gate),
    )
