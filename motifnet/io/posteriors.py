"""Posterior match probabilities as a table, and confidence along a sequence as bedGraph."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from motifnet.errors import AlignmentFormatError, InvalidValue
from motifnet.io.formats import word
from motifnet.io.text import atomic_write, numbered_lines
from motifnet.symbols.alignment import Runs
from motifnet.symbols.posterior import MatchPosterior

COLUMNS = ("x_name", "y_name", "x_position", "y_position", "probability")
"""Columns of the table; positions are 0-based, on the strand that was aligned."""

_CHUNK = 1 << 16  # entries made text at once
_DECIMALS = 3  # of a track: bases whose confidence differs by less are written as one stretch


class NamedPosterior(NamedTuple):
    """The match probabilities of a pair, and the names of its sequences."""

    x_name: str
    y_name: str
    posterior: MatchPosterior


class Track(NamedTuple):
    """Values along a sequence.

    Parameters
    ----------
    name : str
        Of the sequence or contig.
    start : int
        The base, from 0, that the first value is of.
    values : numpy.ndarray, shape=(length,)
        Such as :attr:`~motifnet.symbols.alignment.Alignment.x_confidence` or
        :attr:`~motifnet.symbols.posterior.MatchPosterior.x_matched`.
    """

    name: str
    start: int
    values: np.ndarray


def write_posteriors(path: str | Path, pairs: Iterable[NamedPosterior]) -> None:
    """Write match probabilities as a table with a header, one row an entry.

    Parameters
    ----------
    path : str or Path
        Compressed if it ends in ``.gz``.
    pairs : iterable of NamedPosterior
    """
    with atomic_write(path) as handle:
        handle.write("\t".join(COLUMNS) + "\n")
        for x_name, y_name, posterior in pairs:
            opening = f"{word(x_name)}\t{word(y_name)}"
            x_position = posterior.x_position
            for first in range(0, len(x_position), _CHUNK):
                chunk = slice(first, first + _CHUNK)
                columns = (x_position[chunk], posterior.column[chunk], posterior.probability[chunk])
                rows = zip(*(column.tolist() for column in columns), strict=True)
                handle.writelines(f"{opening}\t{x}\t{y}\t{probability:.6g}\n" for x, y, probability in rows)


def read_posteriors(path: str | Path, *, lengths: Mapping[str, int] | None = None) -> list[NamedPosterior]:
    """Read a table of match probabilities, plain or gzip.

    Parameters
    ----------
    path : str or Path
    lengths : mapping of str to int, optional
        Lengths of sequences by name. Of one that is not named, the last base with an entry is
        taken to be the last.

    Returns
    -------
    list of NamedPosterior
        One for each pair of names, in the order of the file.

    Raises
    ------
    MissingFile
        If there is no such file.
    AlignmentFormatError
        If a line does not follow the format, or if a position is beyond the end of its sequence.
    """
    path = Path(path)
    entries: dict[tuple[str, str], list[tuple[int, int, float]]] = {}
    lines = numbered_lines(path, "table of posteriors", AlignmentFormatError)
    line, header = next(lines, (1, ""))
    if tuple(header.split("\t")) != COLUMNS:
        raise AlignmentFormatError(path, f"begins with {header[:40]!r}; expected {' '.join(COLUMNS)}", line)
    for line, text in lines:
        if text.strip():
            x_name, y_name, *entry = _entry(text, path, line)
            entries.setdefault((x_name, y_name), []).append(tuple(entry))
    return [_posterior(names, found, lengths or {}, path) for names, found in entries.items()]


def write_confidence(path: str | Path, tracks: Iterable[Track]) -> None:
    """Write values along sequences as bedGraph: the confidence of their bases, for a genome browser.

    Bases with ``nan`` are left out. Neighbours with the same value to three decimals become one line.
    Tracks are written in the order of their places.

    Parameters
    ----------
    path : str or Path
        Compressed if it ends in ``.gz``.
    tracks : iterable of Track

    Raises
    ------
    InvalidValue
        If two tracks overlap: a place has one value.
    """
    tracks = sorted(tracks, key=_place)
    _check_apart(tracks)
    with atomic_write(path) as handle:
        for name, start, values in tracks:
            handle.writelines(f"{word(name)}\t{stretch}\n" for stretch in _stretches(values, start))


def overlap(tracks: Iterable[Track]) -> Track | None:
    """A track that begins where another one still goes on, if there is one."""
    ends: dict[str, int] = {}
    for track in sorted(tracks, key=_place):
        if track.start < ends.get(track.name, 0):
            return track
        ends[track.name] = track.start + len(track.values)
    return None


def _place(track: Track) -> tuple[str, int]:
    return track.name, track.start


def _check_apart(tracks: Sequence[Track]) -> None:
    found = overlap(tracks)
    if found is not None:
        raise InvalidValue("tracks", f"{found.name} at {found.start}", "one value for each place")


def _stretches(values: np.ndarray, first: int) -> Iterable[str]:
    # Missing values become a number that no probability is, since nan differs from itself.
    rounded = np.where(np.isnan(values), -1.0, np.round(values.astype(np.float64), _DECIMALS))
    for value, start, length in zip(*(part.tolist() for part in Runs.of(rounded)), strict=True):
        start += first
        if value >= 0:
            yield f"{start}\t{start + length}\t{value:g}"


def _entry(text: str, path: Path, line: int) -> tuple[str, str, int, int, float]:
    fields = text.split("\t")
    if len(fields) != len(COLUMNS):
        raise AlignmentFormatError(path, f"has {len(fields)} columns; expected {len(COLUMNS)}", line)
    x_name, y_name, x_position, y_position, probability = fields
    for what, number in (("x_position", x_position), ("y_position", y_position)):
        if not number.isdecimal():
            raise AlignmentFormatError(path, f"{what} ({number!r}) is not a whole number from 0", line)
    value = _number(probability)
    if not 0 <= value <= 1:
        raise AlignmentFormatError(path, f"probability ({probability!r}) is not between 0 and 1", line)
    return x_name, y_name, int(x_position), int(y_position), value


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _posterior(
    names: tuple[str, str],
    entries: list[tuple[int, int, float]],
    lengths: Mapping[str, int],
    path: Path,
) -> NamedPosterior:
    x, y, probability = (np.array(column) for column in zip(*entries, strict=True))
    x_length, y_length = (
        _length(name, int(positions.max()), lengths, path)
        for name, positions in zip(names, (x, y), strict=True)
    )
    posterior = MatchPosterior.from_triples(x, y, probability, x_length=x_length, y_length=y_length)
    return NamedPosterior(*names, posterior)


def _length(name: str, last: int, lengths: Mapping[str, int], path: Path) -> int:
    length = lengths.get(name, last + 1)
    if last >= length:
        raise AlignmentFormatError(
            path, f"position {last} of {name!r} is beyond its end; expected less than {length}"
        )
    return length
