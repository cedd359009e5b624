"""Sequences by processes that are none of the models that tests of ties fit, under ties that hold or not."""

from __future__ import annotations

import numpy as np

from motifnet.symbols import DNA, Sequences
from motifnet.symbols.background import Background

KINDS = ("order 2", "GC varies", "overlapping sites", "look-alikes")
"""Words of three bases that are not as frequent on both strands; a GC content of each sequence; sites that
overlap each other, of a motif that overlaps itself; and windows that share most of their bases."""

_WORDS = {"overlapping sites": "CACACGCACA"}
_PURITY = 0.85  # of each base of a site


def made(
    kind: str,
    n: int,
    rng: np.random.Generator,
    *,
    length: int = 80,
    share: float = 0.7,
    forward: float = 0.5,
    scatter: float | None = None,
    turned: bool = True,
    word: str = "TGACTCAGCA",
) -> Sequences:
    """Sequences with sites of one motif.

    Parameters
    ----------
    kind : str
        One of :data:`KINDS`.
    n, length : int
        How many, and of how many bases.
    share : float
        Of the sequences, with a site.
    forward : float
        Of the sites, on the given strand.
    scatter : float, optional
        Standard deviation of sites around the centre, in bases; anywhere if not given.
    turned : bool
        Turn each sequence, or family of look-alikes, at random: then strands are alike, whatever the rest.
    """
    family = np.arange(n)
    if kind == "look-alikes":
        family = np.sort(rng.integers(0, 2 * n // 3, n))
    # Windows of a family overlap by 40 bases or more: what shares less may not be taken for alike.
    margin = min(length // 3, length - 40) if kind == "look-alikes" else 0
    codes = _background(kind, n, length + margin, rng)[family]
    codes = _planted(codes, family, rng, _WORDS.get(kind, word), share, forward, scatter)
    if kind == "overlapping sites":
        codes = _planted(codes, family, rng, _WORDS[kind], share / 2, forward, scatter)
    offset = rng.integers(0, margin + 1, n)
    windows = [one[start : start + length] for one, start in zip(codes, offset, strict=True)]
    if turned:
        is_turned = (rng.random(n) < 0.5)[family]
        windows = [
            DNA.reverse_complement(one) if turn else one for one, turn in zip(windows, is_turned, strict=True)
        ]
    return Sequences.from_codes(windows, [f"s{i}" for i in range(n)])


def _background(kind: str, n: int, length: int, rng: np.random.Generator) -> np.ndarray:
    if kind == "GC varies":
        gc = rng.beta(4, 4, (n, 1))
        is_gc, other = rng.random((n, length)) < gc, rng.random((n, length)) < 0.5
        return np.where(is_gc, np.where(other, 1, 2), np.where(other, 0, 3)).astype(np.uint8)
    words = rng.integers(5, 30, 64)
    return Background.from_counts(words, words.reshape(16, 4).sum(0), strand_symmetric=False).sample(
        n, length, rng
    )


def _planted(codes, family, rng, word, share, forward, scatter):
    """The same with a site in a share of families, all members of which have it alike."""
    codes, site = codes.copy(), DNA.encode(word)
    length = codes.shape[1]
    for one in np.unique(family):
        if rng.random() >= share:
            continue
        bases = np.where(rng.random(len(site)) < _PURITY, site, rng.integers(0, 4, len(site)))
        bases = bases.astype(np.uint8)
        if rng.random() >= forward:
            bases = DNA.reverse_complement(bases)
        room = length - len(site)
        at = rng.integers(0, room + 1) if scatter is None else round(rng.normal(room / 2, scatter))
        codes[family == one, slice(*(int(np.clip(at, 0, room)) + np.array([0, len(site)])))] = bases
    return codes


def all_turned(sequences: Sequences) -> Sequences:
    """All sequences turned."""
    return some_turned(sequences, np.ones(len(sequences), bool))


def some_turned(sequences: Sequences, chosen: np.ndarray) -> Sequences:
    """The sequences, some of them as their reverse complements."""
    codes = [DNA.reverse_complement(sequences[i]) if turn else sequences[i] for i, turn in enumerate(chosen)]
    return Sequences.from_codes(codes, sequences.names)
