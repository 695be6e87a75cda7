import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from services.exports import html
from services.exports.publication import Publication
from services.richtext import sanitise
from tests.exports.conftest import GONE, IMAGE, RICH, SINGLE, block, sample, source, text, with_blocks

CHROMIUM = '/usr/bin/chromium'
MARKER = 'document.documentElement.dataset.hit=1'
PAYLOADS = [
    f'<script>{MARKER}</script>',
    f'"><img src=x onerror={MARKER}>',
    f"'><svg onload={MARKER}>",
    f'</title><script>{MARKER}</script>',
    f'</script><script>{MARKER}</script>',
    f'" autofocus onfocus="{MARKER}" x="',
    '<iframe src="http://canary.invalid/"></iframe>',
    f'<a href="javascript:{MARKER}">x</a>',
    '{{7*7}}${7*7}',
    f'<math><mtext><table><mglyph><style><img src=x onerror={MARKER}>',
]


def unzipped(publication: Publication, folder: Path) -> Path:
    html.write(publication, folder / 'course.zip')
    with zipfile.ZipFile(folder / 'course.zip') as archive:
        archive.extractall(folder / 'course')
    return folder / 'course'


def ledger_of(course: Path) -> dict[str, Any]:
    return json.loads((course / 'course.json').read_text())  # type: ignore[no-any-return]


@pytest.fixture(scope='module')
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=['--no-sandbox', '--disable-gpu', '--disable-background-networking']
        )
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(offline=True)
    yield context.new_page()
    context.close()


def test_rich_text_survives_byte_for_byte(publication: Publication, tmp_path: Path) -> None:
    lesson = (unzipped(publication, tmp_path) / 'lesson-2-1.html').read_text()
    assert sanitise(RICH) == RICH
    for piece in (
        'about <strong>0.5 m/s</strong> and leaves',
        '<tr><td>50 cm</td><td>0.50 m/s</td><td>good</td></tr>',
        '<aside class="callout warning"><p><strong>Never</strong> put your head',
        '<pre><code class="language-python">speed = read(hood)\n'
        "if speed &lt; 0.4:\n    alarm(hood, because='slow air')</code></pre>",
        f'<img src="images/{IMAGE}.png" alt="Side view of a hood with arrows for the air">',
        'data-tex="Q = A \\cdot v"><math display="inline">',
        '<ul><li>two decimals</li><li>with the time</li></ul>',
    ):
        assert piece in lesson


def test_the_same_publication_gives_the_same_bytes(publication: Publication, tmp_path: Path) -> None:
    html.write(publication, tmp_path / 'one.zip')
    html.write(publication, tmp_path / 'two.zip')
    assert (tmp_path / 'one.zip').read_bytes() == (tmp_path / 'two.zip').read_bytes()


def test_no_name_in_the_zip_leaves_its_folder(publication: Publication, tmp_path: Path) -> None:
    html.write(publication, tmp_path / 'course.zip')
    with zipfile.ZipFile(tmp_path / 'course.zip') as archive:
        names = archive.namelist()
    assert names[0] == 'index.html'
    assert not [name for name in names if PurePosixPath(name).is_absolute() or '..' in name or '\\' in name]


def test_a_failed_export_leaves_the_former_file(publication: Publication, tmp_path: Path) -> None:
    target = tmp_path / 'course.zip'
    target.write_bytes(b'former')
    broken = with_blocks(publication, block('x', 'slide', {'title': 'x', 'bullets': 7}))
    with pytest.raises(TypeError):
        html.write(broken, target)
    assert target.read_bytes() == b'former'
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith('.')] == []


