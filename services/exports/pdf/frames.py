from collections.abc import Sequence
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.platypus import Frame, KeepTogether

from services.exports.pdf.flowables import MarginMark, Text

_RULE = 14.0
_BETWEEN = 2.5


class NotesFrame(Frame):  # type: ignore[misc]
    """A text column that keeps room at its foot for the notes of what stands in it, and marks in its margin.

    A flowable may carry `notes` (a tuple of Text), `notes_lead` (its first part takes them when it is split) and
    `mark` (a MarginMark, drawn beside its first line), and be `whole` (it rather starts a page than breaks).
    """

    # set by Frame
    _y1p: float
    _y: float

    def _reset(self) -> None:
        super()._reset()
        self._geom()  # forgets the room that the last page's notes took
        self.notes: list[Text] = []
        self._mark_floor = float('inf')

    def _add(self, flowable: Any, canv: Any, trySplit: int = 0) -> Any:  # noqa: N803
        fresh = self._fresh(getattr(flowable, 'notes', ()))
        foot, top = self._y1p, self._y
        if not self._atTop:
            top -= max(flowable.getSpaceBefore() - self._prevASpace, 0)
        self._y1p = foot + self.room_for(fresh, canv)
        added = super()._add(flowable, canv, trySplit)
        if not added:
            self._y1p = foot
            return added
        self.notes = sorted(self.notes + fresh, key=lambda note: note.number)
        mark: MarginMark | None = getattr(flowable, 'mark', None)
        if mark is not None:
            top = min(top, self._mark_floor)
            self._mark_floor = top - mark.draw_at(canv, self._x2 + 16, top) - 6
        return added

    add = _add

    def split(self, flowable: Any, canv: Any) -> Any:
        if getattr(flowable, 'whole', False) and not self._atTop:
            return []
        notes: Sequence[Text] = getattr(flowable, 'notes', ())
        foot = self._y1p
        self._y1p = foot + self.room_for(self._fresh(notes), canv)
        try:
            parts = super().split(flowable, canv)
        finally:
            self._y1p = foot
        if parts and parts[0] is not flowable:
            if notes:
                parts[0 if getattr(flowable, 'notes_lead', False) else -1].notes = notes
            if getattr(flowable, 'mark', None) is not None:
                parts[0].mark = flowable.mark
        return parts

    def room_for(self, notes: Sequence[Text], canv: Any) -> float:
        if not notes:
            return 0
        return (0 if self.notes else _RULE) + sum(note.height_in(self._aW) + _BETWEEN for note in notes)

    def room_for_all(self, flowables: Sequence[Any], canv: Any) -> float:
        return self.room_for(self._fresh([note for one in flowables for note in getattr(one, 'notes', ())]), canv)

    def draw_notes(self, canv: Any) -> None:
        if not self.notes:
            return
        y = self._y1 + self._bottomPadding + self.room_for_again(canv)
        with canv.marked(None):
            canv.setStrokeColor(HexColor('#7F8883'))
            canv.setLineWidth(0.5)
            canv.line(self._x1, y - 5, self._x1 + 84, y - 5)
        y -= _RULE - 3
        for note in self.notes:
            height = note.height_in(self._aW)
            note.drawOn(canv, self._x1, y - height)
            y -= height + _BETWEEN

    def room_for_again(self, canv: Any) -> float:
        return _RULE + sum(note.height_in(self._aW) + _BETWEEN for note in self.notes)

    def _fresh(self, notes: Sequence[Text]) -> list[Text]:
        return [note for note in dict.fromkeys(notes) if note not in self.notes]


class Kept(KeepTogether):  # type: ignore[misc]
    """Kept together with its footnotes: a heading never stays behind because the notes took the room."""

    def split(self, available_width: float, available_height: float) -> Any:
        frame = getattr(self, '_frame', None)
        if isinstance(frame, NotesFrame):
            available_height -= frame.room_for_all(self._content, getattr(self, 'canv', None))
        return super().split(available_width, available_height)
