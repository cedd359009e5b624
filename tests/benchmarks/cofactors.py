"""Cofactors: are the motifs of known partners among the significant ones, whatever the seed?

``MOTIFNET_DATA=... python -m tests.benchmarks.cofactors``
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import numpy as np

from motifnet.io import read_fasta, write_fasta
from motifnet.symbols import DNA, Sequences
from tests.benchmarks import sets
from tests.benchmarks.benchmark import Benchmark, Case, Context, Row, command_line
from tests.benchmarks.jobs import Found, row_of_run, significant, train
from tests.benchmarks.markdown import table, verdict


class _Partner(NamedTuple):
    """A partner, as a pattern of the name and of the consensus of its known motifs."""

    factor: str
    pattern: str


_SOX, _FOX = _Partner("SOX", r"\bSOX\d|\bSox\d|::SOX|::Sox"), _Partner("FOX", r"\bFOX|\bFox|\bFox[A-Z]")
_EBOX = _Partner(
    "E-box",
    r"\bTCF(3|4|12|21)\b|\bTcf(12|21)\b|\bNHLH|\bTWIST|\bTwist|\bMYOD|\bMyod|\bMYF|\bMyf|\bASCL|\bAscl|"
    r"\bNEURO|\bNeuro|\bPtf1|\bPTF1|\bMSC\b|\bFIGLA|\bSNAI|\bZEB|\bTFAP4\b|\bAtoh|\bATOH|\bMESP|\bTAL1::TCF3",
)
_AP1 = _Partner("AP-1", r"\bFOS|\bFos|\bJUN|\bJun|\bBATF|\bBACH|\bBach|\bNFE2|\bMAF|\bMaf|\bBNC2")
_CRE = _Partner("CRE", r"TGACGT[CMA]|[TKG]ACGTCA")
_SP = _Partner("SP/KLF", r"\bKLF|\bKlf|\bSP\d|\bSp\d|\bZNF(281|148|740)\b|\bMAZ\b|\bPATZ1|\bZfp281")
_PARTNERS = {
    "POU5F1_hESC_motifcounter": (_SOX, _EBOX),
    "GATA1_K562_YAMDA": (_AP1, _Partner("GATA1::TAL1", r"GATA1::TAL1")),
    "TCF12_H1-hESC_ENCODE": (_SOX, _FOX),
    "MYC_H1-hESC_ENCODE": (
        _Partner("CEBP/ATF4", r"\bCEBP|\bCebp|\bATF4\b|\bDDIT3|\bHLF\b|\bDBP\b|\bTEF\b|\bNFIL3"),
        _Partner("CTCF", r"\bCTCF"),
        _SP,
    ),
    "JUND.K562": (_CRE,),
    "ETS": (_Partner("NFY", r"\bNFY|\bPBX3"), _Partner("NRF1", r"\bNRF1|\bNrf1"), _SP, _CRE),
}
_SEEDS = range(5)
_WANTED = 0.9  # share of partners and seeds
_ETS_WORD = "CCGGAAG"
_COLUMNS = ("set", "partner", "seeds that found it")
_PREFACE = f"""
Are the motifs of known partners among the significant ones, with each of {len(_SEEDS)} seeds? A
significant motif counts for a partner if the *best* of its known matches (Tomtom against the vertebrates of
JASPAR 2022, q < 0.05) is one of the partner's: a motif of the main factor also matches some composites less
well, and these do not count. CRE is any matrix with the 8-base site TGACGTCA, not TGAgTCA. `ETS` are the
sequences of TAF1 and TBP that hold {_ETS_WORD} on either strand, as peaks of an ETS factor would.
"""


def cases() -> Iterator[Case]:
    """All sets with known partners, with every seed."""
    for name in _PARTNERS:
        for seed in _SEEDS:
            yield Case(f"{name}/{seed}", lambda context, name=name, seed=seed: _measure(context, name, seed))


def _measure(context: Context, name: str, seed: int) -> Row:
    known = sets.data() / "motifdb/JASPAR2022_vertebrates.pfm.gz"
    folder, job = train(context, (*_arguments(context, name, known), "--seed", str(seed)))
    if job.error:
        return row_of_run(job)
    found = significant(folder)
    columns = {
        "found": {partner.factor: sought(partner.pattern, found) for partner in _PARTNERS[name]},
        "n_significant": len(found),
        "motifs": "; ".join(f"{one.consensus} ({_best(one)})" for one in found),
    }
    return row_of_run(job, columns)


def _arguments(context: Context, name: str, known: Path) -> tuple[str, ...]:
    if name in sets.HUMAN:
        return sets.human_arguments(sets.human_peaks(name), known)
    if name == "ETS":
        path = context.scratch / "ets.fa"
        write_fasta(path, _with_word(_ETS_WORD))
        return (str(path), "--motif-db", str(known))
    return sets.arguments(name, known)


def _with_word(word: str) -> Sequences:
    """The sequences of two sets of promoters that hold a word on either strand."""
    promoters = [read_fasta(sets.targets(name)) for name in ("TAF1_H1-hESC_ENCODE", "TBP_H1-hESC_ENCODE")]
    both = Sequences.concatenate(promoters)
    words = (word, DNA.decode(DNA.reverse_complement(DNA.encode(word))))
    has = [
        any(one in text for one in words) for text in map(DNA.decode, map(both.__getitem__, range(len(both))))
    ]
    return both.select(np.flatnonzero(has))


def sought(pattern: str, found: Sequence[Found]) -> int | None:
    """Rank of the first motif whose best known match has the pattern in its name or consensus.

    Parameters
    ----------
    pattern : str
        Of the partner.
    found : sequence of Found
        Significant motifs, best first.
    """
    for rank, motif in enumerate(found, 1):
        if motif.known and re.search(pattern, f"{motif.known[0].name} {motif.known[0].consensus}"):
            return rank
    return None


def _best(motif: Found) -> str:
    return motif.known[0].name.split(".")[-1] if motif.known else "unknown"


def tables(rows: Sequence[Row]) -> str:
    """How many seeds found each partner, and what they found with the first of them."""
    judged = [row for row in rows if "error" not in row]
    by_set = {name: list(own) for name, own in groupby(judged, lambda row: row["case"].split("/")[0])}
    lines = [
        {"set": name, "partner": factor, "seeds that found it": _n_found(own, factor), "of": len(own)}
        for name, own in by_set.items()
        for factor in own[0]["found"]
    ]
    n_found, n = (sum(line[column] for line in lines) for column in ("seeds that found it", "of"))
    first = [{"set": name, "motifs, seed 0": own[0]["motifs"]} for name, own in by_set.items()]
    return "\n\n".join(
        [
            table(lines, (*_COLUMNS, "of")),
            verdict(
                "Partner found, over partners and seeds", n_found, n, least=int(np.ceil(_WANTED * n)), most=n
            ),
            table(first, ("set", "motifs, seed 0")),
        ]
    )


def _n_found(rows: Sequence[Row], factor: str) -> int:
    return sum(row["found"][factor] is not None for row in rows)


COFACTORS = Benchmark("cofactors", "Known partners", _PREFACE, cases, tables)

if __name__ == "__main__":
    command_line(COFACTORS)
