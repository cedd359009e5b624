"""Found motifs as a tab-separated table.

It takes the column names of XSTREME (in capitals) where a column means the same there, so that what
reads the one reads the other; the columns that only motifnet has follow in lower case.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from motifnet.motifs import Motif
from motifnet.report.display_names import database_link, display_name
from motifnet.report.tables.tsv import six_digits, tab_separated, three_digits
from motifnet.wording import power

if TYPE_CHECKING:
    from motifnet.discovery.results import FamilyMember, FoundMotif, RunResult

_COLUMNS: Mapping[str, Callable[[int, FoundMotif], object]] = {
    "RANK": lambda rank, found: rank,
    "ID": lambda rank, found: found.motif.name,
    "ALT_ID": lambda rank, found: found.motif.alt_name or f"motifnet-{rank}",
    "CONSENSUS": lambda rank, found: found.motif.consensus,
    "WIDTH": lambda rank, found: found.motif.width,
    "SITES": lambda rank, found: len(found.sites),
    "EVALUE": lambda rank, found: power(found.log10_e_value),
    "SIM_SOURCE": lambda rank, found: found.matches[0].database if found.matches else "",
    "SIM_MOTIF": lambda rank, found: _known_name(found.matches[0].known) if found.matches else "",
    "MOTIF_URL": lambda rank, found: database_link(found.matches[0].known) if found.matches else "",
    "significant": lambda rank, found: _verdict(found),
    "class": lambda rank, found: found.kind.value,
    "extends": lambda rank, found: found.extends,
    "task": lambda rank, found: found.task,
    "target_hits": lambda rank, found: found.enrichment.target_hits,
    "n_targets": lambda rank, found: found.enrichment.n_targets,
    "target_share": lambda rank, found: six_digits(found.enrichment.target_share),
    "control_hits": lambda rank, found: found.enrichment.control_hits,
    "n_controls": lambda rank, found: found.enrichment.n_controls,
    "control_share": lambda rank, found: six_digits(found.enrichment.control_share),
    "fold": lambda rank, found: six_digits(found.enrichment.fold),
    "net_target_hits": lambda rank, found: found.net.target_hits,
    "net_control_hits": lambda rank, found: found.net.control_hits,
    "p_value": lambda rank, found: power(found.enrichment.log10_p),
    "log10_p_value": lambda rank, found: six_digits(found.enrichment.log10_p),
    "log10_e_value": lambda rank, found: six_digits(found.log10_e_value),
    "auroc": lambda rank, found: six_digits(found.auroc),
    "information": lambda rank, found: six_digits(float(found.motif.information.sum())),
    "threshold": lambda rank, found: six_digits(found.threshold),
    "sim_q_value": lambda rank, found: three_digits(found.matches[0].q_value) if found.matches else "",
    "members": lambda rank, found: ",".join(map(_member, found.members)),
    "lost_auroc": lambda rank, found: six_digits(found.importance.auroc) if found.importance else "",
    "lost_log_loss": lambda rank, found: six_digits(found.importance.log_loss) if found.importance else "",
    "filters": lambda rank, found: ",".join(found.filters),
    "found_in": lambda rank, found: _found_in(found),
    "spread": lambda rank, found: six_digits(found.reproduction.spread) if found.reproduction else "",
}


def motifs_tsv(result: RunResult) -> str:
    """One row for each motif, by p-value, significant or not; those set apart are last.

    Parameters
    ----------
    result : RunResult
        What a run found.

    Returns
    -------
    str
        A table with a header line, which is all where there is no motif. Empty cells mean that there is
        no value; a p-value or E-value too small for a float is still written in full, and ``log10_p_value``
        and ``log10_e_value`` hold it as a number.

    Examples
    --------
    >>> import numpy as np
    >>> from motifnet.datasets.compose import Composition
    >>> from motifnet.discovery.results import RunResult
    >>> none, even = np.zeros(0), np.full(4, 0.25)
    >>> data = Composition(("peaks",), {"peaks": 0}, {}, 0, "none", "none", (), none, none, none, none, even)
    >>> result = RunResult("nothing", data, (), (), (), (), "Nothing was evaluated.")
    >>> motifs_tsv(result).split("\\t")[:3]
    ['RANK', 'ID', 'ALT_ID']
    """
    rows = (
        [cell(rank, found) for cell in _COLUMNS.values()] for rank, found in enumerate(result.motifs, start=1)
    )
    return tab_separated(_COLUMNS, rows)


def _known_name(known: Motif) -> str:
    """Identifier first and protein in brackets, as XSTREME writes it."""
    return f"{known.name} ({known.alt_name})" if display_name(known) != known.name else known.name


def _verdict(found: FoundMotif) -> str:
    """Whether it is one of the motifs that were found; what is no motif is neither."""
    if not found.significant:
        return "no"
    return "set apart" if found.is_set_apart else "yes"


def _member(member: FamilyMember) -> str:
    """Relation, consensus and held-out sequences with a site, such as ``"part:TGAC:80/12"``."""
    test = member.enrichment
    return f"{member.relation}:{member.motif.consensus}:{test.target_hits}/{test.control_hits}"


def _found_in(found: FoundMotif) -> str:
    """How many of the runs found a motif, such as ``"3/5"``; empty where there was but one."""
    again = found.reproduction
    return f"{again.n_found}/{again.n_runs}" if again else ""
