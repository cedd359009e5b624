"""The third sequences of a run of ``motifnet align``: read, asked, and what they tell, written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from motifnet.config.align import AlignConfig
from motifnet.hmm.gap_origins import GapOrigin, GapOrigins
from motifnet.hmm.outgroup import gap_origins
from motifnet.hmm.pair_alignments import PairAlignments
from motifnet.io.pairs import read_outgroup
from motifnet.io.text import write_text
from motifnet.kernels.pair_hmm.cpu import Band
from motifnet.progress import Progress
from motifnet.report.tables.tsv import tab_separated
from motifnet.runs.folder import Output
from motifnet.symbols import Sequences
from motifnet.symbols.aligned_pair import AlignedPair
from motifnet.symbols.pairs import PairedSequences

_GAP_COLUMNS = (
    "pair",
    *(f"{side}_{what}" for side in "xy" for what in ("source", "start", "end", "strand")),
    "bases_of",
    "length",
    "event",
    "real",
    "insertion",
    "deletion",
    "in_outgroup",
)
_LINEAGE_COLUMNS = ("event", "expected", "low", "high", "called", "bases")


def read_third(inputs: Sequence[Path], config: AlignConfig, pairs: PairedSequences) -> Sequences | None:
    """The third sequence of each pair; ``None`` where none is asked for."""
    outgroup, species = config.aligning.outgroup, config.aligning.species
    if outgroup is None:
        return None
    return read_outgroup(outgroup, pairs, inputs[0], species=(species[0], species[1]) if species else None)


def with_lineages(
    run: PairAlignments,
    pairs: PairedSequences,
    outgroup: Sequences,
    config: AlignConfig,
    band: Band,
    progress: Progress,
) -> PairAlignments:
    """The same with what third sequences tell of the gaps."""
    origins = gap_origins(pairs, run, outgroup, config, band, progress=progress)
    return run._replace(origins=origins, warnings=[*run.warnings, *origins.warnings])


def write_origins(folder: Path, pairs: Sequence[AlignedPair], origins: GapOrigins) -> None:
    """Write a row for each gap, and one for each kind of event."""
    gaps = (_row(gap, pairs[gap.pair]) for gap in origins.gaps)
    write_text(folder / Output.GAPS, tab_separated(_GAP_COLUMNS, gaps))
    counts = (
        (one.event, f"{one.expected:.2f}", one.low, one.high, one.n_called, f"{one.bases:.1f}")
        for one in origins.counts
    )
    write_text(folder / Output.LINEAGES, tab_separated(_LINEAGE_COLUMNS, counts))


def _row(gap: GapOrigin, pair: AlignedPair) -> tuple[object, ...]:
    """A gap as cells of the table: where it lies in the sources, and what is known of it."""
    places = (pair.alignment.x_place.part(*gap.x), pair.alignment.y_place.part(*gap.y))
    return (
        pair.name,
        *(cell for place in places for cell in (place.source, place.start, place.end, place.strand)),
        "xy"[gap.side],
        gap.length,
        gap.event,
        *map(_probability, (gap.real, gap.insertion, 1 - gap.insertion, gap.in_outgroup)),
    )


def _probability(value: float) -> str | None:
    return None if np.isnan(value) else f"{min(value, 1.0):.6f}"
