"""Networks whose weights are tied, as a classifier of scikit-learn over sequences."""

from __future__ import annotations

import numbers
from typing import Any, Literal

import numpy as np
import torch
from pydantic import ValidationError
from sklearn.base import ClassifierMixin
from sklearn.utils import check_random_state
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import check_is_fitted, column_or_1d

from motifnet.config.stage import refused
from motifnet.config.train import DiscoveryOptions, ModelOptions, TrainConfig, TrainingOptions
from motifnet.datasets.baselines import base_counts
from motifnet.datasets.compose import Dataset
from motifnet.datasets.dealing import folds
from motifnet.datasets.look_alikes import cluster_sequences
from motifnet.datasets.split import TRAIN, VALIDATION
from motifnet.discovery.learn import learn
from motifnet.errors import InvalidValue, TooFewSequences
from motifnet.models.baselines import OfSequences
from motifnet.models.build import build
from motifnet.motifs import Motif
from motifnet.progress import Silent
from motifnet.strand import Strand
from motifnet.symbols import Sequences
from motifnet.symbols.given import Given, as_sequences
from motifnet.training.evaluate import everything
from motifnet.training.fit import predict
from motifnet.training.workspace import Forgetful

_FOLDS = 10  # of which one tells when to stop
_LARGEST = 0.1  # share of the sequences that look-alikes may keep together
_TASK = "target"


