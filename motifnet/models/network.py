"""What every network has in common, and the registry of their families."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar

import torch
from torch import Tensor, nn

from motifnet.config.train import ModelOptions
from motifnet.errors import InvalidValue, ShapeMismatch
from motifnet.layers import inside, reverse_complement
from motifnet.models.family_options import FamilyOptions
from motifnet.registry import Registry
from motifnet.strand import Strand
from motifnet.ties import Tie

STRANDS = (Strand.TIED, Strand.AUGMENT, Strand.CONJOINED, Strand.SINGLE)
"""Ways to handle the two strands; ``TIED`` and ``CONJOINED`` say the same of both, exactly."""


class Network(nn.Module, ABC):
    """A network from sequences to one logit a task: ``head(features(codes, lengths))``.

    A family says how it sees one strand. With ``Strand.CONJOINED`` the features of both
    strands are averaged, which, as the head is linear, averages their logits. The networks of
    ``augment`` and ``single`` are the same; for ``augment`` the training flips sequences.

    A sequence is padded at its end, with codes of unknown bases. Nothing that overlaps the
    padding counts, so in evaluation mode what is said of a sequence depends on it alone, and not
    on the lengths of others in its batch.

    Parameters
    ----------
    n_tasks : int
        Number of outputs.
    width : int
        Width of a filter of the first layer, in bases.
    strand : Strand
        How the two strands are handled: one of :data:`STRANDS`.

    Raises
    ------
    InvalidValue
        If ``n_tasks`` is not positive, or ``strand`` is none of these.

    Examples
    --------
    >>> from motifnet.models.build import build
    >>> network = build(ModelOptions(n_filters=4, filter_width=8), 2)
    >>> network.is_tied, network.min_length, network.filters.shape
    (True, 8, torch.Size([4, 4, 8]))
    """

    own_options: ClassVar[type[FamilyOptions]]
    """Options that this family alone has."""

    head: nn.Module

    def __init__(self, n_tasks: int, width: int, strand: Strand) -> None:
        super().__init__()
        if n_tasks < 1:
            raise InvalidValue("n_tasks", n_tasks, "1 or more")
        if strand not in STRANDS:
            raise InvalidValue("strand", strand, f"one of {', '.join(STRANDS)}")
        self.n_tasks, self.width, self.strand = n_tasks, width, strand

    @classmethod
    @abstractmethod
    def from_options(cls, options: ModelOptions, n_tasks: int) -> Network:
        """The network that the options ask for.

        Raises
        ------
        UnknownName, InvalidValue
            If it has not such an option of its own: see :meth:`FamilyOptions.of`.
        """

    @abstractmethod
    def one_strand(self, codes: Tensor, lengths: Tensor) -> Tensor:
        """Features ``(batch, n_features)`` of the sequences as they are given."""

    @property
    @abstractmethod
    def filters(self) -> Tensor:
        """Filters of the first layer as they read the given strand, ``(n_filters, 4, width)``."""

    @property
    @abstractmethod
    def bank(self) -> Tensor:
        """Filters of the first layer as they read every strand that it reads, ``(n_channels, 4, width)``.

        Where the network is tied between the strands, the partner of the first is the last, and so on
        inwards.
        """

    @property
    @abstractmethod
    def bank_tie(self) -> Tie:
        """The tie that :attr:`bank` is under, ``(n_channels, 4, width)``.

        Its free parameters are those that the first layer learns. Where the network is tied between the
        strands, ``TIES["reverse_complement"]`` is part of it, and so are the ties of single filters that
        were asked for.
        """

    @abstractmethod
    def set_filters(
        self,
        filters: Tensor,
        bias: Tensor,
        weights: Tensor | None = None,
        *,
        places: Sequence[int] | None = None,
    ) -> None:
        """Start some filters from motifs, each as near as its tie lets it be; the others stay as they are.

        Parameters
        ----------
        filters : Tensor, shape=(m, 4, width)
            Log-odds matrices in natural units, ``m`` at most the number of filters.
        bias : Tensor, shape=(m,)
            Log-odds of the prior probability of a site.
        weights : Tensor, shape=(n_tasks, m), optional
            Weight of each in each task, 0 or more.
        places : sequence of int, optional
            Which filters; the first ``m`` if not given.
        """

    def filter_weights(self) -> Tensor | None:
        """Weight of each filter in each task, ``(n_tasks, n_filters)``, where the family has such."""
        return None

    @property
    def is_tied(self) -> bool:
        """Whether its weights are tied between the strands, so that it reads both at once."""
        return self.strand == Strand.TIED

    @property
    def min_length(self) -> int:
        """Length in bases of the shortest sequence with a window of the first layer."""
        return self.width

    def features(self, codes: Tensor, lengths: Tensor) -> Tensor:
        """What the head reads: arguments as :meth:`forward`, returns ``(batch, n_features)``."""
        if self.strand != Strand.CONJOINED:
            return self.one_strand(codes, lengths)
        both = torch.cat([codes, reverse_complement(codes, lengths)]), torch.cat([lengths, lengths])
        given, opposite = self.one_strand(*both).chunk(2)
        return (given + opposite) / 2

    def forward(self, codes: Tensor, lengths: Tensor) -> Tensor:
        """Logits.

        Parameters
        ----------
        codes : Tensor of uint8, shape=(batch, length)
            Codes of the bases, padded at the end with unknown ones.
        lengths : Tensor of int64, shape=(batch,)
            True lengths, each at least ``min_length``.

        Returns
        -------
        Tensor, shape=(batch, n_tasks)

        Raises
        ------
        ShapeMismatch
            If all of the batch is shorter than ``min_length``.
        """
        if codes.ndim != 2 or codes.shape[1] < self.min_length:
            raise ShapeMismatch(
                "codes", codes.shape, f"(batch, length) with a length of {self.min_length} or more"
            )
        return self.head(self.features(codes, lengths))

    def _windows(self, lengths: Tensor, n: int) -> Tensor:
        """Which of ``n`` windows of the first layer lie within each sequence, ``(batch, n)``."""
        return inside(lengths - self.width + 1, n)


MODELS: Registry[type[Network]] = Registry("family")
"""Families of networks, by name."""
