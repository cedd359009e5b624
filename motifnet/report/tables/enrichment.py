"""Enrichment of known motifs as tab-separated tables.

Columns in capitals are those of SEA, AME and CentriMo where they mean the same there; those that only
motifnet has follow in lower case. P-values and E-values too small for a float are written in full, and
``LOG_PVALUE`` and ``log10_e_value`` hold them as numbers: their logarithms to the base ten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from motifnet.report.tables.tsv import six_digits, tab_separated
from motifnet.wording import power

if TYPE_CHECKING:
    from motifnet.scanning.enriched import Enriched
    from motifnet.scanning.spaced import Spacing

Ranked = tuple[int, "Enriched"]

_ENRICHMENT: Mapping[str, Callable[[int, Enriched], object]] = {
    "RANK": lambda rank, one: rank,
    "ID": lambda rank, one: one.motif.name,
    "ALT_ID": lambda rank, one: one.motif.alt_name,
    "CONSENSUS": lambda rank, one: one.motif.consensus,
    "TP": lambda rank, one: one.enrichment.target_hits,
    "TP%": lambda rank, one: six_digits(100 * one.enrichment.target_share),
    "FP": lambda rank, one: one.enrichment.control_hits,
    "FP%": lambda rank, one: six_digits(100 * one.enrichment.control_share),
    "ENR_RATIO": lambda rank, one: six_digits(one.enrichment.fold),
    "SCORE_THR": lambda rank, one: six_digits(one.threshold.bits),
    "PVALUE": lambda rank, one: power(one.enrichment.log10_p),
    "LOG_PVALUE": lambda rank, one: six_digits(one.enrichment.log10_p),
    "EVALUE": lambda rank, one: power(one.log10_e),
    "QVALUE": lambda rank, one: power(one.log10_q),
    "AUROC": lambda rank, one: six_digits(one.ranks.auroc),
    "rank_p_value": lambda rank, one: power(one.ranks.log10_p),
    "rank_log10_p_value": lambda rank, one: six_digits(one.ranks.log10_p),
    "rank_q_value": lambda rank, one: power(one.ranks_log10_q),
    "log10_e_value": lambda rank, one: six_digits(one.log10_e),
    "site_p_value": lambda rank, one: f"{one.threshold.p_value:.3g}",
    "like": lambda rank, one: one.like,
}

_CENTRAL: Mapping[str, Callable[[Enriched], object]] = {
    "ID": lambda one: one.motif.name,
    "ALT_ID": lambda one: one.motif.alt_name,
    "CONSENSUS": lambda one: one.motif.consensus,
    "BIN_WIDTH": lambda one: 2 * one.central.half_width + 1,
    "TOTAL_SITES": lambda one: one.central.n_sites,
    "SITES_IN_BIN": lambda one: one.central.n_inside,
    "site_share": lambda one: six_digits(one.central.share),
    "expected_share": lambda one: six_digits(one.central.expected),
    "PVALUE": lambda one: power(one.central.log10_p),
    "LOG_PVALUE": lambda one: six_digits(one.central.log10_p),
    "QVALUE": lambda one: power(one.central_log10_q),
    "NEG_SITES": lambda one: one.central.n_control_sites,
    "NEG_SITES_IN_BIN": lambda one: one.central.n_control_inside,
    "control_share": lambda one: six_digits(one.central.control_share),
    "FISHER_PVALUE": lambda one: power(one.central.control_log10_p),
    "fisher_log10_p_value": lambda one: six_digits(one.central.control_log10_p),
}

_SPACING: Mapping[str, Callable[[Spacing], object]] = {
    "PRIMARY_ID": lambda one: one.primary.name,
    "SECONDARY_ID": lambda one: one.secondary.name,
    "SECONDARY_ALT_ID": lambda one: one.secondary.alt_name,
    "GAP": lambda one: one.gap,
    "STRAND": lambda one: "same" if one.same_strand else "opposite",
    "SIDE": lambda one: "upstream" if one.upstream else "downstream",
    "NUM": lambda one: one.best.n_here,
    "expected": lambda one: six_digits(one.best.expected),
    "secondary_sites": lambda one: one.best.n_sites,
    "primary_sites": lambda one: one.n_windows,
    "PVALUE": lambda one: power(one.best.log10_p),
    "LOG_PVALUE": lambda one: six_digits(one.best.log10_p),
    "EVALUE": lambda one: power(one.log10_e),
    "QVALUE": lambda one: power(one.log10_q),
    "log10_e_value": lambda one: six_digits(one.log10_e),
    "like": lambda one: one.like,
}


def enrichment_tsv(ranked: Sequence[Enriched]) -> str:
    """One row for each motif, the most enriched first, as a table with a header line.

    Parameters
    ----------
    ranked : sequence of Enriched
        The most enriched first.

    Returns
    -------
    str
        A table with a header line.

    Examples
    --------
    >>> import numpy as np
    >>> from motifnet.motifs import Motif
    >>> from motifnet.scanning.best_sites import Scorer
    >>> from motifnet.scanning.enriched import rank_by_enrichment
    >>> from motifnet.symbols import Sequences
    >>> from motifnet.symbols.background import Background
    >>> gata = Motif("GATA", 50 * np.array([[0, 1, 0, 1], [0, 0, 0, 0], [1, 0, 0, 0], [0, 0, 1, 0]]))
    >>> some = Sequences.from_text(["CCGATACC", "ATATCACC", "CCCATCCC", "CCATTACC"])
    >>> from motifnet.strand import Strand
    >>> scorer = Scorer([gata], Background.from_gc(0.5), strand=Strand.BOTH)
    >>> ranked = rank_by_enrichment(scorer, some, np.arange(4) < 2, [0.01])
    >>> enrichment_tsv(ranked).splitlines()[1].split("\\t")[:5]
    ['1', 'GATA', '', 'GATA', '2']
    """
    rows = ([cell(rank, one) for cell in _ENRICHMENT.values()] for rank, one in enumerate(ranked, start=1))
    return tab_separated(_ENRICHMENT, rows)


def central_tsv(ranked: Sequence[Enriched]) -> str:
    """One row for each motif with a site, the most central first.

    Parameters
    ----------
    ranked : sequence of Enriched
        The most enriched first.

    Returns
    -------
    str
        A table with a header line.

    Examples
    --------
    >>> import numpy as np
    >>> from motifnet.motifs import Motif
    >>> from motifnet.scanning.best_sites import Scorer
    >>> from motifnet.scanning.enriched import rank_by_enrichment
    >>> from motifnet.symbols import Sequences
    >>> from motifnet.symbols.background import Background
    >>> gata = Motif("GATA", 50 * np.array([[0, 1, 0, 1], [0, 0, 0, 0], [1, 0, 0, 0], [0, 0, 1, 0]]))
    >>> some = Sequences.from_text(["CCGATACC", "ATATCACC", "CCCATCCC", "CCATTACC"])
    >>> from motifnet.strand import Strand
    >>> scorer = Scorer([gata], Background.from_gc(0.5), strand=Strand.BOTH)
    >>> ranked = rank_by_enrichment(scorer, some, np.arange(4) < 2, [0.01])
    >>> central_tsv(ranked).splitlines()[1].split("\\t")[:3]
    ['GATA', '', 'GATA']
    """
    chosen = [one for one in ranked if one.central.n_sites]
    return _table(_CENTRAL, sorted(chosen, key=lambda one: one.central.log10_p))


def spacing_tsv(spacings: Iterable[Spacing]) -> str:
    """One row for each secondary motif with a site near those of the primary.

    Parameters
    ----------
    spacings : iterable of Spacing
        The most surprising first.

    Returns
    -------
    str
        A table with a header line.

    Examples
    --------
    >>> spacing_tsv([]).split("\\t")[:2]
    ['PRIMARY_ID', 'SECONDARY_ID']
    """
    return _table(_SPACING, spacings)


def _table(columns: Mapping[str, Callable], things: Iterable) -> str:
    return tab_separated(columns, ([cell(one) for cell in columns.values()] for one in things))
