"""A PDF page as it lies before the reader: where things stand on it, and whether anything is to be seen there."""

import ctypes
from dataclasses import dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as raw

Box = tuple[float, float, float, float]
"""Left, bottom, right and top in points, counted from the lower left corner of the page as it is shown."""


@dataclass(frozen=True, kw_only=True)
class _Picture:
    pixels: bytes
    stride: int
    width: int
    height: int
    scale: float


class Surface:
    def __init__(self, page: pdfium.PdfPage, text_page: pdfium.PdfTextPage) -> None:
        self.width = float(page.get_width())
        self.height = float(page.get_height())
        self._page = page
        self._text = text_page.raw
        self._turned = int(page.get_rotation())
        self._crop: Box = page.get_cropbox()
        self._picture: _Picture | None = None

    def of_character(self, index: int) -> Box:
        """The height is that of the type, not of the letter."""
        rectangle = raw.FS_RECTF()
        if not raw.FPDFText_GetLooseCharBox(self._text, index, rectangle):
            return 0.0, 0.0, 0.0, 0.0
        return self._shown((rectangle.left, rectangle.bottom, rectangle.right, rectangle.top))

    def of_run(self, run: object, index: int) -> Box:
        """The place of a run of text; of its first character where the run is part of a form and placed by that."""
        character = self.of_character(index)
        left, bottom, right, top = (ctypes.c_float() for _ in range(4))
        if not raw.FPDFPageObj_GetBounds(run, left, bottom, right, top):
            return character
        whole = self._shown((left.value, bottom.value, right.value, top.value))
        middle = (character[0] + character[2]) / 2, (character[1] + character[3]) / 2
        inside = whole[0] - 2 <= middle[0] <= whole[2] + 2 and whole[1] - 4 <= middle[1] <= whole[3] + 4
        return whole if inside else character

    def is_beside(self, box: Box) -> bool:
        """Whether the place is beyond the edge of the paper."""
        left, bottom, right, top = box
        return right < 0 or left > self.width or top < 0 or bottom > self.height

    def shows_something(self, box: Box) -> bool:
        """Looks at the rendered page: if all of the place has one colour, there is nothing to be seen.

        So white text on a dark bar counts as seen, and so does what recognition (OCR) laid over a scanned page.
        """
        if self._picture is None:
            self._picture = self._rendered()
        picture = self._picture
        left, bottom, right, top = (edge * picture.scale for edge in box)
        first, last = max(0, int(left)), min(picture.width, int(right) + 1)
        darkest, lightest = 255, 0
        for row in range(max(0, int(picture.height - top)), min(picture.height, int(picture.height - bottom) + 1)):
            seen = picture.pixels[row * picture.stride + first : row * picture.stride + last]
            if seen:
                darkest, lightest = min(darkest, min(seen)), max(lightest, max(seen))
        return lightest - darkest > _CONTRAST

    def has_image(self) -> bool:
        return any(True for _ in self._page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3))

    def _shown(self, box: Box) -> Box:
        x0, y0, x1, y1 = self._crop
        left, bottom, right, top = box[0] - x0, box[1] - y0, box[2] - x0, box[3] - y0
        width, height = x1 - x0, y1 - y0
        if self._turned == 90:
            return bottom, width - right, top, width - left
        if self._turned == 180:
            return width - right, height - top, width - left, height - bottom
        if self._turned == 270:
            return height - top, left, height - bottom, right
        return left, bottom, right, top

    def _rendered(self) -> _Picture:
        scale = min(2.0, 2000 / max(self.width, self.height, 1.0))
        bitmap = self._page.render(scale=scale, grayscale=True, may_draw_forms=False)
        picture = _Picture(
            pixels=bytes(bitmap.buffer), stride=bitmap.stride, width=bitmap.width, height=bitmap.height, scale=scale
        )
        bitmap.close()
        return picture


_CONTRAST = 24  # of 255 greys
