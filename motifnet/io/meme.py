"""MEME motif format, versions 4 and 5: minimal, and the full text output of the program.

The format is described at https://meme-suite.org/meme/doc/meme-format.html.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from motifnet.errors import MotifFormatError
from motifnet.io.formats import (
    FORMATS,
    NOMINAL_SITES,
    Held,
    Lines,
    MotifFormat,
    is_numeric,
    numbers,
    of_probabilities,
    word,
)
from motifnet.motifs import Motif
from motifnet.motifs.matrix import UNIFORM

_VERSION = re.compile(r"\s*MEME version\b", re.IGNORECASE)
_MOTIF = re.compile(r"MOTIF\s+\S")
_ALPHABET = re.compile(r"ALPHABET\s*(?:=\s*(\S+)|\".*|$)")
_SYMBOL = re.compile(r"(\w)(?:\s+\"[^\"]*\")?(?:\s+[0-9A-Fa-f]{6})?(?:\s*~\s*(\w)\b.*)?\s*$")
_RNA = "ACGU"
_RULE = "****"  # between the parts of the full text output
_BACKGROUND = "Background letter frequencies"
_LETTER_FREQUENCY = re.compile(r"([A-Za-z])\s+([-+.\deE]+)")
_MATRIX = "letter-probability matrix"
_ATTRIBUTE = re.compile(r"(\w+)\s*=\s*(\S+)")


def matches(lines: Lines) -> bool:
    """Whether a line names the version of MEME."""
    return any(_VERSION.match(text) for _, text in lines)


def parse_meme(lines: Lines, path: Path) -> list[Motif]:
    """The motifs of a MEME file; none, if it has a header only.

    Counts are the probabilities times ``nsites``, which is 20 where a file does not say, as
    the format has it. Log-odds matrices are skipped, and a score that stands in the place of
    the E-value (``S=``) is no E-value.

    Raises
    ------
    MotifFormatError
        If the motifs are not of DNA or RNA, or a matrix is missing, cut short or wrong.
    """
    begins = [i for i, (_, text) in enumerate(lines) if _MOTIF.match(text)]
    header = lines[: begins[0]] if begins else lines
    _check_alphabet(header, path)
    background = _background(header, path)
    sections = [lines[i:j] for i, j in pairwise([*begins, len(lines)])]
    return [_motif(section, background, path) for section in sections]


def render_meme(motifs: Sequence[Motif], bases: str = "ACGT", strands: str = "+ -") -> str:
    """Motifs as a MEME file of version 4.

    A MEME file has one background, which is that of the first motif.

    Parameters
    ----------
    motifs : sequence of Motif
    bases : {"ACGT", "ACGU"}
        The letters of DNA, or those of RNA, which has one strand.
    strands : {"+ -", "+"}
        The strands of DNA that the motifs are of.
    """
    background = motifs[0].background if motifs else UNIFORM
    frequencies = " ".join(f"{letter} {share:.6g}" for letter, share in zip(bases, background, strict=True))
    sided = "" if bases == _RNA else f"strands: {strands}\n\n"
    header = f"MEME version 4\n\nALPHABET= {bases}\n\n{sided}{_BACKGROUND}\n{frequencies}\n\n"
    return header + "\n".join(_rendered(motif) for motif in motifs)


_HOLDS = Held.ALT_NAME | Held.N_SITES | Held.E_VALUE | Held.BACKGROUND | Held.BASES
FORMATS.register("meme")(MotifFormat((".meme",), _HOLDS, matches, parse_meme, render_meme))


def _check_alphabet(header: Lines, path: Path) -> None:
    for i, (line, text) in enumerate(header):
        match = _ALPHABET.match(text)
        letters = "" if match is None else match[1] or _declared(header[i + 1 :])
        if letters and letters not in ("ACGT", _RNA):
            raise MotifFormatError(
                path, f"has motifs over the letters {letters}; expected ACGT or ACGU", line
            )


def _declared(lines: Lines) -> str:
    """The letters of an alphabet that is declared line by line, as version 5 does, in order."""
    letters: set[str] = set()
    for _, text in lines:
        match = _SYMBOL.match(text.strip())
        if match:
            letters.update(letter for letter in match.groups() if letter)
        elif letters and (text.startswith("END ALPHABET") or text.startswith(_RULE)):
            break
    return "".join(sorted(letters))


def _background(header: Lines, path: Path) -> np.ndarray:
    begin = next((i for i, (_, text) in enumerate(header) if text.startswith(_BACKGROUND)), None)
    if begin is None:
        return UNIFORM
    shares: list[float] = []
    line = header[begin][0]
    for line, text in header[begin + 1 :]:
        if shares and not text.strip():
            break
        shares += [
            value for pair in _LETTER_FREQUENCY.findall(text) for value in numbers(pair[1], path, line)
        ]
        if len(shares) >= 4:
            break
    background = of_probabilities(shares, path, line)
    if background.min() == 0:
        raise MotifFormatError(path, "has a background frequency of 0; expected all above 0", line)
    return background


def _motif(section: Lines, background: np.ndarray, path: Path) -> Motif:
    line, title = section[0]
    name, alt_name = _names(title)
    begin = next((i for i, (_, text) in enumerate(section) if text.lstrip().startswith(_MATRIX)), None)
    if begin is None:
        raise MotifFormatError(path, f"motif {name} has no letter-probability matrix", line)
    attributes = dict(_ATTRIBUTE.findall(section[begin][1]))
    declared = _attribute(attributes, "w", path, section[begin][0])
    columns = _columns(section[begin + 1 :], path)
    if not columns or (declared is not None and len(columns) != declared):
        wanted = "some" if declared is None else f"{declared:g}"
        hint = "" if len(columns) > (declared or 0) else ". Is the file cut short?"
        raise MotifFormatError(
            path, f"motif {name} has {len(columns)} rows; expected {wanted}{hint}", section[begin][0]
        )
    n_sites = _attribute(attributes, "nsites", path, section[begin][0]) or NOMINAL_SITES
    e_value = _e_value(attributes)
    return Motif(name, np.stack(columns, 1) * n_sites, background.copy(), n_sites, alt_name, e_value)


def _names(title: str) -> tuple[str, str]:
    """Name and second name; the full text output goes on with ``width =`` and more."""
    fields = re.split(r"\bwidth\s*=", title)[0].split()[1:]
    return fields[0], word(" ".join(fields[1:]))


def _attribute(attributes: dict[str, str], key: str, path: Path, line: int) -> float | None:
    return numbers(attributes[key], path, line)[0] if key in attributes else None


def _e_value(attributes: dict[str, str]) -> float | None:
    # Some converters write what is no E-value there; a matrix is not refused for that.
    try:
        e_value = float(attributes.get("E", "nan"))
    except ValueError:
        return None
    return e_value if 0 <= e_value < np.inf else None


def _columns(lines: Lines, path: Path) -> list[np.ndarray]:
    """The columns of the motif, which are rows of the file, while numbers follow."""
    columns: list[np.ndarray] = []
    for line, text in lines:
        if columns and not is_numeric(text):
            break
        if text.strip():
            columns.append(of_probabilities(numbers(text, path, line), path, line))
    return columns


def _rendered(motif: Motif) -> str:
    title = f"MOTIF {word(motif.name)} {word(motif.alt_name)}".rstrip()
    # Readers expect a whole number of sites.
    sites = max(1, round(motif.n_sites))
    e_value = "" if motif.e_value is None else f" E= {motif.e_value:.3g}"
    matrix = f"{_MATRIX}: alength= 4 w= {motif.width} nsites= {sites}{e_value}"
    rows = (" ".join(f"{share:.10f}" for share in column) for column in motif.probabilities.T)
    return "\n".join([title, matrix, *rows]) + "\n"
