import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from services.exports.citing import with_markers
from services.exports.labs import task_html, title_of
from services.exports.pdf import styles
from services.exports.pdf.flowables import Line, MarginMark, Text, boxed, styled
from services.exports.pdf.markup_tree import Setting
from services.exports.pdf.richtext import flowables, text_of
from services.exports.pdf.typefaces import SANS, SANS_BOLD, SERIF_ITALIC, markup
from services.exports.publication import Chapter, NumberedSource, PublishedBlock, questions
from services.exports.wording import Wording, origin_of
from services.richtext import sanitise

# More than this share of the column for one block's footnotes, and the rest stands at the end of the lesson.
_NOTES_SHARE = 0.35


@dataclass(frozen=True, kw_only=True)
class Place:
    chapter: Chapter
    block: PublishedBlock
    setting: Setting
    words: Wording
    pages: Mapping[str, int]

    @property
    def markers(self) -> str:
        return ' '.join(str(one.number) for one in self.chapter.sources_of(self.block))

    @property
    def marked(self) -> str:
        """The numbers of the sources as paragraph markup."""
        return f'<super><font name="{SANS_BOLD}" color="#0F5F5C" size="7">{self.markers}</font></super>'

    @property
    def question_number(self) -> str:
        return self.words.of.format(number=self.question_index, total=len(questions(self.chapter.lesson)))

    @property
    def question_index(self) -> int:
        return 1 + [question.id for question in questions(self.chapter.lesson)].index(self.block.id)


class LessonNotes:
    """The lesson's sources as footnotes; `left_over` are those that no page has room for."""

    def __init__(self, chapter: Chapter, setting: Setting, words: Wording, height: float) -> None:
        self._chapter, self._setting, self._words, self._height = chapter, setting, words, height
        self._made: dict[int, Text] = {}
        self.left_over: list[Text] = []

    def of(self, block: PublishedBlock) -> tuple[Text, ...]:
        room = self._height * _NOTES_SHARE
        notes = []
        for numbered in self._chapter.sources_of(block):
            note = self._note(numbered)
            room -= note.height_in(self._setting.width)
            if room > 0:
                notes.append(note)
            elif note not in self.left_over:
                self.left_over.append(note)
        return tuple(notes)

    def _note(self, numbered: NumberedSource) -> Text:
        if numbered.number not in self._made:
            self._made[numbered.number] = _source_text(numbered, self._setting, self._words)
        return self._made[numbered.number]


def block_flowables(place: Place, notes: LessonNotes) -> list[Any]:
    """A block with its footnotes and, in the margin, who wrote and who approved it."""
    made = _KINDS.get(place.block.type, _unknown)(place.block.content, place)
    if not made:
        return []
    first, last = made[0], made[-1]
    first.mark = _mark(place)
    cited = last if place.block.type == 'text' else first
    cited.notes = notes.of(place.block)
    cited.notes_lead = place.block.type != 'text'
    return made


def answer_key(place: Place) -> list[Any]:
    content, words = place.block.content, place.words
    options = list(content.get('options', ()))
    if content.get('kind') == 'short':
        answer = ', '.join(str(accepted) for accepted in content.get('accepted', ()))
    else:
        answer = '; '.join(
            f'{_letter(index)} {option.get("text", "")}'
            for index, option in enumerate(options)
            if option.get('correct')
        )
    prompt = f'{place.question_index}.\xa0\xa0{content.get("prompt", "")}'
    made = [
        text_of(markup(prompt, SANS_BOLD), place.setting, style='h4'),
        text_of(
            markup(answer, SANS), place.setting, style='option', keepWithNext=1 if content.get('explanation') else 0
        ),
    ]
    made[0].anchor = f'answer-{place.block.id}'
    if content.get('explanation'):
        why = f'<b>{words.why}</b> {markup(str(content["explanation"]), SANS)}'
        made.append(text_of(why, place.setting, style='small', spaceAfter=8))
    return made


def _text(content: Mapping[str, Any], place: Place) -> list[Any]:
    markers = f'<span class="cited">{place.markers}</span>' if place.markers else ''
    return flowables(with_markers(sanitise(str(content.get('html', ''))), markers), place.setting)


