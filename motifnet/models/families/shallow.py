"""The shallow family: filters that read as motifs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional

from motifnet.config.train import ModelOptions
from motifnet.errors import InvalidValue, ShapeMismatch
from motifnet.kernels.onehot_conv import POOLS, Pool
from motifnet.layers import FilterPool, NonNegativeLinear
from motifnet.models.family_options import FamilyOptions
from motifnet.models.network import MODELS, Network
from motifnet.strand import Strand
from motifnet.ties import Tie, assign
from motifnet.ties.of_filters import FilterTies

_START_WEIGHT = 0.5


class ShallowOptions(FamilyOptions):
    """Options of the shallow family."""

    pool: Literal["logsumexp", "max"] = Field(
        "logsumexp", description="How the scores along a sequence become one."
    )


@MODELS.register("shallow")
class Shallow(Network):
    """One convolution whose filters are log-odds matrices, pooled over positions and strands.

    A filter ``W`` gives a window the score ``s = sum of W[base, position]``: the natural
    logarithm of the likelihood ratio of a site to background, where ``W`` is the log-odds
    matrix of a motif. An unknown base adds 0. With ``pool="logsumexp"``, ::

        z = logsumexp of s over windows and strands - log(number of windows x strands)
        occupancy = softplus(z + b)
        logit = sum over filters of weight x occupancy + c,      weight >= 0

    so that exp(z) is the mean likelihood ratio. One filter of weight 1 is then exactly the
    log-likelihood ratio of a sequence under a mixture of zero or one site a sequence (ZOOPS;
    Bailey and Elkan 1995), whose prior probability of a site is sigmoid(b) and whose
    ``c = log(1 - sigmoid(b))``. With ``pool="max"``, z is the score of the best window.

    Parameters
    ----------
    n_filters : int
        Number of filters.
    width : int
        Width of a filter in bases.
    n_tasks : int
        Number of outputs.
    strand : Strand
        How the two strands are handled. ``tied`` scores both with one filter.
    pool : {"logsumexp", "max"}
        How the scores along a sequence become one.
    tie : Tie, optional
        What the filters, ``(n_filters, 4, width)``, are under; free if not given.

    Examples
    --------
    >>> model = Shallow(2, 3, 1)
    >>> codes = torch.tensor([[0, 1, 2, 3, 3, 4]], dtype=torch.uint8)
    >>> model(codes, torch.tensor([5])).shape, model.filters.shape
    (torch.Size([1, 1]), torch.Size([2, 4, 3]))
    """

    own_options = ShallowOptions
    head: NonNegativeLinear

    def __init__(
        self,
        n_filters: int,
        width: int,
        n_tasks: int,
        *,
        strand: Strand = Strand.TIED,
        pool: Pool = "logsumexp",
        tie: Tie | None = None,
    ) -> None:
        super().__init__(n_tasks, width, strand)
        if pool not in POOLS:
            raise InvalidValue("pool", pool, f"one of {', '.join(POOLS)}")
        self.n_filters = n_filters
        strands = Strand.BOTH if self.is_tied else Strand.SINGLE
        self.scan = FilterPool(n_filters, width, pool, strand=strands, tie=tie)
        self.bias = nn.Parameter(torch.zeros(n_filters))
        self.head = NonNegativeLinear(n_filters, n_tasks, start=_START_WEIGHT)
        self._write_offset()

    @classmethod
    def from_options(cls, options: ModelOptions, n_tasks: int) -> Shallow:
        """The network that options ask for."""
        n_filters, width = options.n_filters, options.filter_width
        return cls(
            n_filters,
            width,
            n_tasks,
            strand=options.settled_strand,
            pool=ShallowOptions.of(options).pool,
            tie=FilterTies.of(options).bank(n_filters, width) if options.tie else None,
        )

    @property
    def filters(self) -> Tensor:
        """Filters as they read the given strand, ``(n_filters, 4, width)``."""
        return self.scan.weight

    @property
    def bank(self) -> Tensor:
        """Filters as they read every strand that is read, ``(n_channels, 4, width)``."""
        return self.scan.bank

    @property
    def bank_tie(self) -> Tie:
        """The tie that :attr:`bank` is under."""
        return self.scan.bank_tie

    @property
    def weights(self) -> Tensor:
        """Weight of each filter in each task, ``(n_tasks, n_filters)``, never negative."""
        return self.head.weight

    def filter_weights(self) -> Tensor:
        """Weight of each filter in each task, ``(n_tasks, n_filters)``."""
        return self.weights.detach()

    @torch.no_grad()
    def set_filters(
        self,
        filters: Tensor,
        bias: Tensor,
        weights: Tensor | None = None,
        *,
        places: Sequence[int] | None = None,
    ) -> None:
        """Start some filters from what is known; the others stay as they are.

        The offset ``c`` is set so that a sequence as likely with sites as without (z = 0
        throughout) has the logit 0.

        Parameters
        ----------
        filters : Tensor, shape=(m, 4, width)
            Log-odds matrices in natural units, ``m`` at most ``n_filters``.
        bias : Tensor, shape=(m,)
            Log-odds of the prior probability of a site.
        weights : Tensor, shape=(n_tasks, m), optional
            Weights, 0 or more; as they are if not given.
        places : sequence of int, optional
            Which filters; the first ``m`` if not given.

        Raises
        ------
        ShapeMismatch
            If a shape is another.
        InvalidValue
            If a number is not finite, or a weight is negative.
        """
        m = len(filters)
        _check("filters", filters, (min(m, self.n_filters), 4, self.width))
        _check("bias", bias, (m,))
        where = list(range(m) if places is None else places)
        everything = self.filters.clone()
        everything[where] = filters.to(everything)
        assign(self.scan, "weight", everything)
        self.bias[where] = bias.to(self.bias)
        if weights is not None:
            self._write_weights(weights, where)
        self._write_offset()

    def log_ratio(self, codes: Tensor, lengths: Tensor) -> Tensor:
        """The pooled scores z of the given strand (of both, if tied), ``(batch, n_filters)``."""
        pooled = self.scan(codes, lengths)
        if self.scan.how != "logsumexp":
            return pooled
        n_windows = (lengths - self.width + 1).clamp(min=1)
        n_strands = 2 if self.is_tied else 1
        return pooled - (n_strands * n_windows).to(pooled.dtype).log()[:, None]

    def one_strand(self, codes: Tensor, lengths: Tensor) -> Tensor:
        """Features of sequences read on the strand that they were given on."""
        # The threshold beyond which softplus is linear is where the two agree to the last digit.
        return functional.softplus(self.log_ratio(codes, lengths) + self.bias, threshold=40)

    @torch.no_grad()
    def _write_offset(self) -> None:
        self.head.bias.copy_(-self.weights @ functional.softplus(self.bias))

    def _write_weights(self, weights: Tensor, where: Sequence[int]) -> None:
        _check("weights", weights, (self.n_tasks, len(where)))
        if (weights < 0).any():
            raise InvalidValue("weights", weights.min().item(), "0 or more")
        everything = self.weights.clone()
        everything[:, where] = weights.to(everything)
        self.head.weight = everything


def _check(name: str, value: Tensor, shape: tuple[int, ...]) -> None:
    if tuple(value.shape) != shape:
        raise ShapeMismatch(name, value.shape, str(shape))
    if not value.isfinite().all():
        raise InvalidValue(name, "not finite throughout", "finite numbers")
