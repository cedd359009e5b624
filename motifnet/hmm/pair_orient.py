"""Pairs before they are aligned: second sequences turned and circles cut as options ask, and which teach."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from motifnet.config.align import AlignConfig
from motifnet.errors import shown
from motifnet.hmm.related import more_words, related
from motifnet.hmm.rotation import rotation
from motifnet.kernels.pair_hmm.cpu import DEFAULT_BAND, Band
from motifnet.strand import Strand
from motifnet.symbols import Sequences
from motifnet.symbols.pairs import PairedSequences
from motifnet.wording import counted, listed, verb

MOST_NAMED = 5
"""Pairs, or groups of them, that a warning or an error names: a line or two of names."""


class OrientedPairs(NamedTuple):
    """Pairs as they are aligned.

    Attributes
    ----------
    pairs : PairedSequences
        With second sequences turned, and circles cut, as the options ask.
    is_alike : numpy.ndarray of bool, shape=(n,)
        Pairs that are more alike than by chance.
    warnings : list of str
        What was done, and what looks wrong, in whole sentences.
    """

    pairs: PairedSequences
    is_alike: np.ndarray
    warnings: list[str]

    @classmethod
    def as_given(cls, pairs: PairedSequences) -> OrientedPairs:
        """Pairs of which it is known that they are alike, as they are."""
        return cls(pairs, np.ones(len(pairs), bool), [])

    @property
    def teaches(self) -> np.ndarray:
        """Pairs from which a model is learnt: those that are alike; all, where none is."""
        return self.is_alike if self.is_alike.any() else np.ones_like(self.is_alike)


def orient(
    pairs: PairedSequences,
    config: AlignConfig,
    band: Band = DEFAULT_BAND,
    *,
    told_in: str = ": see y_strand in pairs.tsv",
) -> OrientedPairs:
    """Turn second sequences that are alike on their other strand, cut circles alike, see which pairs teach.

    Parameters
    ----------
    pairs : PairedSequences
    config : AlignConfig
        Its ``mode``, ``strand`` and ``circular`` are used.
    band : Band
    told_in : str
        How a warning of sequences that are turned ends: where it is told which.

    Returns
    -------
    OrientedPairs
        The pairs as they are aligned, which of them teach, and what the user should know.

    Raises
    ------
    InvalidValue
        If two circles share too few words to tell where one begins in the other.

    Examples
    --------
    >>> x, y = Sequences.from_text(["ACGTTTGACAGG"]), Sequences.from_text(["CCTGTCAAACGT"])
    >>> oriented = orient(PairedSequences(x, y, ["one"]), AlignConfig())
    >>> oriented.pairs.y.text(0), oriented.teaches.tolist()
    ('ACGTTTGACAGG', [True])
    >>> oriented.warnings[0][:72]
    '1 pair (one) is alike on the other strand of the second sequence, which '
    """
    options = config.aligning
    turns = options.strand is not Strand.SINGLE
    warnings: list[str] = []
    if options.circular:
        pairs, warnings = _circles(pairs, told_in, turns=turns)
    is_related, is_turned = related(pairs, config.pair_model.mode, band)
    turned, strangers = np.flatnonzero(is_turned), np.flatnonzero(~is_related & ~is_turned)
    if len(turned) and turns and not options.circular:
        pairs, is_related = pairs.turned(turned), is_related | is_turned
        warnings.append(_turned_sentence(pairs, turned, told_in))
    elif len(turned):
        warnings.append(_unturned_sentence(pairs, turned, turns=turns))
    if not is_related.any():
        warnings.append(
            f"none of {counted(len(pairs), 'pair')} is more alike than by chance: what is learnt and aligned "
            "may mean nothing; are both files in the same order?"
        )
    elif len(strangers):
        warnings.append(
            f"{_named(pairs, strangers)} no more than by chance, on either strand: not learnt from; are both "
            "files in the same order?"
        )
    return OrientedPairs(pairs, is_related, warnings)


def _circles(pairs: PairedSequences, told_in: str, *, turns: bool) -> tuple[PairedSequences, list[str]]:
    """The pairs with each second circle cut where the first begins, turned where that strand is alike."""
    framed = [
        [place.framed(name) for place, name in zip(places, sequences.names, strict=True)]
        for places, sequences in ((pairs.x_places, pairs.x), (pairs.y_places, pairs.y))
    ]
    pairs = replace(pairs, x_places=framed[0], y_places=framed[1])
    turned = np.array([i for i in range(len(pairs)) if turns and more_words(*pairs[i]) < 0], np.int64)
    pairs = pairs.turned(turned)
    cuts = [rotation(*pairs[i], shown(name)) for i, name in enumerate(pairs.names)]
    y = Sequences.from_codes([np.roll(pairs.y[i], -cut) for i, cut in enumerate(cuts)], pairs.y.names)
    places = [place.rotated(cut) for place, cut in zip(pairs.y_places, cuts, strict=True)]
    warnings = [_turned_sentence(pairs, turned, told_in)] if len(turned) else []
    return replace(pairs, y=y, y_places=places), warnings


def _turned_sentence(pairs: PairedSequences, turned: np.ndarray, told_in: str) -> str:
    return f"{_named(pairs, turned)} on the other strand of the second sequence, which is turned{told_in}"


def _unturned_sentence(pairs: PairedSequences, turned: np.ndarray, *, turns: bool) -> str:
    given, hint = (
        ("as it was cut", "a circle is turned where it clearly shares more words then")
        if turns
        else ("on the given one", "--strand both turns")
    )
    return (
        f"{_named(pairs, turned)} on the other strand of the second sequence, not {given}: "
        f"not learnt from, and not turned ({hint})"
    )


def _named(pairs: PairedSequences, chosen: np.ndarray) -> str:
    """Some pairs by name, as the beginning of a sentence about how they are alike."""
    names = listed([shown(pairs.names[i]) for i in chosen], MOST_NAMED)
    return f"{counted(len(chosen), 'pair')} ({names}) {verb(len(chosen), 'is', 'are')} alike"