def test_every_citation_resolves_to_a_document_page_and_quote(publication: Publication, tmp_path: Path) -> None:
    course = unzipped(publication, tmp_path)
    ledger = ledger_of(course)
    sources = {one['id']: one for one in ledger['sources']}
    blocks = [one for module in ledger['modules'] for lesson in module['lessons'] for one in lesson['blocks']]
    cited = [citation for one in blocks for citation in one['citations']]
    assert cited
    assert set(cited) == sources.keys()
    for one in sources.values():
        assert one['document']
        assert one['end'] - one['start'] == len(one['quote'])
    assert {one['origin'] for one in blocks} == {'ai', 'ai_human', 'human'}
    assert {one['approved_by'] for one in blocks} == {'Hanne Vogt'}


def test_every_page_names_document_page_quote_origin_and_approver(publication: Publication, tmp_path: Path) -> None:
    lesson = (unzipped(publication, tmp_path) / 'lesson-2-1.html').read_text()
    assert 'Chemical Hygiene Handbook v3, p. 31' in lesson
    assert 'and keep vessels at least 15 cm behind it.</mark>' in lesson
    assert 'AI + human · approved by Hanne Vogt' in lesson
    assert 'Human · approved by Hanne Vogt' in lesson


def test_an_image_that_is_gone_and_a_local_link_leave_their_words(publication: Publication, tmp_path: Path) -> None:
    rich = f'<p><img src="/files/{GONE}" alt="A lost hood"> <a href="/courses/1">the course</a></p>'
    lesson = (unzipped(with_blocks(publication, text('x', rich)), tmp_path) / 'lesson-1-1.html').read_text()
    assert 'Image not in this export: A lost hood' in lesson
    assert 'the course' in lesson
    assert '/courses/1' not in lesson


def test_an_unknown_kind_of_block_is_named_and_skipped(publication: Publication, tmp_path: Path) -> None:
    lesson = (unzipped(publication, tmp_path) / 'lesson-2-1.html').read_text()
    assert 'no form for a block of the kind “simulation”' in lesson


def test_a_german_course_speaks_german(publication: Publication, tmp_path: Path) -> None:
    course = unzipped(replace(publication, language='de-CH'), tmp_path)
    index = (course / 'index.html').read_text()
    assert '<html lang="de-CH">' in index
    assert 'Veröffentlicht am 20. November 2025' in index


def test_it_opens_from_a_folder_without_a_network_and_every_link_leads_somewhere(
    publication: Publication, tmp_path: Path, page: Page
) -> None:
    course = unzipped(publication, tmp_path)
    asked: list[str] = []
    failed: list[str] = []
    spoken: list[str] = []
    page.on('request', lambda request: asked.append(request.url))
    page.on('requestfailed', lambda request: failed.append(request.url))
    page.on('console', lambda message: spoken.append(message.text))
    for path in sorted(course.glob('*.html')):
        page.goto(path.as_uri())
        for link in page.locator('a[href]').all():
            href = link.get_attribute('href') or ''
            file, _, fragment = href.partition('#')
            if href.startswith('http'):
                continue
            assert not file or (course / file).is_file(), href
            assert not fragment or page.locator(f'[id="{fragment}"]').count() == 1, href
        assert page.evaluate('[...document.images].every((image) => image.complete && image.naturalWidth > 0)')
        assert page.evaluate('document.fonts.check(\'16px "Source Serif 4"\')')
    assert [url for url in asked if not url.startswith(course.as_uri())] == []
    assert failed == []
    assert spoken == []


def test_a_reader_walks_from_the_contents_to_the_last_lesson(
    publication: Publication, tmp_path: Path, page: Page
) -> None:
    page.goto((unzipped(publication, tmp_path) / 'index.html').as_uri())
    page.get_by_role('link', name='Start with').click()
    titles = [page.locator('h1').inner_text()]
    while page.locator('a[rel=next]').count():
        page.locator('a[rel=next]').click()
        titles.append(page.locator('h1').inner_text())
    assert titles == ['Reading a label', 'Working at the fume hood', 'Moving, pouring, heating']


