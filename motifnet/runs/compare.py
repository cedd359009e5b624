"""Known motifs that the motifs of a run or file resemble."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from motifnet.config.compare import CompareConfig
from motifnet.errors import MotifFormatError
from motifnet.io.databases import Database, load_database
from motifnet.io.motif_files import read_motifs
from motifnet.io.text import write_text
from motifnet.motifs import Motif, tomtom
from motifnet.progress import Progress, Silent
from motifnet.report.pages.matches import MatchResult, render_matches
from motifnet.report.tables.matches import matches_tsv
from motifnet.runs.inputs import Paths, paths_of
from motifnet.runs.memory import check_memory
from motifnet.runs.page_files import files_beside, page_record
from motifnet.runs.sources import motif_file
from motifnet.runs.strands import strand_for
from motifnet.strand import Strand

_BYTES_OF_PAIR = 25  # a p-value, an offset, an overlap and a strand


class CompareRun(NamedTuple):
    """What a comparison found.

    Parameters
    ----------
    queries : list of Motif
    matches : list of list of Match
        Those of each query, best first.
    databases : list of Database
        What they were compared with.
    warnings : list of str
        One sentence each.
    """

    queries: list[Motif]
    matches: list[list[tomtom.Match]]
    databases: list[Database]
    warnings: list[str]


def compare(
    source: str | Path,
    targets: Paths,
    config: CompareConfig | None = None,
    *,
    progress: Progress | None = None,
) -> CompareRun:
    """Compare motifs with known ones by Tomtom's statistic.

    Parameters
    ----------
    source : str or Path
        A run folder, or a file of motifs in any known format.
    targets : path or sequence of path
        Known motifs: files, run folders, or ``jaspar``; p-values count over all of them together.
    config : CompareConfig, optional
        All options; the defaults of the command line if not given.
    progress : Progress, optional
        Told what is going on.

    Returns
    -------
    CompareRun
        The matches of every query, best first.

    Raises
    ------
    MissingFile, FileFormatError
        If motifs cannot be read, or there are none.
    NotEnoughMemory
        If there are too many to compare each with each.
    MissingExtra
        If JASPAR is asked for and pyjaspar is not installed.

    Examples
    --------
    >>> import motifnet
    >>> from motifnet.datasets.simulate import motif_from_word
    >>> motifnet.write_motifs("known.meme", [motif_from_word(word) for word in ("TGASTCA", "GGGCGGGG")])
    >>> found = motifnet.compare("known.meme", "known.meme")
    >>> [matches[0].known.name for matches in found.matches]
    ['TGASTCA', 'GGGCGGGG']
    """
    options = (config or CompareConfig()).comparing
    source = Path(source)
    queries = read_motifs(motif_file(source))
    if not queries:
        raise MotifFormatError(source, "holds no motif; expected one or more to compare")
    databases = [load_database(motif_file(target)) for target in paths_of(targets)]
    known = [(database.name, motif) for database in databases for motif in database.motifs]
    check_memory(
        f"comparing {len(queries):,} motifs with {len(known):,}",
        _BYTES_OF_PAIR * len(queries) * len(known),
        "compare parts of them",
    )
    strand = _strand(options.strand, queries, source, databases)
    with (progress or Silent()).stage("compare motifs", 1) as stage:
        compared = tomtom.compare(
            queries, [motif for _, motif in known], strand=strand, pseudocount=options.pseudocount
        )
        stage.advance()
    matches = tomtom.matches(
        compared,
        known,
        max_q=options.max_q,
        max_e=math.inf if options.max_e is None else options.max_e,
        min_overlap=options.min_overlap,
        most=options.max_matches or None,
    )
    return CompareRun(queries, matches, databases, tomtom.small_database_warning(len(known)))


def _strand(asked: Strand, queries: Sequence[Motif], source: Path, databases: Sequence[Database]) -> Strand:
    """Both strands, unless the motifs or all known ones are of one."""
    known = [motif for database in databases for motif in database.motifs]
    if all(motif.single_stranded for motif in known):
        return strand_for(asked, known, databases[0].name)
    return strand_for(asked, queries, source)


def table(run: CompareRun) -> str:
    """The matches as a table with Tomtom's columns."""
    return matches_tsv(zip(run.queries, run.matches, strict=True))


def write_table(run: CompareRun, path: Path) -> None:
    """Write the table, compressed if its name ends in ``.gz``."""
    write_text(path, table(run))


def write_page(
    run: CompareRun,
    path: Path,
    title: str,
    config: CompareConfig,
    *,
    command: Sequence[str] = (),
    beside: Sequence[Path] = (),
) -> None:
    """Write the matches as a page of logos, each motif above what it resembles.

    Parameters
    ----------
    run : CompareRun
    path : Path
        The page.
    title : str
    config : CompareConfig
        All options.
    command : sequence of str
        The command line.
    beside : sequence of Path
        What was written besides, which the page links to.
    """
    databases = {database.name: len(database.motifs) for database in run.databases}
    record = page_record(command, config)
    result = MatchResult(title, run.queries, run.matches, databases, run.warnings, record)
    write_text(path, render_matches(result, files_beside(path, beside)))
