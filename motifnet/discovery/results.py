"""What a run found: named, immutable results that the report and the writers read."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from motifnet.datasets.compose import Composition
from motifnet.discovery.kinds import Kind
from motifnet.motifs import Motif, Sites
from motifnet.motifs.companion import Companion
from motifnet.motifs.tomtom import Match
from motifnet.stats.enrichment import Enrichment
from motifnet.ties.tested import TieTest
from motifnet.training.task_metrics import TaskMetrics


class Reproduction(NamedTuple):
    """How often runs with seeds of their own found a motif.

    Parameters
    ----------
    n_found, n_runs : int
        Runs in which it is significant, and all runs.
    spread : float
        Standard deviation of its probabilities between them, mean over columns; ``nan`` where one
        run alone found it.
    """

    n_found: int
    n_runs: int
    spread: float


class FamilyMember(NamedTuple):
    """A motif that says nothing beyond a better one, below which it is shown.

    Parameters
    ----------
    motif : Motif
    relation : {"variant", "part", "whole"}
        What it is of the better one: nearly the same; a part of it, such as a half-site; or all of it and
        more.
    enrichment : Enrichment
        On sequences that did not shape it, in the task of the better one, nothing masked.
    auroc : float
        Held-out AUROC of its best-site score alone.
    filters : tuple of str
        Those that it was read from.
    """

    motif: Motif
    relation: Literal["variant", "part", "whole"]
    enrichment: Enrichment
    auroc: float
    filters: tuple[str, ...]


class Importance(NamedTuple):
    """What the network loses on held-out sequences without the filters of a motif.

    Parameters
    ----------
    auroc, log_loss : float
        How much smaller the AUROC and how much larger the log-loss is, in the motif's task; positive
        where the motif is needed. The log-loss is in nats, targets and controls weighing the same.
    """

    auroc: float
    log_loss: float


@dataclass(frozen=True, eq=False)
class FoundMotif:
    """A motif with all that is known about it.

    Parameters
    ----------
    motif : Motif
        The matrix; its name carries rank and consensus.
    enrichment : Enrichment
        In the task in which training separates best, on sequences that did not shape it. Counts
        are of all sequences with a site; the p-value is net of better motifs, whose sites are
        masked for it.
    net : Enrichment
        The test itself, with the sites of better motifs masked: its counts are those of the
        p-value. Of one that extends another, only sequences with the simpler one are counted; its controls
        are shuffles where ``against_shuffled``.
    n_tests : int
        Tests made in the run: the E-value is the p-value times this.
    significant : bool
        Whether the E-value is small enough.
    auroc : float
        Held-out AUROC of the motif's best-site score alone.
    task : str
        The task that ``enrichment`` is of.
    by_task : mapping of str to Enrichment
        Enrichment in every task.
    weight_by_task : mapping of str to float
        The network's non-negative weight of the motif's strongest filter in every task.
    threshold : float
        Score in bits from which a place counts as a site.
    filters : sequence of str
        Filters merged into this motif, the strongest first.
    sites : Sites
        The best site of each target that has one.
    matches : sequence of Match
        Known motifs, best first.
    reproduction : Reproduction, optional
        How often it was found again, where that was asked.
    tie : str
        What the motif's strongest filter is under, as ``--tie`` names it; empty if it is free.
    kind : Kind
        Whether it is a motif, or something else that is more frequent in targets.
    kept : bool
        Whether it counts as a motif all the same, since that was asked for.
    members : sequence of FamilyMember
        Variants and parts of it, which are no motifs of their own.
    extends : str
        Name of the simpler motif that this one contains; empty if it contains none. The p-value is then
        that of the question whether this one is more frequent among sequences with the simpler one.
    against_shuffled : bool
        Of one that extends another: whether too few controls have the simpler motif to be compared with, so
        that the controls of ``net`` are its sites in targets with the bases beside them shuffled.
    companions : sequence of Companion
        Every other motif of the same task that counts, the most surprising first.
    importance : Importance, optional
        What the network loses without it, where that was measured.

    Examples
    --------
    >>> import numpy as np
    >>> from motifnet.symbols import Sequences
    >>> from motifnet.motifs import Motif, Sites
    >>> from motifnet.stats.enrichment import fisher
    >>> gata = Motif("1-GATA", 10 * np.eye(4)[:, [2, 0, 3, 0]])
    >>> place = np.array([0]), np.array([2]), np.array([False]), np.array([7.5])
    >>> sites = Sites(Sequences.from_text(["CCGATACC"], ["peak"]), 4, *place)
    >>> test = fisher(40, 50, 3, 50)
    >>> found = FoundMotif(
    ...     motif=gata, enrichment=test, net=test, n_tests=5, significant=True, auroc=0.9, task="peaks",
    ...     by_task={"peaks": test}, weight_by_task={"peaks": 1.0}, threshold=6.0, filters=("0",),
    ...     sites=sites,
    ... )
    >>> found.motif.consensus, len(found.sites), found.matches
    ('GATA', 1, ())
    """

    motif: Motif
    enrichment: Enrichment
    net: Enrichment
    n_tests: int
    significant: bool
    auroc: float
    task: str
    by_task: Mapping[str, Enrichment]
    weight_by_task: Mapping[str, float]
    threshold: float
    filters: Sequence[str]
    sites: Sites
    matches: Sequence[Match] = ()
    reproduction: Reproduction | None = None
    tie: str = ""
    kind: Kind = Kind.MOTIF
    kept: bool = False
    members: Sequence[FamilyMember] = ()
    extends: str = ""
    against_shuffled: bool = False
    companions: Sequence[Companion] = ()
    importance: Importance | None = None

    @property
    def is_set_apart(self) -> bool:
        """Whether it is something else than a motif, and told apart from these."""
        return self.kind is not Kind.MOTIF and not self.kept

    @property
    def counts(self) -> bool:
        """Whether it is one of the motifs that a run has found: significant, and not set apart."""
        return self.significant and not self.is_set_apart

    @property
    def rank_key(self) -> tuple[bool, float]:
        """What ranks are by: the p-value, significant or not; what is set apart comes after all motifs."""
        return self.is_set_apart, self.enrichment.log10_p

    @property
    def log10_e_value(self) -> float:
        """log10 of the E-value, however small; an E-value is at most the number of tests."""
        return self.enrichment.log10_p + math.log10(self.n_tests)

    @property
    def e_value(self) -> float:
        """The E-value; 0 where it is too small for a float."""
        return 10.0**self.log10_e_value


class Dropped(NamedTuple):
    """A filter that gave no motif of its own, and why.

    Parameters
    ----------
    name : str
        The filter.
    consensus : str
        What it looked like; empty where there was nothing to see.
    reason : str
        One clause, such as ``"merged into 1-TGACTCA"`` or ``"no site above the threshold"``.
    """

    name: str
    consensus: str
    reason: str


@dataclass(frozen=True, eq=False)
class RunResult:
    """All that a report shows and the writers write.

    Parameters
    ----------
    title : str
        Name of the run.
    data : Composition
        What went in.
    motifs : sequence of FoundMotif
        Best first, in the order of :attr:`FoundMotif.rank_key`: by p-value, what is set apart last.
    dropped : sequence of Dropped
        Filters without a motif of their own.
    metrics : sequence of TaskMetrics
        One for each task.
    warnings : sequence of str
        One sentence each.
    evaluation : str
        One sentence: held-out test part, or cross-fit with how many folds.
    record : mapping
        ``run.json``: config, seed, versions, checksums, device, seconds of each stage, command.
    tie_tests : sequence of TieTest
        Of the strand, the place and the motifs as palindromes, where that was asked.
    like : sequence of int
        For each motif, the index of the better one that it is a variant of; its own if there is none. Empty
        where it was not asked.
    """

    title: str
    data: Composition
    motifs: Sequence[FoundMotif]
    dropped: Sequence[Dropped]
    metrics: Sequence[TaskMetrics]
    warnings: Sequence[str]
    evaluation: str
    record: Mapping[str, object] = field(default_factory=dict)
    like: Sequence[int] = ()
    tie_tests: Sequence[TieTest] = ()

    @property
    def significant(self) -> list[FoundMotif]:
        """The motifs that passed and count as motifs."""
        return [found for found in self.motifs if found.counts]

    @property
    def set_apart(self) -> list[FoundMotif]:
        """What passed and is no motif: repeats, low complexity, composition."""
        return [found for found in self.motifs if found.significant and found.is_set_apart]
