"""What a kind of target is: what labels may be, what training minimises, how well a task is predicted.

A network gives one number a task. What that number is compared with, and so what it comes to mean, is
the kind of target: one file of :mod:`motifnet.training.targets` that registers a :class:`Target`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np
from torch import Tensor

from motifnet.datasets.compose import Dataset
from motifnet.errors import InvalidValue
from motifnet.registry import Registry
from motifnet.training.evaluate import HeldOut
from motifnet.training.task_metrics import TaskMetrics


class Target(ABC):
    """A kind of target. A label that is not a number is one that was not asked for, in every kind.

    Attributes
    ----------
    labels : str
        What a label is and what it comes from: completes "expected ...".

    Examples
    --------
    >>> from motifnet.training.targets import TARGETS
    >>> TARGETS["binary"].is_valid(np.array([0.0, 1.0, 2.0])).tolist()
    [True, True, False]
    """

    labels: ClassVar[str]

    @abstractmethod
    def is_valid(self, labels: np.ndarray) -> np.ndarray:
        """Which of the labels that were asked for, ``shape=(n,)``, can be such. ``shape=(n,)`` of bool."""

    def check(self, labels: np.ndarray) -> None:
        """Raise if a label cannot be one.

        Parameters
        ----------
        labels : numpy.ndarray, shape=(n, n_tasks)

        Raises
        ------
        InvalidValue
            Naming the first that cannot.
        """
        asked = labels[~np.isnan(labels)]
        wrong = asked[~self.is_valid(asked)]
        if len(wrong):
            raise InvalidValue("label", float(wrong[0]), self.labels)

    @abstractmethod
    def weights(self, labels: Tensor) -> Tensor:
        """What :meth:`loss` needs to know of all labels at once, such as how rare targets are.

        Parameters
        ----------
        labels : Tensor, shape=(n, n_tasks)
        """

    @abstractmethod
    def loss(self, outputs: Tensor, labels: Tensor, weights: Tensor) -> Tensor:
        """What training minimises: the mean over the labels of a batch that were asked for.

        Parameters
        ----------
        outputs : Tensor, shape=(batch, n_tasks)
            What the network says, in any floating-point type.
        labels : Tensor, shape=(batch, n_tasks)
        weights : Tensor
            From :meth:`weights`.

        Returns
        -------
        Tensor, shape=()
            In float32 or wider; 0 where nothing was asked.
        """

    @abstractmethod
    def drawn(self, dataset: Dataset, train: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """The sequences of an epoch, in random order.

        Parameters
        ----------
        dataset : Dataset
        train : numpy.ndarray of int
            Those that train.
        rng : numpy.random.Generator
            Of the epoch.

        Returns
        -------
        numpy.ndarray of int
            Some or all of them.
        """

    @abstractmethod
    def contrast(self, labels: np.ndarray) -> np.ndarray:
        """What motifs are searched in and tested on, and what these are compared with.

        Parameters
        ----------
        labels : numpy.ndarray, shape=(n, n_tasks)

        Returns
        -------
        numpy.ndarray of float32, shape=(n, n_tasks)
            1 for a sequence that should have sites, 0 for one to compare with, NaN for neither.
        """

    @abstractmethod
    def comparable(self, outputs: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """Outputs of the network of a fold on a scale that the networks of all folds share.

        Parameters
        ----------
        outputs, labels : numpy.ndarray, shape=(n, n_tasks)
            Of the sequences that the fold held out.

        Returns
        -------
        numpy.ndarray, shape=(n, n_tasks)
        """

    @abstractmethod
    def metrics(self, dataset: Dataset, held: HeldOut, task: int) -> TaskMetrics:
        """How well a task is predicted, and what is achieved without a network.

        Of held-out sequences those are asked that tests count (:attr:`Dataset.tested_labels`), as of motifs.

        Parameters
        ----------
        dataset : Dataset
        held : HeldOut
            What was said of held-out sequences, and which rounds held them out.
        task : int
            Column of the labels.
        """


TARGETS: Registry[Target] = Registry("target")
"""Kinds of targets, by name; importing :mod:`motifnet.training.targets` fills it."""
