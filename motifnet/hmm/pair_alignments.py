"""Many pairs: learn their models, align them, and do both again in all cells where some were missed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from functools import partial
from typing import NamedTuple

import numpy as np

from motifnet.config.align import AlignConfig
from motifnet.hmm.gap_origins import GapOrigins
from motifnet.hmm.pair import PairHmm
from motifnet.hmm.pair_align import PosteriorAlignment, align, sample
from motifnet.hmm.pair_estimates import estimates
from motifnet.hmm.pair_learn import ModelSource, PairFits, PairModels, given, learn, model_keys
from motifnet.hmm.pair_orient import OrientedPairs
from motifnet.hmm.pair_tracks import tracks_by_place
from motifnet.io.posteriors import overlap
from motifnet.kernels.pair_hmm.cpu import DEFAULT_BAND, Band
from motifnet.progress import Progress, Silent
from motifnet.symbols.aligned_pair import AlignedPair
from motifnet.symbols.alignment import Alignment
from motifnet.symbols.pairs import PairedSequences
from motifnet.wording import counted


class PairAlignments(NamedTuple):
    """Pairs, aligned, and the models that aligned them.

    Attributes
    ----------
    under : PairModels
        The models, and how they were learnt.
    pairs : list of AlignedPair
    teaches : numpy.ndarray of bool, shape=(n,)
        Pairs that are more alike than chance, from which a model is learnt.
    samples : list of Alignment
        Drawn from the posterior of each pair, in the order of the pairs.
    warnings : list of str
        In whole sentences.
    origins : GapOrigins or None
        In which lineage each gap came about, where a third sequence tells it.
    """

    under: PairModels
    pairs: list[AlignedPair]
    teaches: np.ndarray
    samples: list[Alignment]
    warnings: list[str]
    origins: GapOrigins | None = None

    @property
    def estimates(self) -> dict[str, dict[str, str]]:
        """What was learnt, by group of pairs and by name: :func:`motifnet.hmm.pair_estimates.estimates`."""
        return estimates(self.under)

    @property
    def models(self) -> list[PairHmm]:
        """The model of each pair."""
        return self.under.models

    @property
    def fits(self) -> PairFits:
        """How models were learnt, by the group of pairs that each is of; none where models were given."""
        return self.under.fits

    @property
    def model_keys(self) -> list[str]:
        """The group whose model each pair has; :data:`~motifnet.hmm.pair_learn.OF_ALL` for that of all."""
        return model_keys([pair.group for pair in self.pairs], self.under.fits or self.under.given)


def learn_and_align(
    oriented: OrientedPairs,
    source: ModelSource,
    config: AlignConfig,
    band: Band = DEFAULT_BAND,
    *,
    progress: Progress | None = None,
    stage: Callable[[str], AbstractContextManager[object]] = nullcontext,
) -> PairAlignments:
    """Align all pairs under a model that is given, or that is learnt from them.

    Where a pair has alignments that count elsewhere than it was worked on, the model was learnt without these
    as well: all is done again in all cells.

    Parameters
    ----------
    oriented : OrientedPairs
        From :func:`motifnet.hmm.pair_orient.orient`.
    source : mapping of str to PairHmm or sequence of PairTies
        Models, which are used as they are, by the group of pairs that each is of; or the ties to choose
        among.
    config : AlignConfig
    band : Band
    progress : Progress, optional
    stage : callable, optional
        A context for each stage of the work, by its name, such as a stopwatch.

    Returns
    -------
    PairAlignments
        Every pair, aligned, and the models that aligned them.

    Raises
    ------
    InvalidValue
        If ties break a symmetry that the substitution model has, or some pair is not possible.
    LikelihoodFell, InexactPosterior
        If numbers contradict each other: an error in this program.

    Examples
    --------
    >>> from motifnet.hmm.pair_orient import orient
    >>> from motifnet.hmm.pair_ties import PairTies
    >>> from motifnet.symbols import Sequences
    >>> x, y = Sequences.from_text(["ACGTTTGACAGG"] * 20), Sequences.from_text(["ACGTTGACAGG"] * 20)
    >>> oriented = orient(PairedSequences(x, y, [str(i) for i in range(20)]), AlignConfig())
    >>> found = learn_and_align(oriented, [PairTies.of(["lineages"], n_classes=1)], AlignConfig())
    >>> found.pairs[0].alignment.rows()
    ('ACGTTTGACAGG', 'ACGT-TGACAGG')
    """
    progress = progress or Silent()
    with stage("learn"):
        models = _models(oriented, source, config, band, progress)
    with stage("align"):
        work = _aligned(models, oriented, config, band, progress)
    n_outside = sum(one.is_whole is False for one in work.decoded)
    if n_outside and models.fits:
        # What was left out did not teach either.
        progress.log(
            f"{counted(n_outside, 'pair')} can be aligned where no shared words led: learning in all cells"
        )
        band = band._replace(bits=-1)
        with stage("learn in all cells"):
            models = _models(oriented, source, config, band, progress)
        with stage("align in all cells"):
            work = _aligned(models, oriented, config, band, progress)
    return PairAlignments(
        models,
        work.pairs,
        oriented.teaches,
        work.samples,
        oriented.warnings + _warnings(models, work, band),
    )


def _models(
    oriented: OrientedPairs, source: ModelSource, config: AlignConfig, band: Band, progress: Progress
) -> PairModels:
    if isinstance(source, Mapping):
        return given(oriented.pairs, source)
    return learn(oriented, source, config.pair_model, band, progress=progress)


class _Work(NamedTuple):
    """Every pair decoded, the same as it is handed on, and what was drawn."""

    decoded: list[PosteriorAlignment]
    pairs: list[AlignedPair]
    samples: list[Alignment]


def _aligned(
    models: PairModels, oriented: OrientedPairs, config: AlignConfig, band: Band, progress: Progress
) -> _Work:
    options, pairs, mode = config.aligning, oriented.pairs, config.pair_model.mode
    generator = np.random.default_rng(options.seed)
    work = _Work([], [], [])
    with progress.stage("align pairs", len(pairs)) as step:
        for i, (name, model) in enumerate(zip(pairs.names, models.models, strict=True)):
            names = pairs.x.names[i], pairs.y.names[i]
            one = align(
                model, *pairs[i], *names, method=options.method, gamma=options.gamma, mode=mode, band=band
            )
            likelihood = _log_likelihood(model, pairs, i, one) if mode == "global" else None
            work.decoded.append(one)
            work.pairs.append(
                AlignedPair(
                    name,
                    _placed(one.alignment, pairs, i),
                    one.posterior,
                    likelihood,
                    one.deviation,
                    one.edge,
                    pairs.groups[i],
                )
            )
            draw = partial(sample, model, *pairs[i], *names, band=band, within=one.envelope)
            work.samples.extend(
                _placed(draw(generator=generator), pairs, i) for _ in range(options.n_samples)
            )
            step.advance()
    return work


def _placed(alignment: Alignment, pairs: PairedSequences, i: int) -> Alignment:
    """The same with where the sequences of the pair lie."""
    return replace(alignment, x_place=pairs.x_places[i], y_place=pairs.y_places[i])


def _log_likelihood(
    model: PairHmm, pairs: PairedSequences, i: int, found: PosteriorAlignment
) -> float | None:
    """Of both sequences of a pair, in nats, summed over all alignments."""
    score = found.alignment.score
    return None if score is None else score + float(model.log_independent(pairs.select([i]))[0])


def _warnings(models: PairModels, work: _Work, band: Band) -> list[str]:
    warnings = list(models.warnings)
    n_exact = sum(
        one.is_exact and _n_cells(pair) > band.exact_cells
        for one, pair in zip(work.decoded, work.pairs, strict=True)
    )
    n_untold = sum(one.is_whole is None for one in work.decoded)
    if n_exact and band.bits >= 0:
        warnings.append(
            f"alignments of {counted(n_exact, 'pair')} may go anywhere, as where sequences share few "
            "words; all their cells were worked on"
        )
    if not all(one.converged for one in models.fits.values()):
        warnings.append("learning stopped at --max-rounds, before it was done")
    if overlap(tracks_by_place(work.pairs)) is not None:
        warnings.append(
            "first sequences overlap in their sources: confidence.bedgraph is along each by itself, by its "
            "name or that of its pair"
        )
    if n_untold:
        warnings.append(
            f"{counted(n_untold, 'pair')} of more than {band.compared_cells:,} cells: the edge of where each "
            "was worked on is checked, but not all cells, so that a stretch which changed its place may be "
            "missed (--band 0 works on all cells)"
        )
    return warnings


def _n_cells(pair: AlignedPair) -> int:
    return len(pair.alignment.x) * len(pair.alignment.y)
