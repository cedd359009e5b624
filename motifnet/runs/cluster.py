"""Families of motifs from runs and files, and how many of these found each."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple, Unpack

from motifnet.config.cluster import ClusterConfig, ClusterOptions
from motifnet.errors import MotifFormatError, shown
from motifnet.io.motif_files import write_meme
from motifnet.io.text import atomic_write, write_text
from motifnet.kernels.motif_pairs import TASKS, similarities
from motifnet.motifs import Motif
from motifnet.motifs.cluster import Clustering, Family
from motifnet.motifs.cluster import cluster as cluster_motifs
from motifnet.motifs.reproducibility import Reproduced, reproducibility
from motifnet.progress import Progress, Silent
from motifnet.report.display_names import display_name
from motifnet.report.drawing.tree import tree_bytes
from motifnet.report.drawing.tree_layout import Leaf, TreeDrawing, TreeShape, tree_drawing
from motifnet.report.pages.families import FamilyResult, render_families
from motifnet.report.tables.families import families_tsv, reproducibility_tsv
from motifnet.runs.folder import Output
from motifnet.runs.inputs import Paths, paths_of
from motifnet.runs.job import JOBS, JobKind, RunArguments, RunData, begun
from motifnet.runs.memory import check_memory
from motifnet.runs.page_files import files_of_run
from motifnet.runs.sources import Source, motif_file, read_source
from motifnet.runs.strands import strand_for
from motifnet.strand import Strand

_log = logging.getLogger(__name__)

_MOST_ROWS = 40  # of a linear tree on the page, which else shows the radial one
_MOST_LEAVES = 150  # motifs of a tree, beyond which it shows families
_MOST_ON_PAGE = 500  # leaves of the tree on the page, which a browser has to open
_MOST_PAINTED = 1_000  # leaves of a tree in pixels, of which there would else be too few for each
_MOST_DRAWN = 10_000  # leaves of a tree in a file at all
_BYTES_OF_PAIR = 12  # of a similarity, and of a distance of every second one

_TREES: dict[TreeShape, tuple[Output, Output]] = {
    "linear": (Output.TREE_SVG, Output.TREE_PNG),
    "radial": (Output.RADIAL_SVG, Output.RADIAL_PNG),
}


class ClusterRun(NamedTuple):
    """What a clustering found.

    Parameters
    ----------
    sources : list of str
        Names of the runs and files, all different.
    motifs : list of Motif
        Of all sources.
    source_of : list of int
        The source of each motif.
    clustering : Clustering
    reproduced : list of Reproduced
        How many of several sources found each family; none for one source.
    strand : Strand
        How the motifs were compared.
    """

    sources: list[str]
    motifs: list[Motif]
    source_of: list[int]
    clustering: Clustering
    reproduced: list[Reproduced]
    strand: Strand


def cluster_sources(
    sources: Sequence[Source], options: ClusterOptions, progress: Progress | None = None
) -> ClusterRun:
    """Group the motifs of several runs or files into families, and say how many found each.

    Parameters
    ----------
    sources : sequence of Source
        A source without motifs counts as one that found none.
    options : ClusterOptions
        How to group.
    progress : Progress, optional
        Told what is going on.

    Returns
    -------
    ClusterRun
        The motifs and their families.

    Raises
    ------
    MotifFormatError
        If there is no motif in any of the sources.
    NotEnoughMemory
        If there are too many to compare each with each.

    Examples
    --------
    >>> from motifnet.datasets.simulate import motif_from_word
    >>> from motifnet.runs.sources import Source
    >>> one = Source(Path("one.meme"), [motif_from_word(word) for word in ("TGASTCA", "GGGCGGGG")])
    >>> two = Source(Path("two.meme"), [motif_from_word("ATGASTCAT")])
    >>> [each.runs for each in cluster_sources([one, two], ClusterOptions()).reproduced]
    [[0, 1], [0]]
    """
    source_of = [i for i, source in enumerate(sources) for _ in source.motifs]
    motifs = [motif for source in sources for motif in source.motifs]
    if not motifs:
        raise MotifFormatError(sources[0].path, "holds no motif; expected one or more to cluster")
    hint = "cluster parts of them, or fewer (motifnet convert --name takes some of a file)"
    check_memory(f"comparing {len(motifs):,} motifs with each other", _BYTES_OF_PAIR * len(motifs) ** 2, hint)
    known = [source.sites.get(motif.name, ()) for source in sources for motif in source.motifs]
    strand = strand_for(options.strand, motifs, "the input")
    with (progress or Silent()).stage("compare motifs, part", TASKS) as stage:
        clustering = cluster_motifs(
            motifs,
            min_similarity=options.min_similarity,
            strand=strand,
            sites={i: some for i, some in enumerate(known) if some},
            similarities=partial(similarities, advance=stage.advance),
        )
    found = reproducibility(clustering.families, motifs, source_of) if len(sources) > 1 else []
    return ClusterRun(_names(sources), motifs, source_of, clustering, found, strand)


def cluster(
    sources: Paths,
    output: str | Path,
    config: ClusterConfig | None = None,
    **run: Unpack[RunArguments],
) -> ClusterRun:
    """Group the motifs of runs and files into families, and write a run folder.

    Parameters
    ----------
    sources : path or sequence of path
        Run folders, and motif files of any known format.
    output : Path
        The run folder.
    config : ClusterConfig, optional
        All options; the defaults of the command line if not given.
    run : RunArguments
        ``overwrite``, ``command``, ``progress``.

    Returns
    -------
    ClusterRun
        The motifs and their families.

    Raises
    ------
    MotifnetError
        If an input or an option is wrong; nothing has been written then.

    Examples
    --------
    >>> import motifnet
    >>> from motifnet.datasets.simulate import motif_from_word
    >>> motifs = [motif_from_word(word) for word in ("TGASTCA", "ATGASTCAT", "GGGCGGGG")]
    >>> motifnet.write_motifs("known.meme", motifs)
    >>> found = motifnet.cluster("known.meme", "run")
    >>> [len(family.members) for family in found.clustering.families]
    [2, 1]
    """
    paths = paths_of(sources)
    inputs = {"motifs": [motif_file(path) for path in paths]}
    with begun("cluster", output, config or ClusterConfig(), inputs, **run) as job:
        with job.stage("read"):
            read = [read_source(path) for path in paths]
        with job.stage("cluster"):
            clustered = cluster_sources(read, job.config.clustering, job.progress)
        job.settle("clustering", strand=clustered.strand)
        record = job.record()
        with job.results(record) as results:
            _write(results, clustered, job.config.clustering, job.folder.path.name, record)
    return clustered


JOBS.register("cluster")(JobKind(ClusterConfig, lambda _inputs, _config: RunData()))


def _names(sources: Sequence[Source]) -> list[str]:
    """A name for each source: that of its file or folder, or its path where several have the same."""
    short = [source.name for source in sources]
    names = [
        name if short.count(name) == 1 else str(source.path)
        for name, source in zip(short, sources, strict=True)
    ]
    return [name if names.count(name) == 1 else f"{name}#{i}" for i, name in enumerate(names, 1)]


def _write(
    folder: Path, run: ClusterRun, options: ClusterOptions, title: str, record: dict[str, object]
) -> None:
    families = run.clustering.families
    source_of = [run.sources[i] for i in run.source_of]
    write_meme(
        folder / Output.FAMILY_MOTIFS,
        [family.motif for family in families],
        single_stranded=not run.strand.reads_both,
    )
    write_text(folder / Output.FAMILIES, families_tsv(families, run.motifs, source_of))
    if run.reproduced:
        write_text(folder / Output.REPRODUCIBILITY, reproducibility_tsv(run.reproduced, run.sources))
    on_page = _write_trees(folder, run, options)
    page = FamilyResult(title, run.motifs, source_of, families, on_page, run.reproduced, run.sources, record)
    write_text(folder / Output.REPORT, render_families(page, files_of_run(folder)))


def _write_trees(folder: Path, run: ClusterRun, options: ClusterOptions) -> TreeDrawing | None:
    """Write the trees that are not too large to be read, and give that of the page, if it is to have one."""
    n_leaves = len(run.clustering.families if _shows_families(run, options) else run.motifs)
    most = {"svg": _MOST_DRAWN, "png": _MOST_PAINTED}
    left_out = [name.value for names in _TREES.values() for name in names if n_leaves > most[_ending(name)]]
    if left_out:
        what = "families" if _shows_families(run, options) else "motifs"
        _log.warning(
            "%s are left out: a tree of %s %s is too large (at most %s in pixels, %s as SVG)",
            " and ".join(left_out), f"{n_leaves:,}", what, f"{_MOST_PAINTED:,}", f"{_MOST_DRAWN:,}",
        )  # fmt: skip
    if n_leaves > _MOST_DRAWN:
        return None
    scheme = "colour-blind-safe" if options.colour_blind_safe else "classic"
    drawings = {shape: _drawing(run, options, shape) for shape in _TREES}
    for shape, names in _TREES.items():
        for name in names:
            if name.value not in left_out:
                with atomic_write(folder / name, "wb") as handle:
                    handle.write(tree_bytes(drawings[shape], format=_ending(name), scheme=scheme))
    if n_leaves > _MOST_ON_PAGE:
        return None
    return drawings["linear" if n_leaves <= _MOST_ROWS else "radial"]


def _ending(name: Output) -> str:
    return name.value.rpartition(".")[2]


def _shows_families(run: ClusterRun, options: ClusterOptions) -> bool:
    """Whether leaves are families: where that is asked for, or motifs are too many."""
    return options.leaves == "families" or (options.leaves == "auto" and len(run.motifs) > _MOST_LEAVES)


def _drawing(run: ClusterRun, options: ClusterOptions, shape: TreeShape) -> TreeDrawing:
    """The tree of the motifs, or of the families."""
    families, limit = run.clustering.families, 1 - options.min_similarity
    if _shows_families(run, options):
        leaves = [
            Leaf(family.motif, _family_name(family), i if len(family.members) > 1 else None)
            for i, family in enumerate(families)
        ]
        return tree_drawing(leaves, run.clustering.tree_of_families(), shape=shape, limit=limit)
    by_motif = {i: leaf for number, family in enumerate(families) for i, leaf in _leaves(number, family, run)}
    leaves = [by_motif[i] for i in range(len(run.motifs))]
    return tree_drawing(leaves, run.clustering.tree, shape=shape, limit=limit)


def _leaves(number: int, family: Family, run: ClusterRun) -> list[tuple[int, Leaf]]:
    """The members of a family, aligned."""
    first = min(member.offset for member in family.members)
    last = max(member.offset + run.motifs[member.index].width for member in family.members)
    colour = number if len(family.members) > 1 else None
    leaves = []
    for i, offset, reverse, _ in family.members:
        motif = run.motifs[i].reverse_complement() if reverse else run.motifs[i]
        free = last - offset - motif.width
        leaves.append((i, Leaf(motif, _motif_name(i, run), colour, offset - first, free)))
    return leaves


def _motif_name(index: int, run: ClusterRun) -> str:
    name = display_name(run.motifs[index])
    return name if len(run.sources) == 1 else f"{name}, {run.sources[run.source_of[index]]}"


def _family_name(family: Family) -> str:
    n_others = len(family.members) - 1
    name = shown(family.motif.alt_name)
    return name if not n_others else f"{name} and {n_others} more"
