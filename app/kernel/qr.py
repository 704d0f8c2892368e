"""QR codes (ISO/IEC 18004) of short texts, drawn here: a secret is shown to no service outside.

Bytes mode, error correction M, versions 1 to 10: up to 213 bytes.
"""

from __future__ import annotations

from functools import cache
from itertools import product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Grid = list[list[bool]]
QUIET = 4  # empty modules around the code
_FINDER = 7  # modules of the squares in three corners
# Of each version at level M: bytes of error correction in a block, and bytes of data in each block.
_BLOCKS: tuple[tuple[int, tuple[int, ...]], ...] = (
    (10, (16,)),
    (16, (28,)),
    (26, (44,)),
    (18, (32, 32)),
    (24, (43, 43)),
    (16, (27, 27, 27, 27)),
    (18, (31, 31, 31, 31)),
    (22, (38, 38, 39, 39)),
    (22, (36, 36, 36, 37, 37)),
    (26, (43, 43, 43, 43, 44)),
)
_ALIGNED = (
    *((), (6, 18), (6, 22), (6, 26), (6, 30), (6, 34)),
    *((6, 22, 38), (6, 24, 42), (6, 26, 46), (6, 28, 50)),
)
_MASKS: tuple[Callable[[int, int], bool], ...] = (
    lambda y, x: (y + x) % 2 == 0,
    lambda y, _x: y % 2 == 0,
    lambda _y, x: x % 3 == 0,
    lambda y, x: (y + x) % 3 == 0,
    lambda y, x: (y // 2 + x // 3) % 2 == 0,
    lambda y, x: y * x % 2 + y * x % 3 == 0,
    lambda y, x: (y * x % 2 + y * x % 3) % 2 == 0,
    lambda y, x: ((y + x) % 2 + y * x % 3) % 2 == 0,
)
_LONG_COUNT = 10  # from this version on the length takes two bytes


def path_of(text: str) -> tuple[int, str]:
    """The code of a text as side and path of an SVG drawing. Raises ``ValueError`` if too long."""
    grid = code_of(text)
    dots = (
        f"M{x + QUIET} {y + QUIET}h1v1h-1z"
        for y, row in enumerate(grid)
        for x, dark in enumerate(row)
        if dark
    )
    return len(grid) + 2 * QUIET, "".join(dots)


def code_of(text: str) -> Grid:
    """The modules of the code, dark ones true. Raises ``ValueError`` for too long a text."""
    content = text.encode()
    version = _version(len(content))
    grid, fixed = _frame(version)
    _lay(grid, fixed, _bits(content, version))
    return min((_masked(grid, fixed, number) for number in range(len(_MASKS))), key=_penalty)


def _version(length: int) -> int:
    for version, (_correction, blocks) in enumerate(_BLOCKS, 1):
        if length + (3 if version >= _LONG_COUNT else 2) <= sum(blocks):
            return version
    raise ValueError(length)


def _bits(content: bytes, version: int) -> Iterator[bool]:
    """All bits in the order they are laid: data of all blocks in turn, then their correction."""
    correction, sizes = _BLOCKS[version - 1]
    wide = 16 if version >= _LONG_COUNT else 8
    number = int.from_bytes(content) | len(content) << 8 * len(content)
    number |= 0b0100 << 8 * len(content) + wide
    whole = (number << 4).to_bytes((8 * len(content) + wide + 8) // 8)
    room = sum(sizes) - len(whole)
    data = iter(whole + (b"\xec\x11" * room)[:room])
    blocks = [bytes(next(data) for _ in range(size)) for size in sizes]
    checks = [_correction(block, correction) for block in blocks]
    laid = [b[i] for i in range(max(sizes)) for b in blocks if i < len(b)]
    laid += [check[i] for i in range(correction) for check in checks]
    return (bool(byte >> place & 1) for byte in laid for place in range(7, -1, -1))


def _times(one: int, other: int) -> int:
    """A product in the field of 256 elements that the standard names."""
    found = 0
    for place in range(7, -1, -1):
        found = found << 1 ^ (found >> 7) * 0x11D
        found ^= (other >> place & 1) * one
    return found


@cache
def _divisor(degree: int) -> tuple[int, ...]:
    found = [0] * (degree - 1) + [1]
    root = 1
    for _ in range(degree):
        for place in range(degree):
            found[place] = _times(found[place], root)
            if place + 1 < degree:
                found[place] ^= found[place + 1]
        root = _times(root, 2)
    return tuple(found)


def _correction(block: bytes, degree: int) -> list[int]:
    rest = [0] * degree
    for byte in block:
        factor = byte ^ rest.pop(0)
        rest.append(0)
        rest = [one ^ _times(by, factor) for one, by in zip(rest, _divisor(degree), strict=True)]
    return rest


def _frame(version: int) -> tuple[Grid, Grid]:
    """What every code of the version has, and which modules that takes."""
    size = 4 * version + 17
    grid = [[False] * size for _ in range(size)]
    fixed = [[False] * size for _ in range(size)]
    for along in range(size):
        for y, x in ((6, along), (along, 6)):
            grid[y][x], fixed[y][x] = along % 2 == 0, True
    for y, x in ((3, 3), (3, size - 4), (size - 4, 3)):
        _square(grid, fixed, (y, x), 4)
    places = set(product(_ALIGNED[version - 1], repeat=2))
    for middle in places - {(6, 6), (6, size - 7), (size - 7, 6)}:
        _square(grid, fixed, middle, 2)
    for y, x, _bit in (*_format_places(size, 0), *_version_places(size, version)):
        fixed[y][x] = True
    for y, x, bit in _version_places(size, version):
        grid[y][x] = bit
    return grid, fixed


def _square(grid: Grid, fixed: Grid, middle: tuple[int, ...], reach: int) -> None:
    for dy in range(-reach, reach + 1):
        for dx in range(-reach, reach + 1):
            y, x = middle[0] + dy, middle[1] + dx
            if 0 <= y < len(grid) and 0 <= x < len(grid):
                ring = max(abs(dy), abs(dx))
                grid[y][x] = ring not in ({2, 4} if reach > 2 else {1})  # noqa: PLR2004 - a finder
                fixed[y][x] = True


def _checked(value: int, generator: int, bits: int) -> int:
    rest = value
    for _ in range(bits):
        rest = rest << 1 ^ (rest >> bits - 1) * generator
    return value << bits | rest


def _format_places(size: int, mask: int) -> Iterator[tuple[int, int, bool]]:
    told = _checked(mask, 0x537, 10) ^ 0x5412  # level M is 0
    column = [(y, 8) for y in (0, 1, 2, 3, 4, 5, 7, 8)] + [(8, x) for x in (7, 5, 4, 3, 2, 1, 0)]
    row = [(8, size - 1 - i) for i in range(8)] + [(size - 15 + i, 8) for i in range(8, 15)]
    for places in (column, row):
        yield from ((y, x, bool(told >> i & 1)) for i, (y, x) in enumerate(places))
    yield size - 8, 8, True


def _version_places(size: int, version: int) -> Iterator[tuple[int, int, bool]]:
    told = _checked(version, 0x1F25, 12)
    for place in range(18 if version >= _FINDER else 0):
        near, far, bit = place // 3, size - 11 + place % 3, bool(told >> place & 1)
        yield near, far, bit
        yield far, near, bit


def _lay(grid: Grid, fixed: Grid, bits: Iterator[bool]) -> None:
    """Lay the bits in columns of two, up and down from the right; column 6 is left out."""
    size = len(grid)
    rights = [x for x in range(size - 1, 0, -2) if x > 6] + [5, 3, 1]  # noqa: PLR2004 - the timing line
    for turn, right in enumerate(rights):
        for step in range(size):
            y = step if turn % 2 else size - 1 - step
            for x in (right, right - 1):
                if not fixed[y][x]:
                    grid[y][x] = next(bits, False)


def _masked(grid: Grid, fixed: Grid, mask: int) -> Grid:
    made = [
        [dark ^ (not taken and _MASKS[mask](y, x)) for x, (dark, taken) in enumerate(pairs)]
        for y, pairs in enumerate(zip(*rows, strict=True) for rows in zip(grid, fixed, strict=True))
    ]
    for y, x, bit in _format_places(len(grid), mask):
        made[y][x] = bit
    return made


def _penalty(grid: Grid) -> int:
    """How hard the code is to read: runs of one colour, blocks, false finders, an uneven share."""
    size = len(grid)
    lines = ["".join("#" if dark else "." for dark in line) for line in grid]
    lines += ["".join(column) for column in zip(*lines, strict=True)]
    found = sum(_runs(line) for line in lines)
    for y in range(size - 1):
        for x in range(size - 1):
            four = {grid[y][x], grid[y][x + 1], grid[y + 1][x], grid[y + 1][x + 1]}
            found += 3 * (len(four) == 1)
    dark = sum(map(sum, grid))
    return found + 10 * (abs(20 * dark - 10 * size * size) // (size * size))


def _runs(line: str) -> int:
    found = 0
    for run in line.replace(".#", ". #").replace("#.", "# .").split():
        found += len(run) - 2 if len(run) > 4 else 0  # noqa: PLR2004 - five of one colour
    padded = f"....{line}...."
    for finder in ("#.###.#....", "....#.###.#"):
        found += 40 * sum(padded.startswith(finder, at) for at in range(len(padded)))
    return found