def test_questions_check_themselves(publication: Publication, tmp_path: Path, page: Page) -> None:
    page.goto((unzipped(publication, tmp_path) / 'lesson-2-1.html').as_uri())
    single, multiple, short = (page.locator('form.quiz').nth(index) for index in range(3))
    single.get_by_role('button', name='Check').click()
    assert single.get_by_role('status').inner_text() == 'Choose an answer first.'
    single.get_by_label('On the airfoil').check()
    single.get_by_role('button', name='Check').click()
    assert single.get_by_role('status').inner_text() == 'Not yet.'
    assert 'roll back' in single.inner_text()
    single.get_by_role('button', name='Try another').click()
    single.get_by_label('15 cm or more').check()
    single.get_by_role('button', name='Check').click()
    assert single.get_by_role('status').inner_text() == 'That is right.'
    multiple.get_by_label('The vessel').check()
    multiple.get_by_role('button', name='Check').click()
    assert 'This one too' in multiple.inner_text()
    short.get_by_label('Your answer').fill('  The SASH ')
    short.get_by_role('button', name='Check').click()
    assert short.get_by_role('status').inner_text() == 'That is right.'


@pytest.mark.parametrize('payload', PAYLOADS)
def test_hostile_words_stay_words(payload: str, tmp_path: Path, page: Page) -> None:
    publication = sample(tmp_path)
    question = SINGLE | {
        'prompt': payload,
        'options': [{'id': payload, 'text': payload, 'correct': True}],
        'explanation': payload,
    }
    hostile = replace(
        with_blocks(
            publication,
            text('t', payload, replace(source(payload), document_name=payload)),
            block('s', 'slide', {'title': payload, 'bullets': [payload], 'notes': payload}, approved_by=payload),
            block('q', 'question', question, origin=payload),
            block('f', 'question', question | {'kind': 'short', 'options': [], 'accepted': [payload]}),
            block('u', payload, {}),
            title=payload,
        ),
        title=payload,
        summary=payload,
        organization=payload,
        version=payload,
        authors=(payload,),
        approvers=(payload,),
        objectives=(payload,),
        language=payload,
    )
    course = unzipped(hostile, tmp_path)
    asked: list[str] = []
    page.on('request', lambda request: asked.append(request.url))
    page.on('dialog', lambda dialog: asked.append('dialog'))
    for path in course.glob('*.html'):
        page.goto(path.as_uri())
        page.wait_for_load_state('load')
        assert page.evaluate('document.documentElement.dataset.hit') is None
        assert page.evaluate('document.querySelectorAll("script:not([src]), iframe, [onerror], [onload]").length') == 0
    assert [url for url in asked if not url.startswith('file:')] == []


def test_the_pages_pass_the_accessibility_rules(publication: Publication, tmp_path: Path, browser: Browser) -> None:
    from axe_playwright_python.sync_playwright import Axe

    course = unzipped(publication, tmp_path)
    for scheme in ('light', 'dark'):
        # The checker is injected into the page, which the pages' own policy rightly forbids.
        context = browser.new_context(offline=True, bypass_csp=True, color_scheme=scheme)  # type: ignore[arg-type]
        page = context.new_page()
        for name in ('index', 'lesson-2-1'):
            page.goto((course / f'{name}.html').as_uri())
            found = Axe().run(page).response['violations']
            assert [(one['id'], one['nodes'][0]['html']) for one in found] == []
        context.close()


def test_a_phone_needs_no_sideways_scrolling(publication: Publication, tmp_path: Path, browser: Browser) -> None:
    context = browser.new_context(offline=True, viewport={'width': 360, 'height': 780})
    page = context.new_page()
    for path in unzipped(publication, tmp_path).glob('*.html'):
        page.goto(path.as_uri())
        assert page.evaluate('document.documentElement.scrollWidth') <= 360
    context.close()


def test_style_and_script_name_no_address() -> None:
    assets = Path(html.__file__).parent / 'assets'
    for name in ('course.css', 'course.js', 'fonts/fonts.css'):
        assert re.findall(r'https?:|//[a-z]|@import', (assets / name).read_text()) == []
