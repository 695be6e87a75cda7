"""A logo: known by its content and made anew, small, without anything but its pixels."""

import io

from PIL import Image, ImageOps, UnidentifiedImageError

from services.errors import InvalidInput, PlatformError, TooLarge

LIMIT = 2 * 1024**2
MEDIA_TYPE = 'image/png'
# Memory is spent per pixel, whatever the file weighs.
_MOST_PIXELS = 16_000_000
_SIDE = 512
_KINDS = ('PNG', 'JPEG', 'WEBP')


class NotALogo(PlatformError):
    status_code = 415
    code = 'not_a_picture'

    def __init__(self) -> None:
        super().__init__(
            'This is not a PNG, JPEG or WebP picture that can be read. Save the logo as one and try again.'
        )


def check_size(content: bytes) -> None:
    if len(content) > LIMIT:
        raise TooLarge('A logo may have up to 2 MB. Make it smaller and try again.')


def made_anew(content: bytes) -> bytes:
    """A PNG of at most 512 × 512 pixels. Takes up to a second: call it in a thread."""
    try:
        with Image.open(io.BytesIO(content), formats=_KINDS) as picture:
            if picture.width * picture.height > _MOST_PIXELS:
                raise _too_many_pixels()
            picture.draft('RGB', (2 * _SIDE, 2 * _SIDE))  # a JPEG is read at a fraction of its size
            upright = ImageOps.exif_transpose(picture)
            whole = upright.convert('RGBA' if _is_clear(upright) else 'RGB')
    except Image.DecompressionBombError as error:
        raise _too_many_pixels() from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as error:
        raise NotALogo() from error
    whole.thumbnail((_SIDE, _SIDE))
    whole.info.clear()
    written = io.BytesIO()
    whole.save(written, 'PNG', optimize=True)
    return written.getvalue()


def _is_clear(picture: Image.Image) -> bool:
    return picture.has_transparency_data


def _too_many_pixels() -> InvalidInput:
    fault = 'This picture has more than 16 million pixels. Make it smaller and try again.'
    return InvalidInput(fault, fields={'file': fault})
