"""The steps of the story: what each person does on a screen, and what the others must see without reloading."""

import asyncio
import io
import re
import time
import zipfile

from playwright.async_api import Locator, Page, expect
from pypdf import PdfReader

from app.banner import DEMO_PASSWORD
from tests.samples.documents import HANDBOOKS

WRITING = 120_000  # milliseconds an author may take
SEEN = 5_000  # until others must see an act; the aim is one second, and the time taken is printed
DOCUMENTS = ('working-at-height.docx', 'fire-extinguishers.html', 'passwords-and-phishing.md')
COMMENT = 'Put the inspection of ladders first.'
TITLE = 'Ladders without falls'


async def sign_in(page: Page, who: str) -> None:
    await page.get_by_label('E-mail').fill(f'{who}@demo.example')
    await page.get_by_label('Password', exact=True).fill(DEMO_PASSWORD)
    await page.get_by_role('button', name='Sign in').click()
    await expect(page.locator('nav').first).to_be_visible()


async def add_documents(page: Page) -> None:
    """Several at once, each followed on the page from queued to indexed."""
    await page.get_by_role('link', name='Knowledge').click()
    await expect(page.get_by_role('button', name='Choose files')).to_be_visible()
    await page.evaluate("""() => {
        window.states = [];
        new MutationObserver(() => document.querySelectorAll('.cw-row-state').forEach(state =>
            window.states.push(state.textContent))).observe(document.body, {childList: true, subtree: true});
    }""")
    await page.set_input_files('input[type=file]', [str(HANDBOOKS / name) for name in DOCUMENTS])
    for name in DOCUMENTS:
        await expect(page.locator('.cw-row', has_text=name).get_by_text('Indexed')).to_be_visible(timeout=WRITING)
    states = ' '.join(await page.evaluate('window.states'))
    assert 'Queued' in states
    assert 'Indexing' in states


async def search_and_open(page: Page) -> None:
    """By meaning: the question shares hardly a word with the answer."""
    await page.get_by_label('What are you looking for?').fill('How far out should the foot of a ladder stand?')
    await page.keyboard.press('Enter')
    best = page.locator('.cw-answers li').first
    await expect(best).to_contain_text('angle', timeout=WRITING)
    await expect(best).to_contain_text(re.compile(rf'{DOCUMENTS[0]}, p\. \d+.*\d+ % near', re.S))
    await best.get_by_role('link').click()
    await expect(page.get_by_role('heading', level=1)).to_have_text(DOCUMENTS[0])
    await expect(page.locator('.cw-passage').first).to_be_visible()


async def write_brief(page: Page) -> None:
    """From the document's own page, so that it is chosen already; ends where the outline is written."""
    await page.get_by_role('link', name='Start a course from this').click()
    await expect(page.get_by_role('checkbox', name=DOCUMENTS[0])).to_have_attribute('aria-checked', 'true')
    await page.get_by_label('Title').fill(TITLE)
    await page.get_by_label('What it is for').fill('Staff choose, set up and use ladders safely.')
    await page.get_by_label('Learning time').fill('1')
    await page.get_by_role('button', name='Write the outline').click()
    await page.wait_for_url('**/studio/**')


async def edit_outline(page: Page, other: Page) -> None:
    """Rename, add, move and delete, each of them seen by the other."""
    tree, theirs = page.locator('.cw-tree'), other.locator('.cw-tree')
    await tree.get_by_label('Title of the module').first.fill('Before you climb')
    await page.keyboard.press('Enter')
    await expect(theirs.get_by_label('Title of the module').or_(theirs.locator('.cw-tree-name')).first).to_have_text(
        'Before you climb'
    )
    lessons = tree.locator('.cw-tree-lesson')
    count = await lessons.count()
    await tree.get_by_role('button', name='Add a lesson').first.click()
    await expect(lessons).to_have_count(count + 1)
    await tree.locator('input.cw-tree-title').fill('Who may climb')
    await page.keyboard.press('Enter')
    await expect(theirs.get_by_text('Who may climb')).to_be_visible()
    await tree.get_by_role('button', name='Move Who may climb up').click()
    await expect(page.get_by_text('Saved')).to_be_visible()
    names = theirs.locator('.cw-tree-lesson .cw-tree-name')
    before = await names.all_text_contents()
    await tree.get_by_role('button', name='Delete Who may climb').click()
    await expect(lessons).to_have_count(count)
    await expect(page.get_by_text('Deleted from the outline.')).to_have_count(1)
    await expect(theirs.get_by_text('Who may climb')).to_have_count(0)
    assert len(before) == count + 1


