"""Simulated pairs, from the model and from what it is not: alignments, estimates and their errors.

``python -m tests.benchmarks.alignment_simulated``; ``--only coverage`` measures a part of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np

from motifnet.hmm.pair_fit import PairFit
from tests.benchmarks.aligners import (
    GAMMA,
    PEERS,
    SCORES,
    accuracy_table,
    estimates,
    learnt,
    measured,
    motifnet,
    reliability_table,
)
from tests.benchmarks.benchmark import Benchmark, Case, Context, Row, command_line
from tests.benchmarks.markdown import table, verdict
from tests.benchmarks.pair_simulation import Process, Truth, simulated

_PROCESSES = {
    "own 15 %": Process(0.15, 0.012, 0.6),
    "own 30 %": Process(0.30, 0.025, 0.6),
    "own 40 %": Process(0.40, 0.040, 0.65),
    "other 15 %": Process(0.15, 0.012, shape=0.5, power=1.7),
    "other 30 %": Process(0.30, 0.025, shape=0.5, power=1.7),
    "other 40 %": Process(0.40, 0.040, shape=0.5, power=1.7),
}
_N_PAIRS, _N_MATCHES, _SEED = 150, 290, 11
_METHODS = {
    "motifnet, MEA": ("mea", 1),
    "motifnet, Viterbi": ("viterbi", 1),
    "motifnet, MEA, two classes of gaps": ("mea", 2),
}
_MODEL = "motifnet, MEA"
_REPLICATES, _OF_REPLICATE = 200, 50
_COVERAGE_OF = "own 15 %"
_LEAST = 184  # of 200: at a true rate of 95 % fewer are seen once in 40 times
_ESTIMATES = ("open", "extend", "identity")
_ESTIMATE_COLUMNS = (
    "data",
    "program",
    *(c for one in _ESTIMATES for c in (f"true {one}", one)),
    *(f"{one}_error" for one in _ESTIMATES),
)
_PREFACE = f"""
{_N_PAIRS} pairs of about 300 bases for each process, all from seed {_SEED}. `own`: the model itself, with
single substitutions at 15, 30 and 40 %, gap openings at 0.012, 0.025 and 0.04 and extensions at 0.6, 0.6
and 0.65, the same in both sequences. `other` is not the model: rates of substitution vary among columns
(gamma, shape 0.5, Jukes-Cantor, the same mean divergence), lengths of gaps follow a power law (Zipf, 1.7,
up to 200 bases), and gaps of both sequences may touch. motifnet learns a model from each set of pairs (ties
`lineages`, and bases told apart only by whether they are the same; one class of
gaps or two); MEA is maximum
expected accuracy with gamma {GAMMA:g}. Programs are run as for [the mammals'
alignments](#true-alignments-of-mammals), Biopython and parasail with the scores {SCORES}.

Estimates are beside those of `last-train`, which are of local alignments. Extension has no true value where
lengths of gaps follow a power law. Coverage: {_REPLICATES} sets of {_OF_REPLICATE} pairs of
`{_COVERAGE_OF}`, each with a model of its own; a set counts where the truth is within 2 standard errors of
the estimate. Of estimates that are right 95 times in 100, {_LEAST} and more of 200 are seen with a
probability of 0.98.
"""


def cases() -> Iterator[Case]:
    """Every process with every program, and the coverage."""
    for data in _PROCESSES:
        for name in _METHODS:
            yield Case(f"accuracy/{data}/{name}", lambda _, data=data, name=name: _ours(data, name))
        for arm in PEERS:
            yield Case(
                f"accuracy/{data}/{arm.name}",
                lambda context, data=data, arm=arm: measured(arm, _truth(data), context.scratch),
            )
    yield Case("coverage", _coverage)


@cache
def _truth(data: str) -> Truth:
    return simulated(_PROCESSES[data], _N_PAIRS, _N_MATCHES, _SEED)


@cache
def _learnt(data: str, n_classes: int) -> PairFit:
    return learnt(_truth(data).pairs, n_classes=n_classes, bases_alike=True)


def _ours(data: str, name: str) -> Row:
    method, n_classes = _METHODS[name]
    fitted = _learnt(data, n_classes)
    return {**motifnet(fitted.model, _truth(data), method), **estimates(fitted)}


def _coverage(_: Context) -> Row:
    """How many sets of pairs have the truth within two standard errors of each estimate."""
    process = _PROCESSES[_COVERAGE_OF]
    found = [
        estimates(learnt(simulated(process, _OF_REPLICATE, _N_MATCHES, seed).pairs, bases_alike=True))
        for seed in range(_REPLICATES)
    ]
    row: Row = {"replicates": _REPLICATES}
    for name, true in _true(process).items():
        values, errors = (np.array([one[key] for one in found]) for key in (name, f"{name}_error"))
        row[name] = {
            "true": true,
            "mean": round(float(values.mean()), 5),
            "deviation": round(float(values.std(ddof=1)), 5),
            "mean_error": round(float(errors.mean()), 5),
            "within": int((np.abs(values - true) <= 2 * errors).sum()),
        }
    return row


def _true(process: Process) -> dict[str, float]:
    """What the estimates of a process should be; there is no extension where lengths follow another law."""
    extend = {} if process.power else {"extend": process.gap_extend}
    return {"open": process.gap_open, **extend, "identity": 1 - process.divergence}


def tables(rows: Sequence[Row]) -> str:
    """F1 of every program, estimates, reliability and coverage."""
    if not rows:
        return "Accuracy: nothing measured yet."
    accuracy = [row for row in rows if row["case"].startswith("accuracy/")]
    ours = [row for row in accuracy if row["case"].endswith(f"/{_MODEL}")]
    parts = [
        "### Accuracy",
        accuracy_table(accuracy),
        "### Estimates",
        table([_estimates_line(row) for row in accuracy if _has_estimates(row)], _ESTIMATE_COLUMNS),
        "### A match said to be so sure is right so often",
        reliability_table(ours),
        "### Coverage",
        *(_coverage_part(row) for row in rows if row["case"] == "coverage"),
    ]
    return "\n\n".join(parts)


def _has_estimates(row: Row) -> bool:
    return "open" in row and row["case"].rsplit("/", 1)[1] in (_MODEL, "LAST")


def _estimates_line(row: Row) -> Row:
    _, data, program = row["case"].split("/")
    true = {f"true {name}": value for name, value in _true(_PROCESSES[data]).items()}
    return {"data": data, "program": program.removesuffix(", MEA"), **true, **row}


def _coverage_part(row: Row) -> str:
    lines = [{"estimate": name, **row[name]} for name in _ESTIMATES]
    said = [
        "- "
        + verdict(f"{name} within 2 standard errors", row[name]["within"], row["replicates"], least=_LEAST)
        for name in _ESTIMATES
    ]
    columns = ("estimate", "true", "mean", "deviation", "mean_error", "within")
    return table(lines, columns) + "\n\n" + "\n".join(said)


ALIGNMENT_SIMULATED = Benchmark(
    "alignment_simulated", "Simulated pairs, from the model and from others", _PREFACE, cases, tables
)

if __name__ == "__main__":
    command_line(ALIGNMENT_SIMULATED)
