"""What is never torn over two pages: a few labelled values, a few signatures, the last words before either with them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tmr_app.documents.content import Block, Fields, Narrative, Paragraph, SignatureTable

LINES = 24
"""Lines that stay together: they fit on the lowest page, a sheet turned on its side, with their label."""
_LETTERS = 90
"""Letters of a full line of the narrowest page."""
_TO_SIGN_IN = 3
"""Lines as high as a row to sign in."""
_FIELDS = (0.34, 0.66)


def whole(block: Block) -> bool:
    """Whether the block stands on one page."""
    if isinstance(block, Narrative | Paragraph):
        return _lines((block.text,), (1,)) <= LINES
    if isinstance(block, Fields):
        return sum(_lines(row, _FIELDS) for row in block.rows) <= LINES
    if isinstance(block, SignatureTable):
        return sum(max(_TO_SIGN_IN, _lines(row, block.widths)) for row in block.rows) <= LINES
    return False


def kept(blocks: Sequence[Block]) -> Iterator[tuple[Block, bool]]:
    """Each block, and whether it stays with the next."""
    for block, following in zip(blocks, [*blocks[1:], None], strict=True):
        yield block, whole(block) and _belong(block, following)


def _belong(block: Block, following: Block | None) -> bool:
    """Signatures to the last words signed, a decision to its discussion, a discussion to who opened it."""
    if isinstance(following, SignatureTable):
        return whole(following)
    if not isinstance(block, Paragraph):
        return False
    if isinstance(following, Fields):
        return whole(following)
    return block.quiet and isinstance(following, Paragraph)


def _lines(cells: Sequence[str], widths: Sequence[float]) -> int:
    """Lines of the highest cell of a row, rather too many than too few."""
    rooms = [max(1, int(_LETTERS * width / sum(widths))) for width in widths]
    return max(
        sum(1 + len(line) // room for line in cell.split("\n"))
        for cell, room in zip(cells, rooms, strict=True)
    )
