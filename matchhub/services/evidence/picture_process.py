"""The picture process of ``services.evidence.pictures``: ``python -m matchhub.services.evidence.picture_process``.

It limits itself, then answers requests until its input ends. A request is a line of JSON (``do``, ``type``, ``page``,
``bytes``) and that many bytes; an answer likewise (``code`` where the file is refused). All decoding of files that
strangers sent happens here: what a hostile file breaks is this process, and a line of JSON is all that comes out of it.
"""

from __future__ import annotations

import io
import json
import sys
from typing import IO, Any

import imagehash
import pillow_heif
import pypdfium2
from PIL import Image, ImageOps

from matchhub.domain.papers import HASH_EDGE
from matchhub.process_limits import OUT_OF_MEMORY, limit_processor_time, limit_this_process

MEMORY_BYTES = 1_500_000_000
_SECONDS = 12  # of processor time for one file
_MOST_PIXELS = 80_000_000  # a page of A3 at 600 dots per inch
_MOST_PAGES = 500
_EDGE = 1_600  # pixels of the longer side of what is shown
_PDF = "application/pdf"


class _Refused(Exception):
    """The file is refused; the first argument is the code."""


def _picture(content: bytes, kind: str, page: int) -> tuple[Image.Image, int]:
    """The page (from 1) as an RGB picture no larger than what is shown, and how many pages there are."""
    if kind == _PDF:
        return _page(content, page)
    with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "HEIF")) as opened:
        if opened.width * opened.height > _MOST_PIXELS:
            raise _Refused("evidence_pixels")
        if page != 1:
            raise _Refused("evidence_page_missing")
        opened.draft("RGB", (_EDGE, _EDGE))
        turned = ImageOps.exif_transpose(opened)
        if turned.has_transparency_data:
            turned = turned.convert("RGBA")
            turned = Image.alpha_composite(Image.new("RGBA", turned.size, "white"), turned)
        plain = turned.convert("RGB")
    plain.thumbnail((_EDGE, _EDGE))
    return plain, 1


def _page(content: bytes, page: int) -> tuple[Image.Image, int]:
    document = pypdfium2.PdfDocument(content)
    pages = len(document)
    if not 1 <= pages <= _MOST_PAGES:
        raise _Refused("evidence_pages")
    if not 1 <= page <= pages:
        raise _Refused("evidence_page_missing")
    sheet = document[page - 1]
    width, height = sheet.get_size()
    if not (0 < width < 1e5 and 0 < height < 1e5):
        raise _Refused("evidence_unreadable")
    bitmap = sheet.render(scale=_EDGE / max(width, height), may_draw_forms=False)
    return bitmap.to_pil().convert("RGB"), pages


def _answer(request: dict[str, Any], content: bytes) -> tuple[dict[str, Any], bytes]:
    try:
        picture, pages = _picture(content, request["type"], request["page"])
    except _Refused as refused:
        return {"code": refused.args[0]}, b""
    except (MemoryError, RecursionError):
        raise
    except Exception:  # decoders raise anything for a damaged file; whatever it was, the file cannot be shown
        return {"code": "evidence_unreadable"}, b""
    if request["do"] == "look":
        return {"pages": pages, "hash": str(imagehash.phash(picture, HASH_EDGE))}, b""
    made = io.BytesIO()
    picture.save(made, "PNG")
    return {"pages": pages}, made.getvalue()


def _serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    while line := requests.readline():
        request = json.loads(line)
        content = requests.read(request["bytes"])
        limit_processor_time(_SECONDS)
        told, made = _answer(request, content)
        answers.write(json.dumps(told | {"bytes": len(made)}).encode() + b"\n" + made)
        answers.flush()


def main() -> int:
    """Answer until the input ends; returns the exit status."""
    pillow_heif.register_heif_opener()
    Image.MAX_IMAGE_PIXELS = None  # the limit stands above and is told as such
    limit_this_process(MEMORY_BYTES, None)
    try:
        _serve(sys.stdin.buffer, sys.stdout.buffer)
    except (MemoryError, RecursionError):
        return OUT_OF_MEMORY
    return 0


if __name__ == "__main__":
    sys.exit(main())