async def send_outline_back(reviewer: Page, author: Page) -> None:
    """The next draft answers the comment; the old one is kept and what changed is shown."""
    await reviewer.get_by_label('Comment').fill(COMMENT)
    await reviewer.get_by_role('button', name='Send back').click()
    for page in (reviewer, author):
        await expect(page.get_by_text(re.compile('Draft 2, written'))).to_be_visible(timeout=WRITING)
        thread = page.locator('.cw-thread-box', has_text=COMMENT)
        await expect(thread.locator('.cw-draft-answer .cw-said-text')).not_to_be_empty()
    await author.get_by_text('Changes since draft 1').click()
    await expect(author.locator('.cw-changes')).to_contain_text(re.compile(r'was \d\.\d'))


async def approve_outline(reviewer: Page, author: Page) -> None:
    await reviewer.get_by_role('button', name='Approve outline').click()
    await seen(heading(author), 'Drafting the lessons|Lesson', 'the approval of the outline')


async def read_as_it_is_written(page: Page) -> None:
    """The lessons appear one after the other, words first."""
    await expect(page.locator('.cw-being-written, .cw-block').first).not_to_be_empty(timeout=WRITING)
    await expect(page.get_by_role('button', name='Approve lesson')).to_be_visible(timeout=WRITING)


async def look_at_source(page: Page) -> None:
    """A click on a block's sources shows the page it comes from with the quoted words marked."""
    block = page.locator('.cw-block', has=page.get_by_role('button', name=re.compile(r'\d sources?'))).first
    await block.get_by_role('button', name=re.compile(r'\d sources?')).click()
    quoted = page.locator('.cw-source-page mark').first
    await expect(quoted).to_be_visible()
    words = ' '.join((await quoted.inner_text()).split())
    assert len(words) > 10
    await expect(page.locator('.cw-pane-side')).to_contain_text(DOCUMENTS[0])


async def make_bold(page: Page, other: Page) -> None:
    """In the editor that shows what will be read; the other sees what changed."""
    block = page.locator('.cw-block', has=page.locator('.cw-block-head b', has_text='Text')).first
    await block.locator('.cw-block-head b').click()
    await block.get_by_role('button', name='Edit').click()
    await block.locator('.cw-written').click()
    await page.keyboard.press('Control+A')
    await block.get_by_role('button', name='Bold').click()
    await block.get_by_role('button', name='Save', exact=True).click()
    await expect(block.locator('.cw-written')).to_have_count(0)
    theirs = other.locator('.cw-block', has=other.locator('.cw-block-head b', has_text='Text')).first
    await seen(theirs, 'is bold now', 'the edit')  # whose words they are does not change with their looks


async def decide_by_keyboard(reviewer: Page, author: Page) -> None:
    await reviewer.locator('.cw-block .cw-block-head b').first.click()
    await reviewer.keyboard.press('a')
    await seen(state_of(author, 0), 'Approved', 'the approval of a block')


async def send_one_back(reviewer: Page, author: Page) -> None:
    """Only this block is written again; what was approved stays approved."""
    place = 1
    await reviewer.locator('.cw-block .cw-block-head b').nth(place).click()
    await reviewer.keyboard.press('r')
    await reviewer.locator('.q-dialog textarea').fill('Say it in fewer words.')
    await reviewer.locator('.q-dialog').get_by_role('button', name='Send back').click()
    await seen(author.locator('.cw-block').nth(place), 'Say it in fewer words.', 'the comment')
    others = [await _words_of(author, n) for n in (0, 2)]
    await reviewer.get_by_role('button', name='Rewrite 1 sent back').click()
    for page in (reviewer, author):
        await expect(state_of(page, place)).to_have_text('Rewritten', timeout=WRITING)
    await expect(state_of(author, 0)).to_have_text('Approved')
    assert [await _words_of(author, n) for n in (0, 2)] == others


