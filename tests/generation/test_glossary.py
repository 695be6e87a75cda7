"""A course's glossary grows from its sources by a person's click, and a search is understood with their words."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from services.errors import Forbidden, InvalidInput, NotFound
from services.language.glossary import SourceOfTerm, Suggestion, TermKnown
from tests.generation.conftest import Studio

HOODS = """# Hoods

A fume hood is a cabinet that draws vapour away. Keep the fume hood shut while nobody works at it.
Personal protective equipment (PPE) is worn whenever a vessel stands open. Wear it properly.
"""
on_sqlite = pytest.mark.parametrize('backend', ['sqlite'], indirect=True)


@on_sqlite
async def test_terms_are_suggested_from_the_sources_accepted_with_their_place_and_known_to_the_search(
    studio: Studio,
) -> None:
    demo, glossary, other = studio.demo, studio.services.glossary, studio.world.other
    document_id = await uploaded(studio)
    workflow = await studio.begin(document_ids=[document_id])
    await studio.until(workflow.id, 'outline')
    course_id = workflow.course_id
    hood, ppe = await glossary.suggestions(demo.instructor, course_id)
    assert (hood.term, hood.found, ppe.term, ppe.definition) == (
        'fume hood', 'defined', 'PPE', 'Personal protective equipment',
    )  # fmt: skip
    added = await glossary.accept(demo.instructor, course_id, hood.term, hood.definition, place(hood))
    assert (added.quote, added.page, added.document_name) == (hood.quote, 1, 'hoods.md')
    with pytest.raises(TermKnown):
        await glossary.accept(demo.instructor, course_id, ' Fume  HOOD ', 'Something else.')
    for wrong in (
        SourceOfTerm(document_id=studio.document_id, page=1, start=0, end=5),  # of the organisation, not of the course
        SourceOfTerm(document_id=document_id, page=1, start=5, end=99_999),
    ):
        with pytest.raises(InvalidInput):
            await glossary.accept(demo.instructor, course_id, 'Sash', 'A window.', wrong)
    for viewer, refusal in ((demo.student, Forbidden), (demo.reviewer, Forbidden), (other.instructor, NotFound)):
        with pytest.raises(refusal):
            await glossary.accept(viewer, course_id, 'Sash', 'A window.')
    await glossary.decline(demo.instructor, course_id, 'PPE')
    assert await glossary.suggestions(demo.instructor, course_id) == []
    assert [term.term for term in await glossary.terms(demo.reviewer, course_id)] == ['fume hood']
    await glossary.remove(demo.instructor, course_id, added.id)
    assert [one.term for one in await glossary.suggestions(demo.instructor, course_id)] == ['fume hood']

    found = await studio.services.lookup.find(demo.instructor, 'vapuor PPE in:hoods type:md')
    assert (found.query.corrected, found.query.expanded) == (
        (('vapuor', 'vapour'),), (('PPE', 'Personal protective equipment'),),
    )  # fmt: skip
    assert {passage.document_id for passage in found.passages} == {document_id}
    for nothing in ('vapour page:7', '"vapour draws"', 'vapour type:pdf'):
        assert (await studio.services.lookup.find(demo.instructor, nothing)).passages == []
    assert (await studio.services.lookup.find(demo.instructor, 'vapuor', exactly=True)).query.corrected == ()
    # whoever may not read documents learns nothing of their words
    assert (await studio.services.language.query(demo.student, 'vapuor PPE')).text == 'vapuor PPE'
    assert (await studio.services.language.query(other.instructor, 'vapuor PPE')).text == 'vapuor PPE'


def place(one: Suggestion) -> SourceOfTerm:
    return SourceOfTerm(document_id=one.document_id, page=one.page, start=one.start, end=one.end)


async def uploaded(studio: Studio) -> object:
    async def pieces() -> AsyncIterator[bytes]:
        yield (HOODS + 'Vapour is drawn away. ').encode()

    document = await studio.services.documents.upload(studio.demo.instructor, 'hoods.md', pieces())
    for _ in range(600):
        document = await studio.services.documents.get(studio.demo.instructor, document.id)
        if document.status in ('indexed', 'failed'):
            break
        await asyncio.sleep(0.05)
    assert document.status == 'indexed', document.error
    return document.id
