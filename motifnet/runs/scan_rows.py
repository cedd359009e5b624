"""Hits on their way to a file: with their words, in the order of the genome."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from motifnet.io.hit_formats import PlacedHit
from motifnet.motifs import Motif
from motifnet.scanning import Hits, Scanned
from motifnet.symbols import DNA

_COMPLEMENT = str.maketrans("ACGT", "TGCA")


class Told(NamedTuple):
    """Hits with what is written of them, as columns.

    Parameters
    ----------
    contig, start, end, motif, reverse, score, p_value
        As of :class:`~motifnet.scanning.Hits`, in the contigs.
    q_value : numpy.ndarray of float64, shape=(n,)
        NaN where it is not asked for.
    word : numpy.ndarray of object, shape=(n,)
        The bases, in the orientation of the motif; empty where they are not asked for.
    """

    contig: np.ndarray
    start: np.ndarray
    end: np.ndarray
    motif: np.ndarray
    reverse: np.ndarray
    score: np.ndarray
    p_value: np.ndarray
    q_value: np.ndarray
    word: np.ndarray

    @classmethod
    def of(cls, hits: Hits, q_value: np.ndarray, word: np.ndarray) -> Told:
        """The hits, which are placed, with q-values and words."""
        return cls(
            hits.sequence, hits.start, hits.end, hits.motif, hits.reverse, hits.score, hits.p_value,
            q_value, word,
        )  # fmt: skip

    def select(self, chosen: np.ndarray) -> Told:
        """The chosen hits (indices or a mask, ``shape=(n,)``), in their order."""
        return Told(*(column[chosen] for column in self))

    def in_order(self) -> Told:
        """The hits by contig, start, motif and strand, each once."""
        ordered = self.select(np.lexsort((self.reverse, self.motif, self.start, self.contig)))
        keys = np.stack([ordered.contig, ordered.start, ordered.motif, ordered.reverse])
        is_new = (np.diff(keys, prepend=-1) != 0).any(0)
        return ordered.select(is_new)

    def rows(self, contigs: Sequence[str], motifs: Sequence[Motif]) -> Iterator[PlacedHit]:
        """Each hit as it is written."""
        columns = (column.tolist() for column in self)
        for contig, start, end, motif, reverse, score, p_value, q_value, word in zip(*columns, strict=True):
            one = motifs[motif]
            yield PlacedHit(
                contigs[contig], start, end, one.name, one.alt_name, "+-"[reverse], score, p_value, q_value,
                word, motif,
            )  # fmt: skip


class Words:
    """The bases of hits, from when they are found until they are written."""

    def __init__(self) -> None:
        self._kept: dict[tuple[int, int, int], str] = {}

    def keep(self, hits: Hits, part: Scanned) -> None:
        """Keep the words of hits.

        Parameters
        ----------
        hits : Hits
            By the sequences that they are in.
        part : Scanned
            The same as they were found, with the bases.
        """
        text = DNA.decode(part.codes)
        places = (part.hits.start - part.start).tolist(), (part.hits.end - part.start).tolist()
        words = (text[start:end] for start, end in zip(*places, strict=True))
        self._kept.update(zip(_keys(hits), words, strict=True))

    def taken(self, hits: Hits) -> np.ndarray:
        """The words of hits as their motifs read them, ``shape=(n,)``; earlier ones are forgotten."""
        found = np.empty(hits.n, object)
        for i, (key, reverse) in enumerate(zip(_keys(hits), hits.reverse.tolist(), strict=True)):
            word = self._kept[key]
            found[i] = word.translate(_COMPLEMENT)[::-1] if reverse else word
        if hits.n:
            last = int(hits.sequence[-1]), int(hits.start[-1])
            for key in list(self._past(last)):
                del self._kept[key]
        return found

    def _past(self, last: tuple[int, int]) -> Iterator[tuple[int, int, int]]:
        """What was kept of hits that begin no later."""
        for key in self._kept:
            if key[:2] > last:
                return
            yield key


def in_order_of_genome(parts: Iterable[tuple[Told, tuple[int, int]]]) -> Iterator[Told]:
    """Hits in the order of the genome, each once, of regions that may overlap.

    Parameters
    ----------
    parts : iterable of tuple
        Some hits, and the contig and place that no later ones come before.
    """
    waiting: Told | None = None
    for part, (contig, start) in parts:
        waiting = (part if waiting is None else _joined(waiting, part)).in_order()
        is_past = (waiting.contig < contig) | ((waiting.contig == contig) & (waiting.start < start))
        yield waiting.select(is_past)
        waiting = waiting.select(~is_past)
    if waiting is not None:
        yield waiting


def no_words(hits: Hits) -> np.ndarray:
    """An empty word for each hit, ``shape=(n,)``."""
    return np.full(hits.n, "", object)


def _joined(first: Told, second: Told) -> Told:
    return Told(*map(np.concatenate, zip(first, second, strict=True)))


def _keys(hits: Hits) -> Iterator[tuple[int, int, int]]:
    return zip(hits.sequence.tolist(), hits.start.tolist(), hits.end.tolist(), strict=True)
