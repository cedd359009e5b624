"""Backgrounds of the MEME Suite: words of bases and their probabilities, one a line."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np

from motifnet.errors import BackgroundFormatError, shown
from motifnet.io.fields import decimal
from motifnet.io.motif_format import as_dna
from motifnet.io.text import numbered_lines
from motifnet.symbols.background import LARGEST_ORDER, Background

_SUM_TOLERANCE = 0.01  # probabilities are printed with few digits


def read_background(path: str | Path, *, strand_symmetric: bool = True) -> Background:
    """Read a background in the format that ``fasta-get-markov`` writes.

    Each line has a word, of DNA or RNA, and its probability; the order of the model is that of the longest
    words, less one. Comments begin with ``#``.

    Parameters
    ----------
    path : str or Path
    strand_symmetric : bool
        Make a word as likely as its reverse complement.

    Raises
    ------
    MissingFile
        If there is no such file.
    BackgroundFormatError
        If a word or number is wrong, if a word is missing or there twice, if words are too long, or if
        probabilities do not sum to 1.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "yeast.bg")
    ...     _ = path.write_text("# order 0\\nA 0.31\\nC 0.19\\nG 0.19\\nT 0.31\\n")
    ...     background = read_background(path)
    >>> background.order, background.probabilities.round(2).tolist()
    (0, [0.31, 0.19, 0.19, 0.31])
    """
    words = _words(path)
    if not words:
        raise BackgroundFormatError(path, "is empty; expected words of bases and their probabilities")
    tables = [_table(words, width, path) for width in range(1, max(map(len, words)) + 1)]
    if not tables[0].all():
        raise BackgroundFormatError(path, "has a base of probability 0; expected all above 0")
    return Background.from_counts(tables[-1], tables[0], strand_symmetric=strand_symmetric, pseudocount=0.0)


def _words(path: str | Path) -> dict[str, float]:
    found: dict[str, float] = {}
    for line, text in numbered_lines(path, "background file", BackgroundFormatError):
        fields = text.split()
        if fields and not text.lstrip().startswith("#"):
            word, probability = _word(fields, path, line)
            if word in found:
                raise BackgroundFormatError(path, f"has the word {word} twice; expected each once", line)
            found[word] = probability
    return found


def _word(fields: list[str], path: str | Path, line: int) -> tuple[str, float]:
    expected = "expected a word of A, C, G and T and its probability, such as 'A 0.3'"
    word = as_dna(fields[0])
    if len(fields) != 2 or set(word) - set("ACGT"):
        raise BackgroundFormatError(path, f"holds {shown(' '.join(fields), 40)!r}; {expected}", line)
    if len(word) > LARGEST_ORDER + 1:
        raise BackgroundFormatError(
            path, f"has a word of {len(word)} bases; expected at most {LARGEST_ORDER + 1}", line
        )
    probability = decimal(fields[1])
    if probability is None or not 0 <= probability <= 1:
        raise BackgroundFormatError(
            path, f"probability is {shown(fields[1])!r}; expected a number from 0 to 1", line
        )
    return word, probability


def _table(words: dict[str, float], width: int, path: str | Path) -> np.ndarray:
    """The probabilities of all words of a width, ``shape=(4 ** width,)``."""
    wanted = ["".join(letters) for letters in itertools.product("ACGT", repeat=width)]
    missing = [word for word in wanted if word not in words]
    if missing:
        raise BackgroundFormatError(
            path, f"lacks the word {missing[0]!r}; expected all {len(wanted)} words of {width} bases"
        )
    table = np.array([words[word] for word in wanted])
    if abs(table.sum() - 1) > _SUM_TOLERANCE:
        raise BackgroundFormatError(
            path, f"probabilities of words of {width} bases sum to {table.sum():.4g}; expected 1"
        )
    return table