def _slide(content: Mapping[str, Any], place: Place) -> list[Any]:
    width = place.setting.width
    inner = replace(place.setting, width=width - 40, parent=place.setting.parent.add('Sect'))
    children: list[Any] = [
        text_of(markup(str(content.get('title', ''))) + place.marked, inner, tag='H3', style='slide')
    ]  # fmt: skip
    listed = inner.parent.add('L')
    for bullet in content.get('bullets', ()):
        text = Text(markup(str(bullet)), styled('li', leftIndent=14, bulletIndent=2), bulletText='•')
        text.element = listed.add('LI').add('LBody')
        children.append(text)
    notes = [piece for line in str(content.get('notes', '')).split('\n') for piece in _pieces(line)]
    if notes:
        children.append(Line(before=6, after=6))
        children.append(text_of(markup(place.words.notes, SANS_BOLD), inner, style='label'))
        children += [text_of(markup(note, SANS), inner, style='small') for note in notes]
    return boxed(children, width=width, ground=styles.PAPER, border=styles.LINE, padding=20)


def _question(content: Mapping[str, Any], place: Place) -> list[Any]:
    words, width = place.words, place.setting.width
    inner = replace(place.setting, width=width - 40, parent=place.setting.parent.add('Sect'))
    head = f'{markup(words.check_yourself, SANS_BOLD)} <font name="{SANS}">· {place.question_number}</font>'
    children: list[Any] = [
        text_of(head, inner, style='label', spaceAfter=5),
        text_of(markup(str(content.get('prompt', ''))) + place.marked, inner, tag='H3', style='prompt'),
    ]
    if content.get('kind') == 'multiple':
        children.append(text_of(markup(words.choose_several, SERIF_ITALIC), inner, style='skipped', spaceAfter=4))
    listed = inner.parent.add('L')
    for index, option in enumerate(content.get('options', ())):
        text = Text(
            markup(str(option.get('text', '')), SANS), styled('option', leftIndent=20, bulletIndent=2),
            bulletText=_letter(index),
        )  # fmt: skip
        text.element = listed.add('LI').add('LBody')
        children.append(text)
    if content.get('kind') == 'short':
        children += [Line(before=22, after=6)]
    page = place.pages.get(f'answer-{place.block.id}')
    if page is not None:
        link = f'<a href="#answer-{place.block.id}" color="#5F6A66">{words.answer_on.format(page=page)}</a>'
        children.append(text_of(link, inner, style='mark', spaceBefore=4))
    return boxed(children, width=width, border=styles.LINE, padding=20)


def _lab(content: Mapping[str, Any], place: Place) -> list[Any]:
    title = text_of(markup(title_of(content, place.words)) + place.marked, place.setting, tag='H3', style='h3')
    return [title, *flowables(task_html(content, place.words), place.setting)]


def _unknown(content: Mapping[str, Any], place: Place) -> list[Any]:
    said = place.words.skipped.format(kind=place.block.type)
    return [text_of(markup(said, SERIF_ITALIC), place.setting, style='skipped')]


_KINDS: Mapping[str, Callable[[Mapping[str, Any], Place], list[Any]]] = {
    'text': _text, 'slide': _slide, 'question': _question, 'lab': _lab,
}  # fmt: skip


def _mark(place: Place) -> MarginMark:
    words, block = place.words, place.block
    label = origin_of(block.origin, block.own_words, words)
    said = f'<font name="{SANS_BOLD}">{markup(label, SANS)}</font>'
    if block.approved_by:
        said += f'<br/>{markup(words.approved.format(name=block.approved_by), SANS)}'
    return MarginMark(text_of(said, place.setting, style='mark'), block.origin)


def _source_text(numbered: NumberedSource, setting: Setting, words: Wording) -> Text:
    source = numbered.source
    said = (
        f'<font name="{SANS_BOLD}">{markup(source.document_name, SANS_BOLD)}</font>, '
        f'{words.page.format(page=source.page)}: “{markup(" ".join(source.quote.split()), SANS)}”'
    )
    text = Text(said, styles.STYLES['note'], bulletText=str(numbered.number))
    text.element, text.number = setting.parent.add('Note'), numbered.number
    return text


def _letter(index: int) -> str:
    return f'{chr(ord("A") + index)}' if index < 26 else str(index + 1)


def _pieces(text: str, longest: int = 1500) -> Iterator[str]:
    """A long text cut between sentences, so that a box can break inside it."""
    sentences: Sequence[str] = re.split(r'(?<=[.!?])\s+', text.strip())
    piece = ''
    for sentence in sentences:
        if piece and len(piece) + len(sentence) > longest:
            yield piece
            piece = ''
        piece = f'{piece} {sentence}'.strip()
    if piece:
        yield piece
