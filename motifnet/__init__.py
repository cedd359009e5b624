"""Motifs in DNA, found by networks whose weights are tied.

A *tie* says that several numbers of a model are one and the same number: a hypothesis about a
symmetry. motifnet lets a tie be declared (:mod:`motifnet.ties`), trained under
(:mod:`motifnet.layers`, :mod:`motifnet.models`, :mod:`motifnet.training`) and read back as
motifs (:mod:`motifnet.discovery`). The command line is :mod:`motifnet.cli`.

What is typed first stands here, and is imported when it is asked for: ``motifnet.train`` and its like do what
the commands of their names do, ``motifnet.read_run`` reads what they made.

Examples
--------
>>> import motifnet
>>> motifnet.Strand("both").reads_both
True
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    __version__: str

    from motifnet.estimators import MotifClassifier
    from motifnet.io.fasta import read_fasta
    from motifnet.io.motif_files import read_motifs, write_motifs
    from motifnet.motifs import Motif
    from motifnet.runs.align import align
    from motifnet.runs.cluster import cluster
    from motifnet.runs.compare import compare
    from motifnet.runs.convert import convert
    from motifnet.runs.decode import decode
    from motifnet.runs.enrich import enrich
    from motifnet.runs.logos import draw_logos
    from motifnet.runs.profile import profile
    from motifnet.runs.reading import read_run
    from motifnet.runs.scan import scan
    from motifnet.runs.simulate import simulate
    from motifnet.runs.train import train
    from motifnet.strand import Strand
    from motifnet.symbols import Sequences
    from motifnet.ties import TIES, Tie

_HOMES = {
    "Motif": "motifnet.motifs",
    "MotifClassifier": "motifnet.estimators",
    "Sequences": "motifnet.symbols",
    "Strand": "motifnet.strand",
    "TIES": "motifnet.ties",
    "Tie": "motifnet.ties",
    "align": "motifnet.runs.align",
    "cluster": "motifnet.runs.cluster",
    "compare": "motifnet.runs.compare",
    "convert": "motifnet.runs.convert",
    "decode": "motifnet.runs.decode",
    "draw_logos": "motifnet.runs.logos",
    "enrich": "motifnet.runs.enrich",
    "profile": "motifnet.runs.profile",
    "read_fasta": "motifnet.io.fasta",
    "read_motifs": "motifnet.io.motif_files",
    "read_run": "motifnet.runs.reading",
    "scan": "motifnet.runs.scan",
    "simulate": "motifnet.runs.simulate",
    "train": "motifnet.runs.train",
    "write_motifs": "motifnet.io.motif_files",
}

__all__ = [
    "TIES",
    "Motif",
    "MotifClassifier",
    "Sequences",
    "Strand",
    "Tie",
    "align",
    "cluster",
    "compare",
    "convert",
    "decode",
    "draw_logos",
    "enrich",
    "profile",
    "read_fasta",
    "read_motifs",
    "read_run",
    "scan",
    "simulate",
    "train",
    "write_motifs",
]


def __getattr__(name: str) -> Any:
    """What stands here, imported now (PEP 562); ``__version__`` is that of what is installed."""
    if name == "__version__":
        globals()[name] = value = importlib.import_module("importlib.metadata").version("motifnet")
        return value
    if name not in _HOMES:
        raise AttributeError(f"module 'motifnet' has no attribute {name!r}")
    globals()[name] = value = getattr(importlib.import_module(_HOMES[name]), name)
    return value


def __dir__() -> list[str]:
    """What stands here, imported or not."""
    return sorted({*globals(), *_HOMES, "__version__"})
