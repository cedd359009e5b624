"""Targets and controls to compare, one of each place: where nothing is learnt, nothing is split."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from motifnet.config.train import SplitOptions
from motifnet.datasets.clean import clean
from motifnet.datasets.controls import ControlMaker, Idle, Request
from motifnet.datasets.independent import called_controls, independent, told, told_of_targets
from motifnet.errors import TooFewSequences
from motifnet.strand import Strand
from motifnet.symbols import Sequences
from motifnet.symbols.given import Given, as_sequences


class Contrast(NamedTuple):
    """Clean targets and their controls.

    Parameters
    ----------
    sequences : Sequences
        Targets, then controls.
    n_targets : int
        How many of them are targets.
    removed : dict of str to int
        Why targets were removed, and how many.
    source : str
        One sentence on the controls.
    notes, warnings : tuple of str
        One sentence each: for the log; for the log and the report.
    idle : tuple of (str, str)
        Options that the controls leave without effect, and why.
    """

    sequences: Sequences
    n_targets: int
    removed: dict[str, int]
    source: str
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    idle: Idle = ()

    @property
    def n_controls(self) -> int:
        """How many are controls."""
        return len(self.sequences) - self.n_targets

    @property
    def is_target(self) -> np.ndarray:
        """Which sequences are targets, ``shape=(n,)``."""
        return np.arange(len(self.sequences)) < self.n_targets


def contrast(
    targets: Given, controls: ControlMaker, *, strand: Strand = Strand.BOTH, seed: int = 0
) -> Contrast:
    """Clean targets, keep one of each place, and give them controls, of which the same holds.

    Parameters
    ----------
    targets : Sequences
    controls : ControlMaker
        ``GivenControls``, ``GenomeControls`` or ``ShuffledControls``.
    strand : Strand
        Whether a sequence and its reverse complement are the same.
    seed : int
        Of all random choices.

    Returns
    -------
    Contrast
        Targets and controls, and what was left out.

    Raises
    ------
    TooFewSequences
        If no target is left.
    TooFewControls
        If there are no controls, or the genome has too few that match.

    Examples
    --------
    >>> from motifnet.datasets.controls import GivenControls
    >>> given = GivenControls(Sequences.from_text(["ACCT", "GGGG"]))
    >>> made = contrast(Sequences.from_text(["AACC", "GGTT", "TGCA"]), given)
    >>> made.n_targets, made.n_controls, made.removed
    (2, 2, {'reverse-complement duplicate': 1})
    """
    targets = as_sequences(targets)
    cleaned = clean(targets, strand=strand)
    if not len(cleaned.kept):
        reasons = ", ".join(f"{count:,} {reason}" for reason, count in cleaned.removed.items())
        raise TooFewSequences("targets", 0, 1, f"Removed: {reasons}" if reasons else "")
    every = kept = targets.select(cleaned.kept)
    counted = independent(kept, strand=strand, seed=seed)
    overlaps = told("targets", counted)
    if overlaps:
        kept = kept.select(counted)
    peaks = [where for where in targets.intervals or () if where is not None]
    request = Request(SplitOptions(), np.ones(len(kept), np.int64), peaks, 1, strand, seed)
    joined = controls.join(kept, request)
    sequences, warnings = joined.sequences, overlaps + joined.warnings
    counted = joined.tested.copy()
    given = len(kept) + np.flatnonzero(joined.target_of < 0)
    warnings += told_of_targets(sequences.select(given), every, strand=strand)
    tested = given[counted[given]]
    counted[tested] = independent(sequences.select(tested), strand=strand, seed=seed)
    of_controls = told(called_controls(joined.tested, joined.target_of), counted[tested])
    warnings += of_controls
    # Which of those that overlap are counted is drawn by the seed.
    idle = tuple(one for one in joined.idle if one[0] != "seed" or not (overlaps or of_controls))
    if not counted.all():
        sequences = sequences.select(counted)
    n_targets = int(counted[: len(kept)].sum())
    return Contrast(sequences, n_targets, cleaned.removed, joined.source, joined.notes, warnings, idle)
