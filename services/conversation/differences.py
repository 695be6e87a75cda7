"""What changed between two versions of a block, part by part: paragraphs, points, answers, rows of tables.

Words within a part are compared where they are shown; here is told which part became which, and what changed besides
its words: formatting, the key of a question, a picture.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Any

from services.conversation.paragraphs import Paragraph, paragraphs

_ALIKE = 0.4  # share of words in common from which a part counts as the same one, changed
_REACH, _LONG = 12, 20_000  # how far ahead a changed part is looked for, and up to how many letters


@dataclass(frozen=True, kw_only=True)
class Note:
    """What changed besides words: `what` is bold_on, bold_off, …, kind, link, picture, key_on, key_off, moved.

    `words` are the words it is about, `detail` what it is now."""

    what: str
    words: str = ''
    detail: str = ''


@dataclass(frozen=True, kw_only=True)
class Row:
    """One part before and after; None where it was not there. `cells` are a table's row, cell by cell."""

    part: str
    before: str | None
    after: str | None
    notes: tuple[Note, ...] = ()
    cells: tuple[tuple[str, str], ...] = ()
    key_before: bool = False
    key_after: bool = False

    @property
    def changed(self) -> bool:
        return self.before != self.after or bool(self.notes)


def differences(type: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Row]:
    """Every part in the order of `after`, what is gone where it stood; unchanged parts too."""
    if type == 'text':
        return _text(paragraphs(str(before.get('html') or '')), paragraphs(str(after.get('html') or '')))
    if type == 'slide':
        rows = [_field('title', before, after)]
        rows += _lines('point', before.get('bullets') or (), after.get('bullets') or ())
        return _worth([*rows, _field('notes', before, after)])
    if type == 'question':
        return _question(before, after)
    names = list(dict.fromkeys([*before, *after]))
    return _worth([_field(name, before, after) for name in names])


def changed_formats(before: Paragraph, after: Paragraph) -> tuple[Note, ...]:
    """Formatting that came or went with words that stayed."""
    notes = []
    if before.kind != after.kind:
        notes.append(Note(what='kind', detail=after.kind))
    if before.picture != after.picture:
        notes.append(Note(what='picture', words=after.text))
    old, new = {(one.tag, one.words): one.target for one in before.formats}, {
        (one.tag, one.words): one.target for one in after.formats
    }  # fmt: skip
    for (tag, words), target in new.items():
        if (tag, words) not in old:
            if words in before.text:
                notes.append(Note(what=f'{tag}_on', words=words, detail=target))
        elif old[tag, words] != target:
            notes.append(Note(what='link', words=words, detail=target))
    notes += [
        Note(what=f'{tag}_off', words=words) for tag, words in old if (tag, words) not in new and words in after.text
    ]
    return tuple(notes)


def _text(before: Sequence[Paragraph], after: Sequence[Paragraph]) -> list[Row]:
    rows = []
    for old, new in _pairs([one.text for one in before], [one.text for one in after]):
        was, now = None if old is None else before[old], None if new is None else after[new]
        shown = now or was
        assert shown is not None
        cells: tuple[tuple[str, str], ...] = ()
        if was and now and was.cells and len(was.cells) == len(now.cells):
            cells = tuple(zip(was.cells, now.cells, strict=True))
        rows.append(
            Row(
                part=shown.kind,
                before=was.text if was else None,
                after=now.text if now else None,
                notes=changed_formats(was, now) if was and now else (),
                cells=cells,
            )
        )
    return _moved(rows)


def _question(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Row]:
    rows = [_field('kind', before, after)] if before.get('kind') != after.get('kind') else []
    rows.append(_field('prompt', before, after))
    old, new = list(before.get('options') or ()), list(after.get('options') or ())
    answers = []
    for was, now in _pairs([str(one.get('text', '')) for one in old], [str(one.get('text', '')) for one in new]):
        right_before = was is not None and bool(old[was].get('correct'))
        right_after = now is not None and bool(new[now].get('correct'))
        notes = (Note(what='key_on' if right_after else 'key_off'),) if right_before != right_after else ()
        answers.append(
            Row(
                part='option',
                before=None if was is None else str(old[was].get('text', '')),
                after=None if now is None else str(new[now].get('text', '')),
                notes=notes,
                key_before=right_before,
                key_after=right_after,
            )
        )
    rows += _moved(answers)
    rows += _lines('accepted', before.get('accepted') or (), after.get('accepted') or ())
    return _worth([*rows, _field('explanation', before, after)])


def _field(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Row:
    was, now = before.get(name), after.get(name)
    return Row(part=name, before=None if was is None else str(was), after=None if now is None else str(now))


def _lines(part: str, before: Sequence[Any], after: Sequence[Any]) -> list[Row]:
    was, now = [str(one) for one in before], [str(one) for one in after]
    return _moved(
        [
            Row(part=part, before=None if a is None else was[a], after=None if b is None else now[b])
            for a, b in _pairs(was, now)
        ]
    )


def _worth(rows: Sequence[Row]) -> list[Row]:
    """Without fields that are empty on both sides."""
    return [row for row in rows if row.before or row.after]


def _moved(rows: Sequence[Row]) -> list[Row]:
    """What went in one place and came in another, word for word, is called moved there."""
    gone = {row.before for row in rows if row.after is None}
    come = {row.after for row in rows if row.before is None}
    both = {text for text in gone & come if text}
    return [
        replace(row, notes=(*row.notes, Note(what='moved')))
        if (row.before is None and row.after in both) or (row.after is None and row.before in both)
        else row
        for row in rows
    ]


def _pairs(before: Sequence[str], after: Sequence[str]) -> list[tuple[int | None, int | None]]:
    """Which became which: equal ones first, then within each changed stretch those most alike, in order.

    What went stands before what came in its place."""
    pairs: list[tuple[int | None, int | None]] = []
    for change, a1, a2, b1, b2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if change == 'equal':
            pairs += zip(range(a1, a2), range(b1, b2), strict=True)
            continue
        left, come = a1, []
        for place in range(b1, b2):
            match = _most_alike(before, range(left, min(a2, left + _REACH)), after[place])
            if match is None:
                come.append(place)
                continue
            pairs += [*((gone, None) for gone in range(left, match)), *((None, new) for new in come), (match, place)]
            left, come = match + 1, []
        pairs += [*((gone, None) for gone in range(left, a2)), *((None, new) for new in come)]
    return pairs


def _most_alike(before: Sequence[str], places: Sequence[int], text: str) -> int | None:
    likeness, where = max(((_alike(before[place], text), -place) for place in places), default=(0.0, 0))
    return -where if likeness >= _ALIKE else None


def _alike(before: str, after: str) -> float:
    if len(before) + len(after) > _LONG:
        return float(before[:_LONG] == after[:_LONG])
    return SequenceMatcher(None, before.split(), after.split(), autojunk=False).ratio()
