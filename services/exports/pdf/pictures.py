from typing import Any
from uuid import UUID

from PIL import Image, ImageOps
from reportlab.lib.utils import ImageReader

from services.exports.pdf.flowables import Picture
from services.exports.pdf.structure import Element
from services.exports.publication import Publication

_LONGEST_SIDE = 1600
_MOST_PIXELS = 60_000_000
_FORMATS = ('PNG', 'JPEG', 'GIF', 'WEBP')


class Pictures:
    """The publication's images, read once each, turned upright and no larger than print needs."""

    def __init__(self, publication: Publication) -> None:
        self._paths = {image.file_id: image.path for image in publication.images}
        self._read: dict[UUID, tuple[Any, tuple[int, int]] | None] = {}

    def picture(self, file_id: UUID, width: float, element: Element) -> Picture | None:
        if file_id not in self._read:
            self._read[file_id] = self._load(file_id)
        found = self._read[file_id]
        return None if found is None else Picture(found[0], size=found[1], width=width, element=element)

    def _load(self, file_id: UUID) -> tuple[Any, tuple[int, int]] | None:
        path = self._paths.get(file_id)
        if path is None or not path.is_file():
            return None
        try:
            with Image.open(path, formats=_FORMATS) as opened:
                if opened.width * opened.height > _MOST_PIXELS:
                    return None
                image: Image.Image = ImageOps.exif_transpose(opened)
                image.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
                transparent = 'A' in image.getbands() or 'transparency' in image.info
                image = image.convert('RGBA' if transparent else 'RGB')
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
            return None
        return ImageReader(image), image.size
