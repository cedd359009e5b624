"""Cofactors: is the motif of a known partner among the significant ones?

``MOTIFNET_DATA=... python -m tests.benchmarks.cofactors``
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.benchmarks import sets
from tests.benchmarks.benchmark import Benchmark, Case, Context, Row, command_line
from tests.benchmarks.jobs import Found, row_of_run, significant, train
from tests.benchmarks.markdown import table, verdict


class _Cofactor(NamedTuple):
    """A partner, as a pattern of its name and of the consensus of its known motifs, and what counts."""

    factor: str
    pattern: str
    counts: str


_EXPECTED = {
    "POU5F1_hESC_motifcounter": _Cofactor(
        "SOX2", r"\bSOX\d+\b|\bSox\d+\b", "a composite (Pou5f1::Sox2, POU2F1::SOX2) or any SOX motif"
    ),
    "GATA1_K562_YAMDA": _Cofactor(
        "TAL1",
        r"TAL1|\bTCF(3|4|12|21)\b|\bTcf(12|21)\b|\bNHLH|\bTWIST|\bTwist|\bMYOD|\bMyod",
        "the composite GATA1::TAL1, TAL1::TCF3, or another E-box CAnnTG of the family",
    ),
    "NFE2_GM12878_lsgkm": _Cofactor(
        "USF",
        r"\bUSF|\bTFE|\bMITF|\bArnt|\bMAX|\bMLX|\bBHLHE|\bMYC|\bSREBF",
        "USF or another E-box CACGTG of the family",
    ),
    "JUND.K562": _Cofactor(
        "CREB/ATF", r"TGACGT[CMA]|[TKG]ACGTCA", "any matrix with the 8-base site TGACGTCA, not TGAgTCA"
    ),
}
_COLUMNS = ("case", "cofactor", "found", "rank", "motif", "best_match", "q_value", "n_significant", "others")
_PREFACE = """
Is the motif of a known partner among the significant ones? A significant motif counts for the partner if
the *best* of its known matches (Tomtom against the vertebrates of JASPAR 2022, q < 0.05) is one of the
partner's: a motif of the main factor also matches some composites less well, and these do not count.
What does is listed below. `others` lists all significant motifs with their best
matches.
"""


def cases() -> Iterator[Case]:
    """All sets with a known partner."""
    for name in _EXPECTED:
        yield Case(name, lambda context, name=name: _measure(context, name))


def _measure(context: Context, name: str) -> Row:
    cofactor = _EXPECTED[name]
    folder, job = train(context, _arguments(name, sets.data() / "motifdb/JASPAR2022_vertebrates.pfm.gz"))
    columns = {"cofactor": cofactor.factor}
    if job.error:
        return row_of_run(job, columns)
    return row_of_run(job, {**columns, **sought(cofactor.pattern, significant(folder))})


def _arguments(name: str, known: Path) -> tuple[str, ...]:
    if name in sets.HUMAN:
        return sets.human_arguments(sets.human_peaks(name), known)
    return sets.arguments(name, known)


def sought(pattern: str, found: Sequence[Found]) -> Row:
    """The first motif whose best known match has the pattern in its name or consensus.

    Parameters
    ----------
    pattern : str
        Of the partner.
    found : sequence of Found
        Significant motifs, best first.
    """
    row: Row = {
        "found": False,
        "n_significant": len(found),
        "others": "; ".join(f"{one.consensus} ({_best(one)})" for one in found),
    }
    for rank, motif in enumerate(found, 1):
        if motif.known and re.search(pattern, f"{motif.known[0].name} {motif.known[0].consensus}"):
            best = motif.known[0]
            here = {"rank": rank, "motif": motif.consensus, "best_match": best.name, "q_value": best.q_value}
            return {**row, "found": True, **here}
    return row


def _best(motif: Found) -> str:
    return motif.known[0].name.split(".")[-1] if motif.known else "unknown"


def tables(rows: Sequence[Row]) -> str:
    """All sets, and what counts for each."""
    n_found = sum(row.get("found", False) for row in rows)
    counts = "\n".join(f"- {name}: {one.factor}, that is {one.counts}" for name, one in _EXPECTED.items())
    return "\n\n".join([table(rows, _COLUMNS), verdict("Partner found", n_found, len(rows)), counts])


COFACTORS = Benchmark("cofactors", "Known partners", _PREFACE, cases, tables)

if __name__ == "__main__":
    command_line(COFACTORS)