class MotifClassifier(ClassifierMixin, OfSequences):
    """Sequences of two classes, told apart by a network whose strands are tied, and by the motifs it learnt.

    ``fit`` searches for motifs that the second class has more often, trains a network that starts from them,
    and reads its filters as motifs. A tenth of the sequences tells when to stop; look-alikes are kept on
    one side. Nothing is held out to judge motifs: that is for ``cross_val_score``, or for
    :func:`motifnet.train`, whose options these are.

    Parameters
    ----------
    n_motifs : int
        Motifs to look for at most.
    family : str
        Family of the network.
    strand : {"both", "single"}
        Whether it reads both strands, or the given one alone.
    strand_model : {"tied", "augment", "conjoined"}
        How it reads both.
    tie : sequence of str
        Ties of filters, such as ``("palindrome",)``.
    n_filters : int
        Filters of the first layer.
    filter_width : int
        Width of a filter in bases.
    max_epochs, patience, batch_size : int
    learning_rate, weight_decay : float
    device : str
        ``"cpu"``, ``"cuda"`` or ``"auto"``.
    class_weight : {"balanced"} or None
        The network learns under classes that weigh alike, and says so with ``"balanced"``; ``None`` gives
        probabilities where classes are as frequent as in ``fit``.
    random_state : int, numpy.random.RandomState or None
        Seed of every random choice, or what one is drawn from; ``None`` is another one each time.

    Attributes
    ----------
    classes_ : numpy.ndarray, shape=(2,)
        The classes, sorted; motifs are those of the second.
    motifs_ : list of Motif
        What the filters came to be, best first.
    network_ : Network
        The trained network, in evaluation mode.
    background_ : numpy.ndarray, shape=(4,)
        Base probabilities of the first class.

    Raises
    ------
    InvalidValue
        If an option or a sequence cannot be.

    Examples
    --------
    >>> from motifnet.datasets.simulate import Planted, motif_from_word, simulate
    >>> from motifnet.symbols.background import Background
    >>> planted, background = Planted(motif_from_word("CCGGAAGTGA")), Background.from_gc(0.5)
    >>> made = simulate([planted], background, n_targets=100, n_controls=100, length=50)
    >>> X = [one.text(i) for one in (made.targets, made.controls) for i in range(100)]
    >>> y = ["bound"] * 100 + ["free"] * 100
    >>> model = MotifClassifier(n_motifs=1, n_filters=2, filter_width=12, max_epochs=2, device="cpu")
    >>> model.fit(X, [label == "bound" for label in y]).motifs_[0].consensus
    'CCGGAAGTGA'
    >>> model.predict(["TTCCGGAAGTGATT", "ATATATATATATAT"]).tolist()
    [True, False]
    """

    def __init__(
        self,
        *,
        n_motifs: int = 10,
        family: str = "shallow",
        strand: str = "both",
        strand_model: str = "tied",
        tie: tuple[str, ...] = (),
        n_filters: int = 16,
        filter_width: int = 24,
        max_epochs: int = 20,
        patience: int = 3,
        batch_size: int = 256,
        learning_rate: float = 0.01,
        weight_decay: float = 1e-4,
        device: str = "auto",
        class_weight: Literal["balanced"] | None = "balanced",
        random_state: int | np.random.RandomState | None = 0,
    ) -> None:
        self.n_motifs = n_motifs
        self.family = family
        self.strand = strand
        self.strand_model = strand_model
        self.tie = tie
        self.n_filters = n_filters
        self.filter_width = filter_width
        self.max_epochs = max_epochs
        self.patience = patience
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.weight_decay = weight_decay
        self.device = device
        self.class_weight = class_weight
        self.random_state = random_state

    def fit(self, X: Given, y: Any) -> MotifClassifier:
        """Search, train, and read motifs.

        Parameters
        ----------
        X : sequences, n of them
            Strings, records of Biopython, codes, or :class:`~motifnet.symbols.Sequences`.
        y : array-like, shape=(n,)
            Their classes, of which there are two.

        Returns
        -------
        MotifClassifier

        Raises
        ------
        InvalidValue
            If there are not two classes, or not as many labels as sequences.
        TooFewSequences
            If one class is too small to spare a sequence that tells when to stop.
        """
        config = self._config()
        labels, sequences = self._labels(y), as_sequences(X)
        if len(labels) != len(sequences):
            raise InvalidValue("number of labels", len(labels), f"as many as sequences ({len(sequences)})")
        dataset = _dataset(sequences, labels, config.training.seed, strand=config.model.settled_strand)
        counts = base_counts(sequences.select(labels == 0))[:, :4].sum(0) + 1.0
        self.background_ = _on_strands(counts / counts.sum(), strand=config.model.settled_strand)
        with torch.random.fork_rng():  # the random numbers of the caller go on as they would have
            learnt = learn(
                dataset, everything(dataset), self.background_, config,
                name="all", progress=Silent(), workspace=Forgetful(),
            )  # fmt: skip
        self.network_, self._options = learnt.model, learnt.model_options
        self.motifs_: list[Motif] = [read.motif for read in learnt.motifs]
        self._log_prior = float(np.log(labels.sum() / (len(labels) - labels.sum())))
        return self

    def decision_function(self, X: Given) -> np.ndarray:
        """Log-odds of the second class against the first.

        Parameters
        ----------
        X : sequences, n of them

        Returns
        -------
        numpy.ndarray of float64, shape=(n,)
        """
        check_is_fitted(self, "network_")
        sequences = as_sequences(X)
        found = predict(self.network_, _unlabelled(sequences), np.arange(len(sequences)))
        prior = self._log_prior if self.class_weight is None else 0.0
        return found[:, 0].astype(np.float64) + prior

    def predict_proba(self, X: Given) -> np.ndarray:
        """Probabilities of both classes.

        Parameters
        ----------
        X : sequences, n of them

        Returns
        -------
        numpy.ndarray of float64, shape=(n, 2)
        """
        from scipy.special import expit

        second = expit(self.decision_function(X))
        return np.column_stack([1 - second, second])

    def predict(self, X: Given) -> np.ndarray:
        """The likelier class of each sequence.

        Parameters
        ----------
        X : sequences, n of them

        Returns
        -------
        numpy.ndarray, shape=(n,)
        """
        is_second = self.decision_function(X) > 0
        return self.classes_[is_second.astype(int)]

    def __sklearn_tags__(self) -> Any:
        """What scikit-learn should know: two classes, of sequences and not of numbers."""
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        return tags

    def __getstate__(self) -> dict[str, Any]:
        """The same, with the network as its weights: a tied weight is made anew when it is read."""
        state = dict(super().__getstate__())
        if "network_" in state:
            network = state.pop("network_")
            weights = {name: weight.cpu() for name, weight in network.state_dict().items()}
            state = state | {"_weights": weights, "_n_tasks": network.n_tasks}
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Build the network again, and give it its weights."""
        state = dict(state)
        weights, n_tasks = state.pop("_weights", None), state.pop("_n_tasks", 1)
        super().__setstate__(state)
        if weights is not None:
            self.network_ = build(self._options, n_tasks)
            self.network_.load_state_dict(weights)
            self.network_.eval()

    def _config(self) -> TrainConfig:
        """The options of a run, checked."""
        if self.class_weight not in ("balanced", None):
            raise InvalidValue("class_weight", self.class_weight, "'balanced' or None")
        try:
            return self._checked()
        except ValidationError as problem:
            raise refused(problem) from None

    def _checked(self) -> TrainConfig:
        return TrainConfig(
            model=ModelOptions(
                family=self.family, strand=self.strand, strand_model=self.strand_model, tie=tuple(self.tie),
                n_filters=self.n_filters, filter_width=self.filter_width,
            ),
            training=TrainingOptions(
                max_epochs=self.max_epochs, patience=self.patience, batch_size=self.batch_size,
                learning_rate=self.learning_rate, weight_decay=self.weight_decay, device=self.device,
                seed=self._seed(),
            ),
            discovery=DiscoveryOptions(n_motifs=self.n_motifs),
        )  # fmt: skip

    def _seed(self) -> int:
        """The seed itself, or one drawn from what is given in its place."""
        if isinstance(self.random_state, numbers.Integral):
            return int(self.random_state)
        return int(check_random_state(self.random_state).randint(2**31))

    def _labels(self, y: Any) -> np.ndarray:
        """1 for the second class, 0 for the first, ``shape=(n,)``."""
        if y is None:
            raise InvalidValue("y", None, "classes: it requires y to be passed, but the target y is None")
        y = column_or_1d(y, warn=True)
        check_classification_targets(y)
        self.classes_, labels = np.unique(y, return_inverse=True)
        if len(self.classes_) != 2:
            kind = type_of_target(y)
            expected = f"two. Only binary classification is supported. The type of the target is {kind}"
            raise InvalidValue("number of classes", len(self.classes_), expected)
        return labels


def _dataset(sequences: Sequences, labels: np.ndarray, seed: int, *, strand: Strand) -> Dataset:
    """The sequences with their labels, a tenth of them for validation, look-alikes on one side."""
    counts = np.bincount(labels, minlength=2)
    if counts.min() < 2:
        raise TooFewSequences("sequences of a class", int(counts.min()), 2)
    largest = np.maximum(1, counts * _LARGEST).astype(np.int32)
    groups, _ = cluster_sequences(sequences, largest=largest, strata=labels, strand=strand)
    fold = folds(groups, min(_FOLDS, int(counts.min())), seed, strata=labels)
    part = np.where(fold == 0, VALIDATION, TRAIN).astype(np.uint8)
    return _labelled(sequences, labels, part, groups)


def _unlabelled(sequences: Sequences) -> Dataset:
    nothing = np.zeros(len(sequences), np.int64)
    return _labelled(sequences, nothing, nothing.astype(np.uint8), nothing)


def _labelled(sequences: Sequences, labels: np.ndarray, part: np.ndarray, groups: np.ndarray) -> Dataset:
    column = labels.astype(np.float32)[:, None]
    return Dataset(sequences, column, part, groups, (_TASK,), labels == 1, np.ones(column.shape, bool))


def _on_strands(background: np.ndarray, *, strand: Strand) -> np.ndarray:
    """Base probabilities, where both strands are read those of both."""
    return (background + background[::-1]) / 2 if strand.reads_both else background
