"""HOMER motif format: a header and a row of probabilities for each column of the motif, such as::

>ATGACTCATC<tab>AP-1(bZIP)/Homer<tab>6.049537<tab>-1782.9<tab>0<tab>T:5781.0(58.96%),B:2715.0(6.13%)
0.419 0.275 0.277 0.028
0.001 0.001 0.001 0.997

The header holds a consensus, the name, the threshold from which HOMER takes a window for a site, a
log p-value, and how many targets and background sequences have one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from motifnet.io.blocks import MotifBlock, columns, is_homer_header, n_motifs, split_blocks
from motifnet.io.motif_format import (
    FORMATS,
    Held,
    Lines,
    MotifFormat,
    first_content,
    motif_of_counts,
    numbers,
    printed_shares,
    word,
)
from motifnet.motifs import Motif
from motifnet.stats.score_distribution import SteppedScores, score_distribution
from motifnet.symbols.background import Background

_TARGETS = re.compile(r"\bT:([^\s(]+)\(")
_LEAST = 0.001  # what HOMER writes for a base that was never seen
_P_VALUE = 1e-4  # of a window at the threshold


def matches(lines: Lines) -> bool:
    """Whether the first motif begins as those of HOMER do."""
    return is_homer_header(first_content(lines))


def parse_homer(lines: Lines, path: Path) -> list[Motif]:
    """The motifs of a HOMER file.

    The number of sites is that of targets with one, where a header tells it. Thresholds are not read.

    Raises
    ------
    MotifFormatError
        If a row has not four numbers, or a motif no row.
    """
    return [_motif(block, path) for block in split_blocks(lines, path)]


def render_homer(motifs: Sequence[Motif], _bases: str = "ACGT") -> str:
    """Motifs as a HOMER file, which does not name its bases.

    The threshold is the score that one window in 10,000 of equally frequent bases reaches.
    """
    return "".join(_rendered(motif) for motif in motifs)


FORMATS.register("homer")(
    MotifFormat((".homer", ".motif", ".motifs"), Held.NOTHING, matches, n_motifs, parse_homer, render_homer)
)


def _motif(block: MotifBlock, path: Path) -> Motif:
    consensus, given = [*block.header.split("\t"), ""][:2]
    name = given.strip() or consensus
    motif = motif_of_counts(name, "", columns(block, name, path), path, block.line)
    targets = _TARGETS.search(block.header)
    n_sites = numbers(targets[1], path, block.line)[0] if targets else 0
    return replace(motif, counts=motif.probabilities * n_sites, n_sites=n_sites) if n_sites else motif


def _rendered(motif: Motif) -> str:
    header = f">{motif.consensus}\t{word(motif.name)}\t{detection_threshold(motif.probabilities):.6f}\t0\t0"
    rows = ("\t".join(column) for column in printed_shares(motif))
    return "\n".join([header, *rows]) + "\n"


def detection_threshold(probability: np.ndarray) -> float:
    """The log-odds score that one window in 10,000 of equally frequent bases reaches.

    It is that of the best window for a motif too short for that.

    Parameters
    ----------
    probability : numpy.ndarray, shape=(4, width)
        Columns that sum to 1.

    Returns
    -------
    float
        In nats, as HOMER counts.

    Examples
    --------
    >>> round(detection_threshold(np.eye(4)[:, [2, 0, 3, 0]]), 1)
    5.5
    """
    grid = SteppedScores.of(np.log2(np.maximum(probability, _LEAST) / 0.25))
    chances = score_distribution(grid.steps, Background.from_gc(0.5))
    steps = min(chances.threshold(_P_VALUE), len(chances.survival) - 1)
    # Half a step a column lower, since so much may a score be less than its steps tell.
    return float(grid.bits(np.array(steps - grid.width / 2)) * np.log(2))
