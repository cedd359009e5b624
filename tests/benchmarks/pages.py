"""Make the pages of results in the docs, of the rows that are kept.

``python -m tests.benchmarks.pages`` writes ``docs/benchmarks.md`` and those beside it; a benchmark without
rows has no section.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from motifnet.io import atomic_write
from tests.benchmarks.alignment import ALIGNMENT
from tests.benchmarks.alignment_simulated import ALIGNMENT_SIMULATED
from tests.benchmarks.benchmark import Benchmark, read_rows
from tests.benchmarks.cluster import CLUSTER
from tests.benchmarks.cofactors import COFACTORS
from tests.benchmarks.compare import COMPARE
from tests.benchmarks.decode import DECODE
from tests.benchmarks.discovery import DISCOVERY
from tests.benchmarks.enrich import ENRICH
from tests.benchmarks.kernels import KERNELS
from tests.benchmarks.large import LARGE
from tests.benchmarks.long_pairs import LONG_PAIRS
from tests.benchmarks.nulls import NULLS
from tests.benchmarks.outgroup import OUTGROUP
from tests.benchmarks.pair_bands import PAIR_BANDS
from tests.benchmarks.pair_hmm import PAIR_HMM
from tests.benchmarks.places import PLACES
from tests.benchmarks.planted import PLANTED
from tests.benchmarks.promoters import PROMOTERS
from tests.benchmarks.scan import SCAN
from tests.benchmarks.seeds import SEEDS
from tests.benchmarks.single import SINGLE
from tests.benchmarks.stages import STAGES_OF_THE_JOB
from tests.benchmarks.starts import STARTS
from tests.benchmarks.sure_columns import SURE_COLUMNS
from tests.benchmarks.tie_tests_model import TIE_TESTS_MODEL
from tests.benchmarks.tie_tests_motifs import TIE_TESTS_MOTIFS
from tests.benchmarks.tie_tests_pairs import TIE_TESTS_PAIRS
from tests.benchmarks.tie_tests_sets import TIE_TESTS_SETS

_DISCOVERY_PREFACE = """# Benchmarks of discovery

What `motifnet train` finds, and what it costs, with the command that measures each table. The open data lie
in the folder that `MOTIFNET_DATA` names and are not part of the project; its README says where each set is
from. Bars that are missed are shown as missed. The kernel under it has
[a page of its own](benchmarks-kernels.md), and so has [alignment](benchmarks-alignment.md)."""
_KERNELS_PREFACE = """# Benchmarks of the kernel

The first layer of every network: the convolution of codes with tied filters, both strands and the pool in
one. [What is built on it](benchmarks.md) has a page of its own. The figures are from a core whose vectors
are 32 bytes wide (AVX2); wider ones (AVX-512) do twice the work in an instruction."""
_ALIGNMENT_PREFACE = """# Benchmarks of alignment

How right the alignments of `motifnet align` are, how far their posteriors and estimates can be believed, and
what the hidden Markov models cost, beside peers. None of the peers is needed by motifnet; `aligners.py` says
where each is from. [Discovery](benchmarks.md) has a page of its own."""
_MOTIFS_PREFACE = """# Benchmarks of motifs against the world

What `motifnet scan`, `decode`, `compare`, `cluster`, `enrich` and `profile` give beside other tools and
databases, and what they cost.
[Discovery](benchmarks.md) has a page of its own."""
_TIES_PREFACE = """# Benchmarks of tests of ties

How often each test of `motifnet test` rejects a tie that holds, which should be 5% at a level of .05, and one
that does not, beside the ways in use today; and what they say of real data. Where data sets are few, the
standard error is large. [Testing ties](explanation/testing.md) explains the tests."""

PAGES = {
    "benchmarks.md": (
        _DISCOVERY_PREFACE,
        (DISCOVERY, PLANTED, NULLS, SEEDS, COFACTORS, SINGLE, STAGES_OF_THE_JOB, STARTS, LARGE),
        "",
    ),
    "benchmarks-kernels.md": (_KERNELS_PREFACE, (KERNELS,), ""),
    "benchmarks-alignment.md": (
        _ALIGNMENT_PREFACE,
        (ALIGNMENT, SURE_COLUMNS, ALIGNMENT_SIMULATED, OUTGROUP, PAIR_BANDS, LONG_PAIRS, PAIR_HMM),
        "",
    ),
    "benchmarks-ties.md": (
        _TIES_PREFACE,
        (TIE_TESTS_SETS, TIE_TESTS_MOTIFS, TIE_TESTS_PAIRS, TIE_TESTS_MODEL),
        "",
    ),
    "benchmarks-motifs.md": (
        _MOTIFS_PREFACE,
        (SCAN, DECODE, COMPARE, CLUSTER, ENRICH, PLACES, PROMOTERS),
        "",
    ),
}
"""What each page begins with, its benchmarks, and what it ends with."""


def page(preface: str, benchmarks: Sequence[Benchmark], end: str) -> str:
    """A page of the benchmarks that have rows."""
    sections = [benchmark.section(rows) for benchmark in benchmarks if (rows := read_rows(benchmark.path))]
    return "\n\n".join([preface, *sections, *([end] if end else [])]) + "\n"


def main(folder: Path) -> None:
    """Write all pages to a folder."""
    for name, parts in PAGES.items():
        with atomic_write(folder / name) as handle:
            handle.write(page(*parts))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[2] / "docs")
