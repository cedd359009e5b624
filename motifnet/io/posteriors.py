"""Posterior match probabilities as a table, and confidence along a sequence as bedGraph."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from motifnet.errors import AlignmentFormatError, InvalidValue, shown
from motifnet.io.fields import decimal, whole
from motifnet.io.motif_format import word
from motifnet.io.text import atomic_write, numbered_lines
from motifnet.symbols.alignment import Runs
from motifnet.symbols.place import Place
from motifnet.symbols.posterior import MatchPosterior

COLUMNS = ("x_name", "y_name", "x_position", "y_position", "probability")
"""Columns of the table; names are those of sources, positions 0-based, on their strand ``+``."""

_CHUNK = 1 << 16  # entries made text at once
_MOST_SPAN = 1 << 27  # bases between the first and the last position of a pair: more are not aligned
_DECIMALS = 3  # of a track: bases whose confidence differs by less are written as one stretch


class PlacedPosterior(NamedTuple):
    """The match probabilities of a pair, and where its sequences lie."""

    x: Place
    y: Place
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


def tracks_of(place: Place, values: np.ndarray) -> list[Track]:
    """Values along a sequence, as it is read, as tracks along its source.

    There are two of a circle that goes across its origin.
    """
    forward = values if place.strand == "+" else values[::-1]
    if place.crossing is None:
        return [Track(place.source, place.start, forward)]
    n = place.known_length - place.start
    return [Track(place.source, place.start, forward[:n]), Track(place.source, 0, forward[n:])]


def write_posteriors(path: str | Path, pairs: Iterable[PlacedPosterior]) -> None:
    """Write match probabilities as a table with a header, one row an entry.

    Parameters
    ----------
    path : str or Path
        Compressed if it ends in ``.gz``.
    pairs : iterable of PlacedPosterior
    """
    with atomic_write(path) as handle:
        handle.write("\t".join(COLUMNS) + "\n")
        for x_place, y_place, posterior in pairs:
            opening = f"{word(x_place.source)}\t{word(y_place.source)}"
            x_position = x_place.positions(posterior.x_position)
            y_position = y_place.positions(posterior.column.astype(np.int64))
            for first in range(0, len(x_position), _CHUNK):
                chunk = slice(first, first + _CHUNK)
                columns = (x_position[chunk], y_position[chunk], posterior.probability[chunk])
                rows = zip(*(column.tolist() for column in columns), strict=True)
                handle.writelines(f"{opening}\t{x}\t{y}\t{probability:.6g}\n" for x, y, probability in rows)


def read_posteriors(path: str | Path) -> list[PlacedPosterior]:
    """Read a table of match probabilities, plain or gzip.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    list of PlacedPosterior
        One for each pair of names, in the order of the file; its places reach from the first base
        with an entry to the last, on the strand ``+``.

    Raises
    ------
    MissingFile
        If there is no such file.
    AlignmentFormatError
        If a line does not follow the format, or tells a match that another line told.
    """
    path = Path(path)
    entries: dict[tuple[str, str], dict[tuple[int, int], float]] = {}
    lines = numbered_lines(path, "table of posteriors", AlignmentFormatError)
    line, header = next(lines, (1, ""))
    if tuple(header.split("\t")) != COLUMNS:
        raise AlignmentFormatError(path, f"begins with {shown(header)!r}; expected {' '.join(COLUMNS)}", line)
    for line, text in lines:
        if not text.strip():
            continue
        x_name, y_name, x_position, y_position, probability = _entry(text, path, line)
        of_pair = entries.setdefault((x_name, y_name), {})
        if (x_position, y_position) in of_pair:
            raise AlignmentFormatError(
                path,
                f"tells bases {x_position} and {y_position} of a pair again; expected one line each",
                line,
            )
        of_pair[x_position, y_position] = probability
    return [_posterior(names, found, path) for names, found in entries.items()]


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
    x_name, y_name, *places, probability = fields
    x_position, y_position = (
        _position(what, number, path, line) for what, number in zip(COLUMNS[2:4], places, strict=True)
    )
    for what, name in zip(COLUMNS, (x_name, y_name), strict=False):
        if not name.strip():
            raise AlignmentFormatError(path, f"{what} is empty; expected the name of a sequence", line)
    value = decimal(probability)
    if value is None or not 0 <= value <= 1:
        raise AlignmentFormatError(path, f"probability ({shown(probability)!r}) is not between 0 and 1", line)
    return x_name, y_name, x_position, y_position, value


def _position(what: str, number: str, path: Path, line: int) -> int:
    value = whole(number)
    if value is None or value < 0:
        raise AlignmentFormatError(path, f"{what} ({shown(number)!r}) is not a whole number from 0", line)
    return value


def _posterior(
    names: tuple[str, str], entries: Mapping[tuple[int, int], float], path: Path
) -> PlacedPosterior:
    at = np.array(list(entries), np.int64)
    first, last = at.min(0), at.max(0)
    x_length, y_length = (last - first + 1).tolist()
    if max(x_length, y_length) > _MOST_SPAN:
        raise AlignmentFormatError(
            path,
            f"positions of {shown(names[0])} and {shown(names[1])} span {x_length:,} and {y_length:,} bases; "
            f"expected at most {_MOST_SPAN:,}",
        )
    x, y = (at - first).T
    probabilities = np.array(list(entries.values()))
    posterior = MatchPosterior.from_triples(x, y, probabilities, x_length=x_length, y_length=y_length)
    spans = zip(names, first.tolist(), (last + 1).tolist(), strict=True)
    x_place, y_place = (Place(*span) for span in spans)
    return PlacedPosterior(x_place, y_place, posterior)
