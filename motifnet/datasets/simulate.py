"""Sequences with planted motifs, and the truth about them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np

from motifnet.errors import InvalidValue
from motifnet.motifs import Motif
from motifnet.strand import Strand
from motifnet.symbols import DNA, Sequences
from motifnet.symbols.background import Background

_IUPAC = {
    "A": "A", "C": "C", "G": "G", "T": "T", "U": "T", "R": "AG", "Y": "CT", "S": "CG", "W": "AT", "K": "GT",
    "M": "AC", "B": "CGT", "D": "AGT", "H": "ACT", "V": "ACG", "N": "ACGT",
}  # fmt: skip


class Planted(NamedTuple):
    """A motif and how it is planted.

    Parameters
    ----------
    motif : Motif
        Sites are drawn from its probabilities, column by column.
    share : float
        Share of the targets that get it.
    n_sites : tuple of int
        Fewest and most sites in such a target.
    position : {"uniform", "centred"}
        Anywhere, or normally distributed about the centre of the sequence.
    spread : float
        Standard deviation of a centred position, in bases.
    strand : Strand
        ``BOTH`` where a site may lie on the reverse strand, or ``SINGLE``.
    """

    motif: Motif
    share: float = 1.0
    n_sites: tuple[int, int] = (1, 1)
    position: Literal["uniform", "centred"] = "uniform"
    spread: float = 20.0
    strand: Strand = Strand.BOTH


class PlantedSite(NamedTuple):
    """A row of the truth table.

    Parameters
    ----------
    sequence, motif : str
        Names.
    start, end : int
        0-based, half-open, within the sequence.
    strand : str
        ``"+"`` or ``"-"``.
    text : str
        The bases, in the orientation of the motif.
    """

    sequence: str
    motif: str
    start: int
    end: int
    strand: str
    text: str


class Simulated(NamedTuple):
    """Targets with planted sites, controls without, and the truth."""

    targets: Sequences
    controls: Sequences
    truth: list[PlantedSite]


def motif_from_word(word: str, name: str | None = None) -> Motif:
    """The motif of an IUPAC word: each letter's bases in equal parts.

    Raises
    ------
    InvalidValue
        If the word is empty or holds another letter.

    Examples
    --------
    >>> motif_from_word("TGANTCA").consensus
    'TGANTCA'
    """
    if not word or set(word.upper()) - set(_IUPAC):
        raise InvalidValue("motif", word, "a word of IUPAC letters, such as TGASTCA")
    counts = np.zeros((4, len(word)))
    for column, letter in enumerate(word.upper()):
        bases = ["ACGT".index(base) for base in _IUPAC[letter]]
        counts[bases, column] = 100 / len(bases)
    return Motif(name or word.upper(), counts)


def simulate(
    planted: Sequence[Planted],
    background: Background,
    *,
    n_targets: int,
    n_controls: int,
    length: int | tuple[int, int],
    seed: int = 0,
) -> Simulated:
    """Random sequences, some with sites of motifs that do not overlap.

    Targets and controls are drawn from one background. A site that no longer fits between the
    others of its sequence is not planted: the truth holds those that were.

    Parameters
    ----------
    planted : sequence of Planted
        Motifs; in a sequence they are planted in this order.
    background : Background
        Model of the bases.
    n_targets, n_controls : int
        How many.
    length : int or tuple of int
        Of every sequence, or the shortest and the longest.
    seed : int
        Everything follows from it.

    Returns
    -------
    Simulated
        Targets, controls and truth.

    Raises
    ------
    InvalidValue
        If a share is not 0 to 1, a range is empty, or a motif is longer than a sequence.

    Examples
    --------
    >>> word = Planted(motif_from_word("TGACTCA"))
    >>> made = simulate([word], Background.from_gc(0.4), n_targets=3, n_controls=2, length=30)
    >>> len(made.targets), len(made.controls), made.truth[0].text
    (3, 2, 'TGACTCA')
    """
    lengths = (length, length) if isinstance(length, int) else length
    _check(planted, lengths)
    # Each part has a source of its own, so that more controls do not change the targets.
    for_targets, for_controls, for_sites = (np.random.default_rng([seed, part]) for part in range(3))
    targets = _random_sequences("target", n_targets, lengths, background, for_targets)
    controls = _random_sequences("control", n_controls, lengths, background, for_controls)
    chosen = [for_sites.permutation(n_targets) < round(one.share * n_targets) for one in planted]
    truth: list[PlantedSite] = []
    for i in range(n_targets):
        here = [one for one, where in zip(planted, chosen, strict=True) if where[i]]
        truth += _plant(targets[i], targets.names[i], here, for_sites)
    return Simulated(targets, controls, truth)


def _check(planted: Sequence[Planted], lengths: tuple[int, int]) -> None:
    if not 1 <= lengths[0] <= lengths[1]:
        raise InvalidValue("length", lengths, "the shortest and the longest, 1 or more")
    for one in planted:
        if not 0 <= one.share <= 1:
            raise InvalidValue(f"share of {one.motif.name}", one.share, "0 to 1")
        if not 0 <= one.n_sites[0] <= one.n_sites[1]:
            raise InvalidValue(f"n_sites of {one.motif.name}", one.n_sites, "fewest and most, 0 or more")
        if one.position == "centred" and not one.spread > 0:
            raise InvalidValue(f"spread of {one.motif.name}", one.spread, "more than 0")
        if one.motif.width > lengths[0]:
            raise InvalidValue("length", lengths[0], f"{one.motif.width} or more, to hold {one.motif.name}")


def _random_sequences(
    kind: str, n: int, lengths: tuple[int, int], background: Background, rng: np.random.Generator
) -> Sequences:
    each = rng.integers(lengths[0], lengths[1] + 1, size=n)
    block = background.sample(n, lengths[1], rng)
    inside = np.arange(lengths[1]) < each[:, None]
    offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(each, dtype=np.int64)])
    return Sequences(block[inside], offsets, [f"{kind}{i + 1}" for i in range(n)])


def _plant(
    codes: np.ndarray, name: str, planted: Sequence[Planted], rng: np.random.Generator
) -> list[PlantedSite]:
    """Write sites into one sequence, ``shape=(length,)``; returns where they lie."""
    sites = []
    free = np.ones(len(codes), bool)
    for one in planted:
        for _ in range(rng.integers(one.n_sites[0], one.n_sites[1] + 1)):
            start = _place(free, one, rng)
            if start is None:
                continue
            end = start + one.motif.width
            site = _draw_site(one.motif, rng)
            strand = "-" if one.strand.reads_both and rng.random() < 0.5 else "+"
            codes[start:end] = site if strand == "+" else DNA.reverse_complement(site)
            free[start:end] = False
            sites.append(PlantedSite(name, one.motif.name, start, end, strand, DNA.decode(site)))
    return sites


def _place(free: np.ndarray, one: Planted, rng: np.random.Generator) -> int | None:
    """A start from which the whole site is free, or None where there is no such start."""
    before = np.concatenate([[0], np.cumsum(free)])
    starts = np.flatnonzero(before[one.motif.width :] - before[: -one.motif.width] == one.motif.width)
    if len(starts) == 0:
        return None
    if one.position == "uniform":
        return int(rng.choice(starts))
    away = (starts + one.motif.width / 2 - len(free) / 2) / one.spread
    # Taken from the smallest, so that not all weights vanish where only far starts are free.
    weights = np.exp(-(away**2 - (away**2).min()) / 2)
    return int(rng.choice(starts, p=weights / weights.sum()))


def _draw_site(motif: Motif, rng: np.random.Generator) -> np.ndarray:
    steps = np.cumsum(motif.probabilities, axis=0)[:3]
    return (rng.random(motif.width) >= steps).sum(0).astype(np.uint8)
