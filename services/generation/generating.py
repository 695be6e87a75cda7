"""The services that generate outside a course's first making, built together."""

from dataclasses import dataclass

from services.ai.authors import Authors
from services.bus import Bus
from services.durable import Durable
from services.generation.parts import KIND as PART
from services.generation.parts import PartService
from services.generation.parts_run import PartRun
from services.generation.parts_writing import PartWriter
from services.generation.regeneration import KIND as REGENERATION
from services.generation.regeneration import RegenerationService
from services.generation.regeneration_run import RegenerationRun
from services.generation.translation import KIND as TRANSLATION
from services.generation.translation import TranslationService
from services.generation.translation_run import TranslationRun
from services.knowledge.index import Index
from services.revocation import Revocation
from services.work import Gate


@dataclass(frozen=True, kw_only=True)
class Generating:
    regenerations: RegenerationService
    parts: PartService
    translations: TranslationService


def build(gate: Gate, bus: Bus, durable: Durable, revocation: Revocation, authors: Authors, index: Index) -> Generating:
    regenerating = RegenerationRun(gate, bus, authors, index)
    durable.register(REGENERATION, regenerating.run, on_failure=regenerating.failed, at_once=0)
    revocation.register(REGENERATION, regenerating.still_allowed, regenerating.failed)
    writer = PartWriter(gate, authors, index)
    writing = PartRun(gate, bus, writer)
    durable.register(PART, writing.run, on_failure=writing.failed, at_once=2)
    revocation.register(PART, writing.still_allowed, writing.failed)
    translating = TranslationRun(gate, authors)
    durable.register(TRANSLATION, translating.run, on_failure=translating.failed, at_once=2)
    revocation.register(TRANSLATION, translating.still_allowed, translating.failed)
    return Generating(
        regenerations=RegenerationService(gate, durable),
        parts=PartService(gate, durable, writer),
        translations=TranslationService(gate, durable, authors),
    )
