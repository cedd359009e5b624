"""A third sequence for each pair, which tells in which lineage gaps came about.

Both sequences of every pair are aligned to the third under one pair HMM, learnt from all of these; what is
probable for each two of the three is the band in which a triplet HMM goes over all alignments of the three.
"""

from __future__ import annotations

import numpy as np

from motifnet.config.align import AlignConfig
from motifnet.errors import InvalidValue
from motifnet.hmm.gap_origins import GapOrigins, gaps_of
from motifnet.hmm.pair import PairHmm
from motifnet.hmm.pair_align import PosteriorAlignment, align
from motifnet.hmm.pair_alignments import PairAlignments
from motifnet.hmm.pair_learn import candidate_ties, learn_one
from motifnet.hmm.pair_orient import OrientedPairs, orient
from motifnet.hmm.triplet_band import band_of
from motifnet.hmm.triplet_fit import Alone, Triplet, alone, fit_triplets, starting_model
from motifnet.kernels.pair_hmm.cpu import DEFAULT_BAND, Band
from motifnet.kernels.threads import n_threads
from motifnet.progress import Progress, Silent
from motifnet.symbols import Sequences
from motifnet.symbols.pairs import PairedSequences
from motifnet.wording import counted


def gap_origins(
    pairs: PairedSequences,
    run: PairAlignments,
    outgroup: Sequences,
    config: AlignConfig,
    band: Band = DEFAULT_BAND,
    *,
    progress: Progress | None = None,
) -> GapOrigins:
    """In which lineage each gap of aligned pairs came about.

    Parameters
    ----------
    pairs : PairedSequences
        As they were aligned.
    run : PairAlignments
        Their global alignments.
    outgroup : Sequences
        A third sequence for each pair, of a lineage that left before x and y came apart; an empty one where
        there is none.
    config : AlignConfig
        Its models are learnt, and its sequences turned and cut, as those of the pairs are.
    band : Band
    progress : Progress, optional

    Returns
    -------
    GapOrigins
        All gaps, and the model.

    Raises
    ------
    InvalidValue
        If two circles share too few words to tell where one begins in the other, or no third sequence is
        more alike to its pair than by chance.

    Examples
    --------
    >>> from motifnet.hmm.pair_alignments import learn_and_align
    >>> from motifnet.hmm.pair_ties import PairTies
    >>> x, y = Sequences.from_text(["ACGTTTGACAGG"] * 20), Sequences.from_text(["ACGTTGACAGG"] * 20)
    >>> pairs = PairedSequences(x, y, [str(i) for i in range(20)])
    >>> run = learn_and_align(
    ...     orient(pairs, AlignConfig()), [PairTies.of(["lineages"], n_classes=1)], AlignConfig()
    ... )
    >>> {gap.event for gap in gap_origins(pairs, run, x, AlignConfig()).gaps}
    {'deletion in y'}
    """
    progress = progress or Silent()
    has = np.flatnonzero(outgroup.lengths > 0)
    some = pairs.select(has)
    of_x = _alike(some, outgroup.select(has), config, band)
    alike = np.flatnonzero(of_x.is_alike)
    has, some, with_x = has[alike], some.select(alike), of_x.pairs.select(alike)
    of_y = PairedSequences(some.y, with_x.y, some.names, some.y_places)
    far = _learnt(with_x, of_y, config, band, progress)
    triplets = []
    with progress.stage("align to the outgroup", len(some)) as step:
        for i, pair in enumerate(has.tolist()):
            triplets.append(_triplet(run, pair, far, (with_x, of_y), i, config, band))
            step.advance()
    most_bytes = config.aligning.memory_bytes / n_threads()
    model = fit_triplets(triplets, starting_model(run.models[0], far), most_bytes, progress=progress)
    told: dict[int, Alone] = {}
    with progress.stage("tell the lineages", len(some)) as step:
        for pair, triplet in zip(has.tolist(), triplets, strict=True):
            told[pair] = alone(model, triplet, most_bytes)
            step.advance()
    gaps = [gap for i, one in enumerate(run.pairs) for gap in gaps_of(i, one.alignment, told.get(i))]
    return GapOrigins(gaps, model, far, _warnings(pairs, of_x, told))


def _alike(pairs: PairedSequences, third: Sequences, config: AlignConfig, band: Band) -> OrientedPairs:
    """First and third sequences as they are aligned, and which of them are more alike than by chance.

    A third sequence that is not tells nothing: what a model says of the gaps then is its rates alone.

    Raises
    ------
    InvalidValue
        If none is.
    """
    named = [f"{name} and its outgroup" for name in pairs.names]
    of_x = orient(PairedSequences(pairs.x, third, named, pairs.x_places), config, band, told_in="")
    if not of_x.is_alike.any():
        expected = "third sequences, one of them at least more alike to its pair than by chance"
        raise InvalidValue("outgroup", f"{counted(len(pairs), 'sequence')} unlike all pairs", expected)
    return of_x


def _learnt(
    x: PairedSequences, y: PairedSequences, config: AlignConfig, band: Band, progress: Progress
) -> PairHmm:
    """One pair HMM of both sequences with the third."""
    both = PairedSequences(_joined(x.x, y.x), _joined(x.y, y.y), [*x.names, *y.names])
    options = config.pair_model
    return learn_one(both, candidate_ties(options), options, band, progress=progress).model


def _joined(*several: Sequences) -> Sequences:
    codes = [one[i] for one in several for i in range(len(one))]
    return Sequences.from_codes(codes, [name for one in several for name in one.names])


def _triplet(
    run: PairAlignments,
    pair: int,
    far: PairHmm,
    with_third: tuple[PairedSequences, PairedSequences],
    number: int,
    config: AlignConfig,
    band: Band,
) -> Triplet:
    """A pair with its third sequence, and the band of the three."""
    (x, z), (y, _) = (pairs[number] for pairs in with_third)
    xz, yz = (_aligned(far, pairs[number], config, band) for pairs in with_third)
    xy = run.pairs[pair]
    along = xy.alignment, xz.alignment, yz.alignment
    posteriors = (xy.posterior, xz.posterior, yz.posterior)
    return Triplet(x, y, z, band_of(*posteriors, along))  # type: ignore[arg-type]  # an aligned pair has one


def _aligned(
    model: PairHmm, pair: tuple[np.ndarray, np.ndarray], config: AlignConfig, band: Band
) -> PosteriorAlignment:
    return align(model, *pair, gamma=config.aligning.gamma, band=band)


def _warnings(pairs: PairedSequences, of_x: OrientedPairs, told: dict[int, Alone]) -> list[str]:
    warnings = [f"outgroup: {sentence}" for sentence in of_x.warnings]
    if n_without := len(pairs) - len(told):
        without = f"{counted(n_without, 'pair')} without an outgroup that is alike"
        warnings.append(f"{without}: of their gaps no lineage is told")
    n_full = sum(bool(np.isnan(one.x).any() or np.isnan(one.y).any()) for one in told.values())
    if n_full:
        warnings.append(
            f"{counted(n_full, 'pair')} with parts in which all three sequences take more than --memory: of "
            "the gaps there no lineage is told"
        )
    return warnings
