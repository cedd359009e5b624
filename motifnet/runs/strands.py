"""Whether one strand is looked at or both, where the options leave it to the input."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

from motifnet.errors import InvalidValue
from motifnet.io.fasta import holds_rna
from motifnet.motifs import Motif
from motifnet.strand import Strand

_log = logging.getLogger(__name__)


def strand_for(
    asked: Strand,
    motifs: Sequence[Motif] = (),
    source: object = "",
    targets: Sequence[Path] = (),
) -> Strand:
    """How strands are handled: as asked, or else as the motifs and sequences are.

    RNA has no complement, and a MEME file may say ``strands: +``; then the given strand alone is looked
    at. What is asked for goes first, and what it overrides is told.

    Parameters
    ----------
    asked : Strand
        The option.
    motifs : sequence of Motif
    source : object
        Where the motifs are from, for the messages.
    targets : sequence of Path
        Files of sequences or intervals.

    Raises
    ------
    InvalidValue
        If some motifs are of one strand and others of both, and nothing is asked for.
    """
    n_single = sum(motif.single_stranded for motif in motifs)
    reasons = [f"{source}: motifs are of {_kind(motifs)}"] if motifs and n_single == len(motifs) else []
    reasons += [f"{path}: sequences are of RNA" for path in targets if holds_rna(path)]
    if asked is not Strand.AUTO:
        if reasons and asked.reads_both:
            _log.warning("%s, but --strand %s was asked for", reasons[0], asked)
        return asked
    if reasons:
        _log.warning("%s, so that the given strand alone is looked at (--strand both for both)", reasons[0])
        return Strand.SINGLE
    if n_single:
        raise InvalidValue(
            "strand",
            asked.value,
            f"'both' or 'single': {n_single} of {len(motifs)} motifs of {source} are of one",
        )
    return Strand.BOTH


def _kind(motifs: Sequence[Motif]) -> str:
    return "RNA" if all(motif.alphabet == "RNA" for motif in motifs) else "one strand"
