"""Does a tie of a network cost accuracy? Networks with it and without it, asked of what neither has seen.

A network stops early, so that its likelihood is not the largest there is, and no ratio of two such has a
known distribution. What it says of held-out sequences is judged instead: a tie that does not hold costs what
it hides, and one that holds costs nothing and saves data.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import NamedTuple

import numpy as np
import torch

from motifnet.config.train import TrainConfig
from motifnet.datasets.compose import Dataset, needs_cross_fit
from motifnet.discovery.learn import contrasted
from motifnet.errors import TooFewSequences
from motifnet.hypotheses.judging import Answer, judge
from motifnet.hypotheses.registry import HYPOTHESES, Hypothesis
from motifnet.hypotheses.untyings import UNTYINGS, Fits, Learner, Untying, check_untied
from motifnet.progress import Progress, Silent
from motifnet.stats.held_out import HeldOutGain, corrected_resampled_t, paired_gain, sequences_needed
from motifnet.stats.paired_auroc import auroc_values
from motifnet.ties.tested import (
    Effect,
    Gain,
    Intervals,
    TieTest,
    TieVerdict,
    Trends,
    told_needed,
)
from motifnet.training.evaluate import Parts, Round, by_fold, by_part
from motifnet.training.targets import TARGETS
from motifnet.training.workspace import Forgetful, Workspace
from motifnet.wording import counted, told_p

_SHARES = (1.0, 0.5, 0.25)  # of the training sequences, from which a curve of learning is drawn
_TIED, _UNTIED = 0, 1
_LEVELS = (0.025, 0.975)
_MOST_AUROC = 0.01  # that untying may gain for a tie to be justified: what sets methods apart in comparisons
_N_RESAMPLED = 999  # resamples of the interval of what a tie is worth
_OF_PART = "t tests of held-out sequences, of which those of a group count as one: of nats and of AUROC"
_OF_FOLDS = "t tests over folds, corrected for what they share (Nadeau and Bengio 2003): of nats and of AUROC"

HYPOTHESES.register("model")(
    Hypothesis(
        question="Does a tie of this network cost accuracy?",
        null="Without the tie, held-out sequences are predicted no better: in nats, and in AUROC.",
        method="The network is trained with the tie and without it, from the same sequences and as many "
        "seeds. The loss of each held-out sequence, averaged over seeds, is compared: its mean gain over its "
        "standard error, in which a chromosome or a cluster of look-alikes counts as one, is a t statistic "
        "(of a cross-fit, over folds, whose common training sequences are allowed for). So is the gain of "
        "AUROC, which tells what is put in order better though not said more surely; the p-value is twice "
        "the smaller of both.",
        when_rejected="The tie costs accuracy in these data: what it takes for equal differs. Train without "
        "it, or without it where it fails.",
        when_not="A network without the tie may have learnt too little to gain by it: the curve of learning "
        "says which way it goes with more sequences. That a tie pays does not prove its symmetry: a tie that "
        "nearly holds saves more than it costs.",
    )
)


def model(
    dataset: Dataset,
    background: np.ndarray,
    config: TrainConfig,
    untie: Sequence[str],
    *,
    n_seeds: int = 3,
    alpha: float = 0.05,
    margin: float = 0.005,
    workspace: Workspace | None = None,
    progress: Progress | None = None,
) -> list[TieTest]:
    """Test whether ties of a network cost what held-out sequences tell.

    Parameters
    ----------
    dataset : Dataset
        Split as it was for the network.
    background : numpy.ndarray, shape=(4,)
    config : TrainConfig
        Of the network, its strands settled; the first seed is its own.
    untie : sequence of str
        Names in :data:`~motifnet.hypotheses.untyings.UNTYINGS`, each taken away by itself.
    n_seeds : int
        Networks of either kind, whose losses are averaged.
    alpha : float
        Largest p-value at which a tie is rejected.
    margin : float
        Nats a sequence that untying may gain for a tie to be justified.
    workspace : Workspace, optional
        Keeps what networks say that are trained, for a run that is resumed.
    progress : Progress, optional

    Returns
    -------
    list of TieTest
        One for each of ``untie``.

    Raises
    ------
    UnknownName, InvalidValue
        If the network has no such tie.
    TooFewSequences
        If all held-out sequences are of one group, or there are too few groups to cross-fit over.

    Examples
    --------
    >>> from motifnet.config.train import DiscoveryOptions, ModelOptions, SplitOptions, TrainingOptions
    >>> from motifnet.datasets.compose import compose
    >>> from motifnet.datasets.controls import GivenControls
    >>> from motifnet.datasets.simulate import Planted, motif_from_word, simulate
    >>> from motifnet.symbols.background import Background
    >>> planted = Planted(motif_from_word("CCGGAAGTGA"))
    >>> made = simulate([planted], Background.from_gc(0.5), n_targets=100, n_controls=100, length=50)
    >>> quick = TrainConfig(
    ...     split=SplitOptions(cross_fit_below=0),
    ...     model=ModelOptions(n_filters=2, filter_width=12),
    ...     training=TrainingOptions(max_epochs=1),
    ...     discovery=DiscoveryOptions(n_motifs=1),
    ... )
    >>> dataset = compose({"peaks": made.targets}, GivenControls(made.controls), quick.split).dataset
    >>> (found,) = model(dataset, np.full(4, 0.25), quick, ["strand"], n_seeds=1)
    >>> found.subject, found.n == found.gain.n, found.effect.unit
    ('strand', True, 'AUROC')
    """
    check_untied(untie, config, dataset.tasks)
    asked = contrasted(dataset, config)
    is_cross_fit = needs_cross_fit(asked, config.split)
    rounds = by_fold(asked, config.split, seed=config.training.seed) if is_cross_fit else by_part(asked)
    judged = _Judging.of(asked, rounds)
    kept = workspace or Forgetful()
    said = _said(dataset, background, config, untie, judged, n_seeds, kept, progress or Silent())
    return judge([_asked(name, _Judged.of(judged, said[name], config), margin) for name in untie], alpha)


class _Judging(NamedTuple):
    """Which sequences judge what, of those that tests count."""

    dataset: Dataset
    rounds: list[Round]
    held: list[np.ndarray]
    """Of each round, indices."""

    @classmethod
    def of(cls, dataset: Dataset, rounds: list[Round]) -> _Judging:
        counts = ~np.isnan(dataset.tested_labels).all(1)
        held = [one.held[counts[one.held]] for one in rounds]
        n_groups = min(len(np.unique(dataset.groups[one])) for one in held)
        if len(rounds) == 1 and n_groups < 2:
            hint = "Train again with more test chromosomes, or split by similarity"
            raise TooFewSequences("held-out sequences, in groups", n_groups, 2, hint)
        return cls(dataset, rounds, held)


def _said(
    dataset: Dataset,
    background: np.ndarray,
    config: TrainConfig,
    untie: Sequence[str],
    judging: _Judging,
    n_seeds: int,
    workspace: Workspace,
    progress: Progress,
) -> dict[str, np.ndarray]:
    """Logits of held-out sequences by the name of the tie: of networks with it, then of those without it.

    ``shape=(n_shares, n_seeds, 2, n, n_tasks)``, NaN of sequences that do not judge.
    """
    shape = (len(_SHARES), n_seeds, 2, len(dataset), len(dataset.tasks))
    said = {name: np.full(shape, np.nan, np.float32) for name in untie}
    first = config.training.seed
    with progress.stage("train", len(judging.rounds) * len(_SHARES) * len(untie) * n_seeds) as step:
        for (one, held), (i, share) in product(
            zip(judging.rounds, judging.held, strict=True), enumerate(_SHARES)
        ):
            learner = Learner(dataset, _some(one.parts, dataset, share, first), background, config)
            for name in untie:
                said_by = _Fitted(UNTYINGS[name], learner, held)
                for j in range(n_seeds):
                    piece = f"{one.name}, {share} of it, {name} untied, seed {first + j}"
                    kept = workspace.load(piece)
                    found = said_by(first + j) if kept is None else kept["said"].numpy()
                    if kept is None:
                        workspace.save(piece, {"said": torch.from_numpy(found)})
                    said[name][i, j, :, held] = found.swapaxes(0, 1)
                    step.advance(f"{one.name}, {name} untied, from {len(learner.parts.train):,} sequences")
    return said


@dataclass(eq=False)
class _Fitted:
    """What networks with a tie and without it say of held-out sequences, from the seed that is asked for."""

    untying: Untying
    learner: Learner
    held: np.ndarray

    @cached_property
    def fit(self) -> Fits:
        """After a search, which nothing needs where all is kept."""
        return self.untying.fits(self.learner)

    def __call__(self, seed: int) -> np.ndarray:
        """``shape=(2, n_held, n_tasks)``."""
        return np.stack([scorer(self.held) for scorer in self.fit(seed)]).astype(np.float32)


def _some(parts: Parts, dataset: Dataset, share: float, seed: int) -> Parts:
    """A share of the sequences that train, of targets as of controls; those for validation stay."""
    rng = np.random.default_rng(seed)
    left_out = np.zeros(len(dataset), bool)
    for kind in (True, False):
        of_kind = rng.permutation(parts.train[dataset.is_target[parts.train] == kind])
        left_out[of_kind[math.ceil(share * len(of_kind)) :]] = True
    shaping, train = (some[~left_out[some]] for some in (parts.shaping, parts.train))
    return Parts(shaping, train, parts.validation)


class _Judged(NamedTuple):
    """What held-out sequences say of networks with a tie, and of those without it."""

    losses: np.ndarray
    """Nats, ``shape=(n_shares, n_seeds, 2, n)``."""
    auroc: np.ndarray
    """Values whose mean is the AUROC, ``shape=(2, n)``."""
    round: np.ndarray
    """Which round held a sequence out, ``shape=(n,)``."""
    groups: np.ndarray
    n_train: np.ndarray
    """Sequences that trained at each share, in the mean of rounds."""

    @classmethod
    def of(cls, judging: _Judging, said: np.ndarray, config: TrainConfig) -> _Judged:
        held = np.concatenate(judging.held)
        number = np.repeat(np.arange(len(judging.held)), [len(one) for one in judging.held])
        labels = judging.dataset.tested_labels[held]
        of_held = said[..., held, :]
        n_train = np.mean([len(one.parts.train) for one in judging.rounds])
        return cls(
            _losses(of_held, labels, config.training.target),
            _auroc(of_held[0], labels, number),
            number,
            judging.dataset.groups[held],
            n_train * np.array(_SHARES),
        )

    @property
    def n_rounds(self) -> int:
        return int(self.round.max()) + 1

    @property
    def mean_losses(self) -> np.ndarray:
        """Over seeds, ``shape=(n_shares, 2, n)``."""
        return self.losses.mean(1)

    def difference(self, first: np.ndarray, second: np.ndarray) -> HeldOutGain:
        """The mean of values of sequences, ``(n,)``, less that of others, with its interval."""
        if self.n_rounds == 1:
            return paired_gain(first, second, self.groups)
        folds = [np.mean((first - second)[self.round == one]) for one in range(self.n_rounds)]
        n = len(first)
        return corrected_resampled_t(np.array(folds), round(n / self.n_rounds), n - round(n / self.n_rounds))


def _losses(said: np.ndarray, labels: np.ndarray, target: str) -> np.ndarray:
    """Nats that each sequence loses, of logits ``(..., n, n_tasks)``; targets and controls weigh alike."""
    kind, truth = TARGETS[target], torch.from_numpy(labels)
    of_each = torch.vmap(kind.loss, in_dims=(0, 0, None))
    weights = kind.weights(truth)
    flat = torch.from_numpy(said).reshape(-1, *labels.shape)
    losses = [of_each(one[:, None], truth[:, None], weights) for one in flat]
    return torch.stack(losses).double().numpy().reshape(said.shape[:-1])


def _auroc(said: np.ndarray, labels: np.ndarray, number: np.ndarray) -> np.ndarray:
    """Values whose mean in each round is the AUROC in the mean of seeds and tasks, ``shape=(2, n)``."""
    values = np.zeros((2, len(number)))
    for one, arm in product(np.unique(number), (_TIED, _UNTIED)):
        inside = number == one
        found = [
            auroc_values(run[inside, task], labels[inside, task])
            for run, task in product(said[:, arm], range(labels.shape[1]))
        ]
        values[arm, inside] = np.nanmean(found, 0)
    return values


def _asked(name: str, judged: _Judged, margin: float) -> Answer:
    tied, untied = judged.mean_losses[0]
    in_nats = judged.difference(tied, untied)
    in_auroc = judged.difference(judged.auroc[_UNTIED], judged.auroc[_TIED])
    first = min((in_nats, in_auroc), key=_one_sided)
    p = min(1.0, 2 * _one_sided(first))
    gain = _gain(in_nats, margin)
    effect = Effect("held-out AUROC that untying gains", *in_auroc[:3], 0.0, "AUROC")
    untying, n_seeds = UNTYINGS[name], judged.losses.shape[1]

    def result(verdict: TieVerdict) -> TieTest:
        if verdict is TieVerdict.JUSTIFIED and effect.high >= _MOST_AUROC:
            verdict = TieVerdict.UNDECIDED
        return TieTest(
            "model",
            name,
            untying.tie,
            fitted=f"tied: {untying.tie}; untied: {untying.untied}. {counted(n_seeds, 'network')} of either, "
            f"trained from {judged.n_train[0]:,.0f} sequences"
            + (f" in each of {judged.n_rounds} folds." if judged.n_rounds > 1 else "."),
            method=_OF_FOLDS if judged.n_rounds > 1 else _OF_PART,
            n=len(np.unique(judged.groups)),
            p=p,
            statistic=first.mean / first.standard_error if first.standard_error else 0.0,
            df=first.df,
            effect=effect,
            gain=gain,
            verdict=verdict,
            sentence=_sentence(verdict, p, judged, gain, effect.high, margin),
            notes=(_worth_in_words(judged),),
            pictures=(_curve(judged), _by_run(judged)),
        )

    return Answer.of(result, gain, margin)


def _one_sided(found: HeldOutGain) -> float:
    """Chance of so large a gain, or a larger one, where untying gains nothing."""
    from scipy.special import stdtr

    if not found.standard_error:
        return 1.0  # all sequences say the same: of networks that are one
    return float(stdtr(found.df, -found.mean / found.standard_error))


def _gain(found: HeldOutGain, margin: float) -> Gain:
    needed = None if found.high < margin else sequences_needed(found, margin)
    return Gain(found.mean, found.low, found.high, found.n, needed)


def _curve(judged: _Judged) -> Trends:
    """Losses with the tie and without it along the number of sequences that train."""
    nothing = np.zeros(len(judged.round))
    lines = {}
    for name, which in (("tied", _TIED), ("untied", _UNTIED)):
        found = [judged.difference(one[which], nothing) for one in judged.mean_losses]
        lines[name] = np.array([(one.mean, one.low, one.high) for one in found])[::-1]
    loss, title = "held-out loss (nats a sequence)", "What is learnt from more sequences"
    return Trends(judged.n_train[::-1], lines, "training sequences", loss, title, log_x=True)


def _by_run(judged: _Judged) -> Intervals:
    """The gain of each seed, and of each fold."""
    full, clusters = judged.losses[0], judged.groups
    names, found = [], []
    for seed, (tied, untied) in enumerate(full, 1):
        names.append(f"seed {seed}")
        found.append(judged.difference(tied, untied))
    if judged.n_rounds > 1:
        tied, untied = full.mean(0)
        for one in range(judged.n_rounds):
            inside = judged.round == one
            names.append(f"fold {one + 1}")
            found.append(paired_gain(tied[inside], untied[inside], clusters[inside]))
    values = np.array([(one.mean, one.low, one.high) for one in found])
    return Intervals(names, values, 0.0, "gain of untying (nats a sequence)", "What untying gains, by run")


def _worth_in_words(judged: _Judged) -> str:
    """How many times the data the tie is worth, with the interval of a bootstrap of groups."""
    _, group = np.unique(judged.groups, return_inverse=True)
    sums = np.stack([np.bincount(group, one) for one in judged.mean_losses.reshape(-1, len(group))], 1)
    sizes = np.bincount(group)
    rng = np.random.default_rng(0)
    drawn = rng.multinomial(len(sizes), np.full(len(sizes), 1 / len(sizes)), _N_RESAMPLED)
    losses = (drawn @ sums / (drawn @ sizes)[:, None]).reshape(-1, len(_SHARES), 2)
    observed = _worth((sums.sum(0) / sizes.sum()).reshape(1, -1, 2))[0]
    low, high = np.quantile(_worth(losses), _LEVELS)
    return (
        f"The tie is worth {_times(observed)} times the data ({_times(low)} to {_times(high)} times): to do "
        "as well as the tied network, the untied one needs so many times its sequences."
    )


def _worth(losses: np.ndarray) -> np.ndarray:
    """Times the data that a tie is worth, of losses ``(n, n_shares, 2)``: within the shares, and no further.

    The better of both is the one that needs fewer sequences for what the other one has from all: between two
    shares, a loss is linear in the logarithm of their number.
    """
    levels = np.log(_SHARES)
    found = np.zeros(len(losses))
    for i, of_share in enumerate(losses):
        best = np.minimum.accumulate(of_share[::-1], 0)[::-1]  # more sequences are no worse
        better = int(np.argmin(best[0]))
        reached = np.interp(best[0, 1 - better], best[:, better], levels)
        found[i] = -reached if better == _TIED else reached
    return np.exp(found)


def _times(worth: float) -> str:
    """In words; beyond the shares that were trained on, nothing is known."""
    least, most = _SHARES[-1], 1 / _SHARES[-1]
    if worth >= most:
        return f"at least {most:g}"
    return f"at most {least:g}" if worth <= least else f"{worth:.2g}"


def _sentence(
    verdict: TieVerdict, p: float, judged: _Judged, gain: Gain, auroc_at_most: float, margin: float
) -> str:
    chance = told_p(p)
    tied, untied = judged.auroc.mean(1)
    auroc = f"the held-out AUROC is {tied:.3f} with the tie and {untied:.3f} without it"
    if verdict is TieVerdict.REJECTED:
        return (
            f"The tie costs accuracy (p = {chance}): untying gains {gain.mean:.4f} nats a sequence; {auroc}."
        )
    if verdict is TieVerdict.JUSTIFIED:
        return (
            f"The tie costs nothing that matters: untying gains less than {margin:g} nats a sequence "
            f"({gain.high:.4f} at most; p = {chance}); {auroc}."
        )
    if gain.high < margin:
        return (
            f"Undecided (p = {chance}): untying gains less than {margin:g} nats a sequence, but it may gain "
            f"{auroc_at_most:.3f} of AUROC; {auroc}."
        )
    return f"Undecided (p = {chance}): {auroc}{told_needed(gain, margin)}."
