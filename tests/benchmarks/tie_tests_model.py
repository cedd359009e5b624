"""Ties of a network: are wrong ones rejected before they cost accuracy, and are those that hold kept?

``python -m tests.benchmarks.tie_tests_model``; ``--only panel`` measures a part of it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial

import numpy as np

from motifnet.config.train import TrainConfig
from motifnet.datasets.compose import Composed, compose
from motifnet.datasets.controls import GivenControls
from motifnet.datasets.simulate import Planted, motif_from_word, simulate
from motifnet.hypotheses.model_test import model
from motifnet.symbols import DNA, Sequences
from motifnet.symbols.background import Background
from motifnet.ties.tested import TieVerdict
from tests.benchmarks.benchmark import Benchmark, Case, Context, Row, command_line
from tests.benchmarks.markdown import table

_N_SETS = 3
_N, _LENGTH = 1000, 200  # targets, and controls, of a set with motifs
_N_MARKED, _N_MARKERS, _N_CAUSAL = 2000, 100, 10
_LINKAGE = 0.7  # correlation of neighbouring markers before they become alleles
_WORD = "CCGGAAGTGA"
_MATTERS = 0.01  # of AUROC, which no tie shall cost without being rejected
_CONFIG = (
    TrainConfig()
    .with_options("split", cross_fit_below=0)
    .with_options("model", strand="both")
    .with_options("training", device="cpu", threads=1)
)
_PREFACE = f"""
`motifnet test model` with its defaults, on {_N_SETS} sets of each kind:

- panel: {_N_MARKED:,} cases and as many controls with {_N_MARKERS} markers of two alleles, neighbours in
  linkage; the log-odds of being a case are a sum over {_N_CAUSAL} markers, of so large effects. A filter at
  all positions cannot tell one marker from another. Untied: position.
- one strand: {_N:,} x {_LENGTH} bp with a motif on the given strand in so large a share, and as many controls
  with its reverse complement. Untied: strand.
- planted: {_N:,} x {_LENGTH} bp with two motifs, each in a half, at uniform positions of either strand, and
  controls without. Both ties hold.

*AUROC* is that of the network without the tie less that of the network with it, on held-out sequences.
"""


def cases() -> Iterator[Case]:
    """Wrong ties of several strengths, and ties that hold."""
    for seed in range(_N_SETS):
        for effect in (0.0, 0.1, 0.2, 0.3, 0.5):
            yield Case(f"panel/{effect}/{seed}", partial(_measure, "position", partial(_panel, effect), seed))
        for share in (0.0, 0.1, 0.2, 0.4):
            yield Case(
                f"one strand/{share}/{seed}", partial(_measure, "strand", partial(_oriented, share), seed)
            )
        for name in ("strand", "position"):
            yield Case(f"planted/{name}/{seed}", partial(_measure, name, _planted, seed))


def _measure(name: str, make: Callable[[int], Composed], seed: int, context: Context) -> Row:
    composed, config = make(seed), _CONFIG.with_options("training", seed=seed)
    began = time.process_time()
    (found,) = model(composed.dataset, composed.summary.background, config, [name])
    return {
        "verdict": str(found.verdict),
        "p": float(f"{found.p:.3g}"),
        "gain": [round(float(one), 5) for one in found.gain[:3]],
        "auroc": [round(float(one), 4) for one in found.effect[1:4]],
        "n": found.n,
        "cpu_seconds": round(time.process_time() - began, 1),
    }


def _composed(targets: Sequences, controls: Sequences, seed: int) -> Composed:
    return compose({"set": targets}, GivenControls(controls), _CONFIG.split, seed=seed)


def _panel(effect: float, seed: int) -> Composed:
    from scipy.stats import norm

    rng = np.random.default_rng([seed, int(100 * effect)])
    frequency = rng.uniform(0.1, 0.5, _N_MARKERS)
    causal = rng.choice(_N_MARKERS, _N_CAUSAL, replace=False)
    signs = effect * rng.choice([-1, 1], _N_CAUSAL)
    drawn = rng.normal(size=(4 * _N_MARKED, _N_MARKERS))
    for marker in range(1, _N_MARKERS):
        own = np.sqrt(1 - _LINKAGE**2) * drawn[:, marker]
        drawn[:, marker] = _LINKAGE * drawn[:, marker - 1] + own
    alleles = drawn < norm.ppf(frequency)
    log_odds = (alleles[:, causal] - frequency[causal]) @ signs
    is_case = rng.random(len(alleles)) < 1 / (1 + np.exp(-log_odds))
    both = [list(alleles[is_case == kind][:_N_MARKED].astype(np.uint8)) for kind in (True, False)]
    return _composed(*map(Sequences.from_codes, both), seed)


def _oriented(share: float, seed: int) -> Composed:
    rng = np.random.default_rng([seed, int(100 * share)])
    word = DNA.encode(_WORD)
    both = []
    for planted in (word, DNA.reverse_complement(word)):
        codes = rng.integers(0, 4, (_N, _LENGTH), dtype=np.uint8)
        for one in codes[: int(share * _N)]:
            start = rng.integers(_LENGTH - len(word) + 1)
            one[start : start + len(word)] = planted
        both.append(Sequences.from_codes(list(codes)))
    return _composed(*both, seed)


def _planted(seed: int) -> Composed:
    planted = [Planted(motif_from_word(word), 0.5) for word in ("TGACTCAG", _WORD)]
    how = {"n_targets": _N, "n_controls": _N, "length": _LENGTH, "seed": seed}
    made = simulate(planted, Background.from_gc(0.45), **how)
    return _composed(made.targets, made.controls, seed)


def tables(rows: Sequence[Row]) -> str:
    """Verdicts by kind and strength, and what was missed."""
    measured = [row for row in rows if "error" not in row]
    if not measured:
        return "Ties of a network: nothing measured yet."
    kinds = dict.fromkeys(row["case"].rpartition("/")[0] for row in measured)
    shown = [
        _line(kind, [row for row in measured if row["case"].rpartition("/")[0] == kind]) for kind in kinds
    ]
    missed = [row for row in measured if row["auroc"][0] >= _MATTERS and row["verdict"] != "rejected"]
    wrong = [row for row in missed if row["verdict"] == "justified"]
    seconds = [row["cpu_seconds"] for row in measured]
    return "\n\n".join(
        [
            table(shown, tuple(shown[0])),
            f"Of {sum(row['auroc'][0] >= _MATTERS for row in measured)} sets in which the tie cost "
            f"{_MATTERS} of AUROC or more, {len(missed)} were not rejected; {len(wrong)} of these were taken "
            f"for justified. CPU seconds of a test: {np.median(seconds):.0f} in the median, "
            f"{max(seconds):.0f} at most.",
        ]
    )


def _line(kind: str, rows: Sequence[Row]) -> Row:
    verdicts = [row["verdict"] for row in rows]
    told = (TieVerdict.REJECTED, TieVerdict.UNDECIDED, TieVerdict.JUSTIFIED)
    return {
        "set": kind,
        "sets": len(rows),
        "AUROC": round(float(np.mean([row["auroc"][0] for row in rows])), 4),
        "gain": round(float(np.mean([row["gain"][0] for row in rows])), 4),
        **{str(one): verdicts.count(str(one)) for one in told},
        "largest p": max(row["p"] for row in rows),
    }


TIE_TESTS_MODEL = Benchmark("tie_tests_model", "Ties of a network", _PREFACE, cases, tables)

if __name__ == "__main__":
    command_line(TIE_TESTS_MODEL)
