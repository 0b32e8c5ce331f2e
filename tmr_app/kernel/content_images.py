"""Pictures are decoded and drawn again: place, camera, thumbnails and anything appended to the file are gone (T28)."""

import io
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

from tmr_app.kernel.content_kinds import Content, FileRefused, Kind, damaged
from tmr_app.regulation.verdicts import Message

LONGEST_SIDE = 20_000
MOST_PIXELS = 50_000_000
_FORMATS = {Kind.PNG: ["PNG"], Kind.JPEG: ["JPEG", "MPO"]}
_PNG_MODES = {"1", "L", "LA", "P", "RGB", "RGBA", "I;16"}

TOO_LARGE = Message(
    "The picture has too many points (at most 50 million, 20,000 on a side). Save it smaller and try again."
)


def redrawn(data: bytes, kind: Kind) -> Content:
    """The picture without metadata, turned upright. Raises FileRefused; sizes are checked before decoding."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data), formats=_FORMATS[kind])
    except Image.DecompressionBombError:
        raise FileRefused(TOO_LARGE) from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        raise damaged(kind) from None
    with picture:
        width, height = picture.size
        if max(width, height) > LONGEST_SIDE or width * height > MOST_PIXELS:
            raise FileRefused(TOO_LARGE)
        try:
            return Content(_drawn(picture, kind))
        except (OSError, ValueError, SyntaxError, EOFError, MemoryError):
            raise damaged(kind) from None


def _drawn(picture: Image.Image, kind: Kind) -> bytes:
    picture.seek(0)
    picture.load()
    upright = ImageOps.exif_transpose(picture)
    transparent = upright.info.get("transparency")
    upright.info = {}
    target = io.BytesIO()
    if kind is Kind.JPEG:
        upright.convert("L" if upright.mode == "L" else "RGB").save(target, "JPEG", quality=90)
        return target.getvalue()
    fitting = upright if upright.mode in _PNG_MODES else upright.convert("RGBA")
    options = {} if transparent is None else {"transparency": transparent}
    fitting.save(target, "PNG", **options)
    return target.getvalue()
