"""Ways to spoil a file."""

from __future__ import annotations

from random import Random

_PIECES = (
    *(b"9" * 5000, b"99999999999999999999", b"1e308", b"1e999", b"-1", b"nan", b"inf", b"0", b"0x10", b"1_0"),
    *(b"\0", b"\xff", b"\xef\xbb\xbf", b"\r", b"\r\n", b"\n", b"\n\n", b"\t", b" ", b"#", b">", b"//\n", b""),
    *(
        b"{",
        b'"',
        b"true",
        b"chr1:1-100",
        b"\xd9\xa3",
        b"A" * 3000,
        b"energy matrix\n",
        b"MOTIF",
        b"MOTIF x\n",
    ),
    *(
        b"letter-probability matrix:\n",
        b"Pos\tA\tC\tG\tT\n",
        b"P0  A  C  G  T\n",
        b"AC  x\n",
        b">x\n",
        b"A:\t1\n",
    ),
)


def mutated(data: bytes, random: Random) -> bytes:
    """Bytes with one to four things done to them."""
    for _ in range(random.randint(1, 4)):
        data = random.choice(_WAYS)(data, random)
    return data


def _place(data: bytes, random: Random) -> int:
    return random.randint(0, len(data))


def _flip(data: bytes, random: Random) -> bytes:
    at = _place(data, random)
    return data[:at] + bytes([random.randint(0, 255)]) + data[at + 1 :]


def _cut(data: bytes, random: Random) -> bytes:
    return data[: _place(data, random)]


def _remove(data: bytes, random: Random) -> bytes:
    at = _place(data, random)
    return data[:at] + data[at + random.randint(1, 30) :]


def _insert(data: bytes, random: Random) -> bytes:
    at = _place(data, random)
    return data[:at] + random.choice(_PIECES) + data[at:]


def _replace_word(data: bytes, random: Random) -> bytes:
    words = data.split(b"\t" if b"\t" in data and random.random() < 0.7 else b" ")
    glue = b"\t" if b"\t" in data and len(words) > 1 and data.count(b"\t") == len(words) - 1 else b" "
    words[random.randrange(len(words))] = random.choice(_PIECES)
    return glue.join(words)


def _lines(change):
    def changed(data: bytes, random: Random) -> bytes:
        lines = data.split(b"\n")
        change(lines, random.randrange(len(lines)), random)
        return b"\n".join(lines)

    return changed


def _double(lines: list[bytes], i: int, _random: Random) -> None:
    lines.insert(i, lines[i])


def _drop(lines: list[bytes], i: int, _random: Random) -> None:
    del lines[i]


def _indent(lines: list[bytes], i: int, _random: Random) -> None:
    lines[i] = b"  " + lines[i]


def _comment(lines: list[bytes], i: int, _random: Random) -> None:
    lines[i] = b"#" + lines[i]


def _swap(lines: list[bytes], i: int, random: Random) -> None:
    j = random.randrange(len(lines))
    lines[i], lines[j] = lines[j], lines[i]


def _add(lines: list[bytes], i: int, random: Random) -> None:
    lines.insert(i, random.choice(_PIECES))


_WAYS = (
    _flip, _cut, _remove, _insert, _insert, _replace_word,
    *map(_lines, (_double, _drop, _indent, _comment, _swap, _add)),
)  # fmt: skip
