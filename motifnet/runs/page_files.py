"""What a page says beside its result: the files that lie beside it, and how it was made."""

from __future__ import annotations

import shlex
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from urllib.parse import quote

from motifnet.config.stage import Config
from motifnet.report.pages.page_registry import PageFile
from motifnet.runs.folder import Output
from motifnet.runs.versions import versions

_WHAT = {
    Output.TARGETS: "the target sequences",
    Output.CONTROLS: "the control sequences",
    Output.TRUTH: "what was planted where",
    Output.MEME: "the motifs, for the MEME suite and others",
    Output.JASPAR: "the motifs as counts, for JASPAR and others",
    Output.REPEATS: "repeats, low complexity and composition, which are no motifs",
    Output.MOTIFS: "the motifs and their tests, as a table",
    Output.COMPANIONS: "motifs that are found together, as a table",
    Output.MATCHES: "known motifs that are like them, as a table",
    Output.SITES_BED: "the sites, for genome browsers",
    Output.SITES: "the sites, as a table",
    Output.SEQUENCES: "the sequences and the sites that are expected in each, as a table",
    Output.TRACK: "the probability of a site at each place, for genome browsers",
    Output.METRICS: "all numbers, for programs",
    Output.MODEL: "the network",
    Output.ALIGNED_FASTA: "the alignments as FASTA",
    Output.ALIGNED_MAF: "the alignments as MAF",
    Output.ALIGNED_PAF: "the alignments as PAF",
    Output.ALIGNED_SAM: "the alignments as SAM",
    Output.SAMPLES: "alignments drawn at random",
    Output.PAIRS: "the pairs, as a table",
    Output.GAPS: "the gaps, each with the lineage in which it came about",
    Output.LINEAGES: "insertions and deletions in each lineage, counted",
    Output.POSTERIORS: "pairs of bases and their probabilities, as a table",
    Output.CONFIDENCE: "the confidence along the sequences, for genome browsers",
    Output.HMM: "the model, for programs",
    Output.A2M: "the sites, aligned",
    Output.PROFILE_MOTIF: "the match columns, for the MEME suite and others",
    Output.LOGO_SVG: "the logo, to be edited",
    Output.LOGO_PNG: "the logo, as pixels",
    Output.LOGOS: "the logos",
    Output.FAMILIES: "the families and their members, as a table",
    Output.FAMILY_MOTIFS: "the motifs of families, for the MEME suite and others",
    Output.REPRODUCIBILITY: "how many sources found each, as a table",
    Output.TREE_SVG: "the tree, to be edited",
    Output.TREE_PNG: "the tree, as pixels",
    Output.RADIAL_SVG: "the tree as a circle, to be edited",
    Output.RADIAL_PNG: "the tree as a circle, as pixels",
    Output.ENRICHMENT: "the tests of every motif, as a table",
    Output.CENTRAL: "where sites lie in their sequences, as a table",
    Output.SPACING: "distances to the primary motif, as a table",
    Output.TIE_TESTS: "the tests, as a table",
    Output.TIE_TESTS_JSON: "the tests, for programs",
    Output.FIGURES: "the pictures",
    Output.RECORD: "how the run was made",
}


def files_of_run(folder: Path) -> list[PageFile]:
    """What a run wrote so far, and the record, which comes last; the page itself is left out.

    Parameters
    ----------
    folder : Path
        Where the results are written to.

    Examples
    --------
    >>> folder = Path("results")
    >>> folder.mkdir()
    >>> (folder / "motifs.meme").touch()
    >>> [file.path for file in files_of_run(folder)]
    ['motifs.meme', 'run.json']
    """
    there = {path.name: path.is_dir() for path in folder.iterdir()} | {Output.RECORD.value: False}
    in_order = [name for name in Output if name.value in there and name is not Output.REPORT]
    return [PageFile(f"{name.value}/" if there[name.value] else name.value, _WHAT[name]) for name in in_order]


def files_beside(page: Path, others: Iterable[Path]) -> list[PageFile]:
    """Files that a command wrote into the folder of a page.

    Parameters
    ----------
    page : Path
    others : iterable of Path

    Examples
    --------
    >>> [file.path for file in files_beside(Path("out/hits.html"), [Path("out/hits 1.bed")])]
    ['hits%201.bed']
    """
    return [PageFile(quote(other.name)) for other in others if other.parent == page.parent]


def page_record(command: Sequence[str], config: Config) -> dict[str, object]:
    """What a page says of how it was made, where no run folder has a record.

    Parameters
    ----------
    command : sequence of str
        The command line.
    config : Config
        All options.

    Examples
    --------
    >>> from motifnet.config.compare import CompareConfig
    >>> list(page_record(["motifnet", "compare"], CompareConfig()))
    ['command', 'finished', 'versions', 'config']
    """
    return {
        "command": shlex.join(command),
        "finished": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
        "versions": versions(),
        "config": config.model_dump(mode="json"),
    }
