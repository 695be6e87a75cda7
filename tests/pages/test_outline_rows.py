"""The outline between the service and the tree: nothing is lost on the way, and changes are told part by part."""

from dataclasses import replace
from uuid import uuid4

from components.outline_edits import LessonRow
from pages.studio.outline_rows import changes_html, parts_of, to_outline, to_rows
from services.generation.outlines import Outline, OutlineLesson, OutlineModule, SourcePage


def test_an_outline_comes_back_from_the_tree_as_it_went() -> None:
    outline = _outline('Hand washing', 'Gloves')
    assert to_outline(to_rows(outline), outline) == outline


def test_a_renamed_lesson_keeps_its_pages_and_passages() -> None:
    outline = _outline('Hand washing')
    [module] = to_rows(outline)
    renamed = replace(module, lessons=(replace(module.lessons[0], title='Clean hands', minutes=12),))
    lesson = to_outline((renamed,), outline).modules[0].lessons[0]
    assert (lesson.title, lesson.minutes) == ('Clean hands', 12)
    assert lesson.passage_ids == outline.modules[0].lessons[0].passage_ids
    assert lesson.pages == outline.modules[0].lessons[0].pages


def test_a_new_lesson_gets_the_same_id_at_every_save() -> None:
    outline = _outline('Hand washing')
    [module] = to_rows(outline)
    rows = (replace(module, lessons=(*module.lessons, LessonRow(id=f'new-{uuid4()}', title='Gloves', minutes=0))),)
    first, second = to_outline(rows, outline), to_outline(rows, outline)
    assert first.hash == second.hash
    assert first.modules[0].lessons[1].minutes == 1, 'a lesson takes a minute at least'


def test_what_came_went_and_changed_is_marked() -> None:
    before = _outline('Hand washing', 'Gloves', 'Pests')
    after = before.model_copy(deep=True)
    after.modules[0].lessons[0].title = 'Hand hygiene'
    after.modules[0].lessons[1].minutes = 25
    after.modules[0].lessons[2] = OutlineLesson(title='Waste <bins>', minutes=5)
    html = changes_html(before, after)
    assert '<del>washing</del>' in html
    assert '<ins>hygiene</ins>' in html
    assert '<ins>25</ins>' in html
    assert '<ins>Waste &lt;bins&gt;</ins>' in html
    assert '<del>Pests</del>' in html


def test_a_lesson_that_moved_says_where_it_was() -> None:
    before = _outline('Hand washing', 'Gloves', 'Pests')
    after = before.model_copy(deep=True)
    after.modules[0].lessons.insert(0, after.modules[0].lessons.pop())
    html = changes_html(before, after)
    assert '1.1 Pests <span class="cw-meta">was 1.3</span>' in html
    assert 'Gloves' not in html


def test_modules_that_came_went_moved_or_were_renamed_are_marked() -> None:
    before = Outline(title='Kitchen', modules=[OutlineModule(title=title) for title in ('Hands', 'Pests', 'Waste')])
    after = before.model_copy(deep=True)
    after.modules = [after.modules[1], after.modules[0], OutlineModule(title='Heat')]
    after.modules[1].title = 'Clean hands'
    html = changes_html(before, after)
    assert '1 Pests <span class="cw-meta">was 2</span>' in html
    assert '<ins>Clean hands</ins>' in html
    assert '<ins>Heat</ins>' in html
    assert '<del>Waste</del>' in html


def test_a_new_lesson_is_the_same_part_once_it_is_stored() -> None:
    outline = _outline('Hand washing')
    [module] = to_rows(outline)
    rows = (replace(module, lessons=(*module.lessons, LessonRow(id=f'new-{uuid4()}', title='Gloves', minutes=5))),)
    assert parts_of(to_rows(to_outline(rows, outline))) == parts_of(rows)


def test_nothing_changed_says_so() -> None:
    outline = _outline('Hand washing')
    assert 'Nothing changed' in changes_html(outline, outline)


def _outline(*titles: str) -> Outline:
    page = SourcePage(document_id=uuid4(), document_name='Handbook', page=4)
    lessons = [
        OutlineLesson(title=title, minutes=10, objectives=[f'do {title}'], passage_ids=[uuid4()], pages=[page])
        for title in titles
    ]
    return Outline(title='Kitchen', modules=[OutlineModule(title='Hygiene', objectives=['be clean'], lessons=lessons)])
