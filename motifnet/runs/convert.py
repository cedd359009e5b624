"""Motifs from files of any known format into one file of another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

import numpy as np

from motifnet.config.convert import ConvertConfig, ConvertOptions
from motifnet.errors import InvalidValue, MissingFile, MotifFormatError
from motifnet.io.motif_files import losses, read_motifs, render_motifs
from motifnet.io.text import open_text, write_text
from motifnet.motifs import Motif
from motifnet.motifs.matrix import probabilities, trim
from motifnet.progress import Progress, Silent
from motifnet.runs.backgrounds import background_named
from motifnet.runs.folder import Output
from motifnet.runs.inputs import Paths, paths_of
from motifnet.runs.sources import motif_file
from motifnet.wording import counted, listed, verb

_LETTERS = {"auto": None, "dna": "ACGT", "rna": "ACGU"}


class Converted(NamedTuple):
    """What a conversion made.

    Parameters
    ----------
    text : str
        The motifs in the format that was asked for.
    n_motifs : int
        How many there are.
    warnings : list of str
        What that format could not hold, and what of the input held nothing: a sentence each.
    """

    text: str
    n_motifs: int
    warnings: list[str]


def convert(
    sources: Paths,
    target_format: str,
    config: ConvertConfig | None = None,
    *,
    source_format: str | None = None,
    progress: Progress | None = None,
) -> Converted:
    """Read motifs, choose and change them as asked, and render them.

    Parameters
    ----------
    sources : path or sequence of path
        Motif files, run folders, and folders of motif files.
    target_format : str
        Name in :data:`~motifnet.io.motif_format.FORMATS`.
    config : ConvertConfig, optional
        All options; the defaults of the command line if not given.
    source_format : str, optional
        Format of all files; told by their content if not given.
    progress : Progress, optional
        Told what is going on.

    Returns
    -------
    Converted
        The text, and what the format could not hold.

    Raises
    ------
    MissingFile, MotifFormatError
        If a file cannot be read, or there is no motif in any.
    UnknownName
        If there is no such format.
    InvalidValue
        If no motif is chosen, or the background is none.

    Examples
    --------
    >>> import motifnet
    >>> from motifnet.datasets.simulate import motif_from_word
    >>> motifnet.write_motifs("known.meme", [motif_from_word("TGASTCA")])
    >>> print(motifnet.convert("known.meme", "jaspar").text.splitlines()[0])
    >TGASTCA
    """
    sources, options = paths_of(sources), (config or ConvertConfig()).converting
    files = list(_files(sources))
    found = []
    with (progress or Silent()).stage("read files", len(files)) as stage:
        for path in files:
            found.append((path, read_motifs(path, source_format)))
            stage.advance()
    motifs = [motif for _, some in found for motif in some]
    if not motifs:
        raise MotifFormatError(sources[0], "holds no motif; expected one or more")
    chosen, unknown = _chosen(motifs, options)
    background = _background(options)
    changed = [_changed(motif, options, background) for motif in chosen]
    letters = _LETTERS[options.alphabet]
    warnings = [*_empty(found), *_unknown(unknown), *_twice(changed), *_lost(changed, target_format, letters)]
    return Converted(render_motifs(changed, target_format, letters), len(changed), warnings)


def write_converted(converted: Converted, output: Path) -> None:
    """Write the text of a conversion to a file, compressed if its name ends in ``.gz``."""
    write_text(output, converted.text)


def _files(sources: Sequence[Path]) -> Iterator[Path]:
    """The files to read: those of a folder in the order of their names."""
    for source in sources:
        if not source.is_dir() or (source / Output.RECORD).is_file():
            yield motif_file(source)
        else:
            files = sorted(path for path in source.iterdir() if path.is_file() and path.name[0] != ".")
            if not files:
                raise MissingFile(source, "motif file")
            yield from files


def _chosen(motifs: Sequence[Motif], options: ConvertOptions) -> tuple[list[Motif], list[str]]:
    """The motifs that are asked for by name, and the names that none of them has."""
    if not options.name and options.only is None:
        return list(motifs), []
    named = _named(motifs, options)
    chosen = sorted(set().union(*named.values()))
    if not chosen:
        known = listed([motif.name for motif in motifs])
        raise InvalidValue("name of a motif", listed(list(named)), f"one that there is, such as {known}")
    return [motifs[i] for i in chosen], [name for name, indices in named.items() if not indices]


def _named(motifs: Sequence[Motif], options: ConvertOptions) -> dict[str, set[int]]:
    """The motifs that each name asks for, be it their first or second; in a file, * and ? are letters."""
    having = defaultdict(set)
    for i, motif in enumerate(motifs):
        having[motif.name].add(i)
        having[motif.alt_name].add(i)
    named = {pattern: _matching(pattern, having) for pattern in options.name}
    if options.only is not None:
        with open_text(options.only, "list of names") as handle:
            named |= {name: having.get(name, set()) for name in handle.read().split()}
    return named


def _matching(pattern: str, having: Mapping[str, set[int]]) -> set[int]:
    """The motifs with a name that a pattern matches, in which a bracket stands for itself."""
    literal = pattern.replace("[", "[[]")
    return set().union(*(indices for name, indices in having.items() if fnmatchcase(name, literal)))


def _changed(motif: Motif, options: ConvertOptions, background: np.ndarray | None) -> Motif:
    """A motif as the options want it; columns are trimmed by what they tell with the pseudocount."""
    if background is not None:
        motif = replace(motif, background=background)
    if options.pseudocount:
        shares = probabilities(motif.counts, motif.background, options.pseudocount)
        motif = replace(motif, counts=shares * motif.counts.sum(0))
    if options.trim:
        motif = motif.columns(trim(motif.information, options.trim, 1))
    return motif.reverse_complement() if options.reverse_complement else motif


def _background(options: ConvertOptions) -> np.ndarray | None:
    """The probabilities of A, C, G, T that are asked for; none for those that motifs have."""
    if options.background == "motifs":
        return None
    return background_named(options.background, strand_symmetric=False).probabilities


def _empty(found: Sequence[tuple[Path, list[Motif]]]) -> Iterator[str]:
    """What files held nothing, as those of CIS-BP for motifs that it may not give away."""
    empty = [path.name for path, motifs in found if not motifs]
    if empty:
        hold = verb(len(empty), "holds", "hold")
        yield f"{len(empty)} of {counted(len(found), 'file')} {hold} no motif: {listed(empty)}"


def _unknown(names: Sequence[str]) -> Iterator[str]:
    if names:
        yield f"no motif is named {listed(names)}"


def _twice(motifs: Sequence[Motif]) -> Iterator[str]:
    names = [motif.name for motif in motifs]
    n_distinct = len(set(names))
    if n_distinct < len(names):
        yield f"{len(names)} motifs share {n_distinct} names; some tools take the last of a name only"


def _lost(motifs: Sequence[Motif], format: str, letters: str | None) -> Iterator[str]:
    lost = losses(motifs, format, letters)
    if lost:
        yield f"{format} format cannot hold what some motifs have: {', '.join(lost)}"