async def approve_lessons_and_assemble(reviewer: Page, author: Page) -> None:
    lessons = reviewer.locator('.cw-lessons .cw-lesson')
    for done in range(1, await lessons.count() + 1):
        await reviewer.get_by_role('button', name='Approve lesson').click()
        await expect(lessons.locator('.cw-ok')).to_have_count(done)
    await reviewer.get_by_role('button', name='Assemble the course').click()
    await reviewer.get_by_role('button', name='Assemble', exact=True).click()
    await expect(heading(author)).to_have_text('Ready to publish', timeout=WRITING)


async def publish_and_enrol(page: Page, student: str) -> None:
    await page.get_by_role('link', name='Check and publish').click()
    sure = page.locator('.q-dialog').get_by_role('button', name='Publish')
    async with asyncio.timeout(30):
        # The page draws itself again when the copies are ready: a click in that moment meets a button that has gone.
        while not await sure.is_visible():
            await page.get_by_role('button', name='Publish 1.0').click()
            await page.wait_for_timeout(1500)
    await sure.click()
    await page.get_by_role('button', name='Enrol students').first.click()
    await page.get_by_role('button', name=f'Enrol {student}').click()
    await expect(page.locator('.q-dialog li', has_text=student)).to_contain_text('Enrolled')
    await page.get_by_role('button', name='Done').click()


async def take_away(page: Page) -> None:
    """The proof copies that were made at assembly, downloaded through the page and opened."""
    copies = page.locator('.cw-exports li')
    await expect(copies.locator('a')).to_have_count(2, timeout=WRITING)
    archive = zipfile.ZipFile(io.BytesIO(await _downloaded(page, copies.filter(has_text='Web pages').locator('a'))))
    assert archive.testzip() is None
    assert TITLE in archive.read('index.html').decode()
    pdf = PdfReader(io.BytesIO(await _downloaded(page, copies.filter(has_text='PDF').locator('a'))))
    assert len(pdf.pages) > 3
    assert pdf.outline


async def answer_quiz(page: Page) -> None:
    """Any answer will do: what is told afterwards is what counts."""
    for question in await page.locator('.cw-quiz fieldset').all():
        choice = question.locator('input:not([type=text])')
        if await choice.count():
            await choice.first.check()
        else:
            await question.locator('input[type=text]').fill('a ladder')
    await page.get_by_role('button', name='Check answers').click()
    await expect(page.locator('.cw-quiz-score')).to_contain_text(re.compile(r'\d of \d right'))
    await expect(page.locator('.cw-explain').first).to_contain_text('Why.')


def heading(page: Page) -> Locator:
    return page.get_by_role('heading', level=1)


def state_of(page: Page, place: int) -> Locator:
    """The word for the state of a block, by its place."""
    return page.locator('.cw-block').nth(place).locator('.cw-block-head > .cw-status')


async def seen(place: Locator, pattern: str, what: str) -> None:
    """Waits until the place says so, and prints how long that took."""
    began = time.monotonic()
    await expect(place).to_contain_text(re.compile(pattern), timeout=SEEN)
    print(f'{what} was seen after {time.monotonic() - began:.2f} s')


async def _words_of(page: Page, place: int) -> str:
    """What a block says, without the numbers of its quotes, which only the current block shows."""
    words: str = (
        await page.locator('.cw-block-words')
        .nth(place)
        .evaluate("""block => {
        const copy = block.cloneNode(true);
        copy.querySelectorAll('sup').forEach(number => number.remove());
        return copy.textContent.replace(/\\s+/g, ' ').trim();
    }""")
    )
    return words


async def _downloaded(page: Page, link: Locator) -> bytes:
    async with page.expect_download() as coming:
        await link.click()
    path = await (await coming.value).path()
    return path.read_bytes()
