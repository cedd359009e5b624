"""One kind of work of the HMMs, measured: what :mod:`tests.benchmarks.pair_hmm` runs in processes of its own.

``python -m tests.benchmarks.pair_hmm_arms short`` prints CPU milliseconds of all arms as JSON. One thread;
the arms take turns.
"""

from __future__ import annotations

import importlib.util
import json
import math
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numba import njit

from motifnet.hmm.motif_hmm import MotifHMM
from motifnet.hmm.pair import PairHmm, arrays
from motifnet.hmm.pair_align import align
from motifnet.kernels.pair_hmm import cpu as kernel
from motifnet.kernels.threads import use_threads
from motifnet.motifs import Motif
from motifnet.symbols import Sequences
from motifnet.symbols.background import Background
from motifnet.symbols.pairs import PairedSequences
from tests.benchmarks.aligners import biopython_aligner, letters, parasail_score
from tests.benchmarks.kernel_arms import milliseconds
from tests.benchmarks.pair_simulation import Process, simulated

_PROCESS = Process(0.15, 0.012, 0.6)
_MODEL = PairHmm.start(divergence=0.15, gap_open=0.012, gap_extend=0.6)
_TWO_CLASSES = PairHmm.start(divergence=0.15, gap_open=0.012, gap_extend=(0.5, 0.95))
_N_PAIRS, _N_MATCHES, _LONG = 1000, 290, 16100
_NO_BAND, _ALWAYS = kernel.Band(bits=-1), kernel.Band(exact_cells=0)
_CHECKED = 8  # pairs whose log-odds are compared with a plain sum in log space
_BASES, _FEWER_BASES, _WIDTH, _RATE = 4_000_000, 50_000, 12, 1e-3

Work = dict[str, Callable[[], Any]]


def short() -> dict[str, float]:
    """Many pairs of 300 bases: log-odds, one round of EM, and the scores of peers."""
    pairs = simulated(_PROCESS, _N_PAIRS, _N_MATCHES, seed=1).pairs
    text = list(letters(pairs))
    aligner = biopython_aligner()
    work: Work = {
        "forward": lambda: _MODEL.log_odds(pairs, band=_NO_BAND),
        "forward_in_band": lambda: _MODEL.log_odds(pairs, band=_ALWAYS),
        "em_round": lambda: _counts(_MODEL, pairs),
        "forward_two_classes": lambda: _TWO_CLASSES.log_odds(pairs, band=_NO_BAND),
        "em_round_two_classes": lambda: _counts(_TWO_CLASSES, pairs),
        "biopython_score": lambda: [aligner.score(x, y) for x, y in text],
    }
    if importlib.util.find_spec("parasail"):
        work["parasail_score"] = lambda: [parasail_score(x, y) for x, y in text]
    times = {f"{name}_ms": value for name, value in milliseconds(work).items()}
    few = PairedSequences(
        pairs.x.select(np.arange(_CHECKED)), pairs.y.select(np.arange(_CHECKED)), range(_CHECKED)
    )
    plain = np.array([log_space_odds(_MODEL, *few[i]) for i in range(_CHECKED)])
    return {
        **times,
        **_ratios(times),
        "mcells": float((pairs.x.lengths * pairs.y.lengths).sum() / 1e6),
        "relative_error": _relative(_MODEL.log_odds(few, band=_NO_BAND), plain),
        "relative_error_in_band": _relative(_MODEL.log_odds(few, band=_ALWAYS), plain),
    }


def _ratios(times: dict[str, float]) -> dict[str, float]:
    ratios = {
        f"em_round_of_forward{kind}": times[f"em_round{kind}_ms"] / times[f"forward{kind}_ms"]
        for kind in ("", "_two_classes")
    }
    if "parasail_score_ms" in times:
        ratios["forward_of_parasail"] = times["forward_ms"] / times["parasail_score_ms"]
    return ratios


def _counts(model: PairHmm, pairs: PairedSequences) -> kernel.PairCounts:
    which = np.zeros(len(pairs), np.int64)
    return kernel.expected_counts(model.odds, *arrays(pairs), which, "global", kernel.DEFAULT_BAND)


def long() -> dict[str, float]:
    """One pair of 16.5 thousand bases: log-odds, posterior and alignment, and the memory of each."""
    pairs = simulated(_PROCESS, 1, _LONG, seed=2).pairs
    text = list(letters(pairs))
    aligner = biopython_aligner()
    work: Work = {
        "forward": lambda: _MODEL.log_odds(pairs),
        "forward_no_band": lambda: _MODEL.log_odds(pairs, band=_NO_BAND),
        "posterior_and_mea": lambda: align(_MODEL, *pairs[0]),
        "biopython_score": lambda: [aligner.score(x, y) for x, y in text],
    }
    if importlib.util.find_spec("parasail"):
        work["parasail_score"] = lambda: [parasail_score(x, y) for x, y in text]
    times = {f"{name}_ms": value for name, value in milliseconds(work).items()}
    memory = {f"{name}_mb": extra_megabytes(work[name]) for name in ("forward", "posterior_and_mea")}
    exact = _MODEL.log_odds(pairs, band=_NO_BAND)
    return {
        **times,
        **memory,
        "mcells": float((pairs.x.lengths * pairs.y.lengths).sum() / 1e6),
        "relative_error_in_band": _relative(_MODEL.log_odds(pairs), exact),
    }


def motif() -> dict[str, float]:
    """Posterior sites of one motif on both strands, in millions of bases a second."""
    generator = np.random.default_rng(3)
    codes = generator.integers(0, 4, _BASES, np.uint8)
    sequences, fewer = (Sequences.from_codes([codes[:n]]) for n in (_BASES, _FEWER_BASES))
    motif = Motif("random", generator.dirichlet(np.full(4, 0.3), _WIDTH).T * 100)
    model = MotifHMM.from_motifs([motif], Background.from_gc(0.5), rates=[_RATE])
    work: Work = {"posterior": lambda: model.decode(sequences)}
    n_bases = {"posterior": _BASES}
    if importlib.util.find_spec("hmmlearn"):
        states = _dense(model)
        work["hmmlearn_posterior"] = lambda: states.predict_proba(fewer[0][:, None].astype(int))
        n_bases["hmmlearn_posterior"] = _FEWER_BASES
    return {f"{name}_mb_s": n_bases[name] / 1e3 / value for name, value in milliseconds(work).items()}


def _dense(model: MotifHMM):
    """The same states as a chain of hmmlearn's: background, then every column of both strands."""
    from hmmlearn.hmm import CategoricalHMM

    (emissions,) = model.emissions
    n_strands, width, _ = emissions.shape
    rate = float(model.rates[0])
    moves = np.zeros((1 + n_strands * width,) * 2)
    starts = 1 + width * np.arange(n_strands)
    last = starts + width - 1
    inside = np.setdiff1d(np.arange(1, len(moves)), last)
    moves[inside, inside + 1] = 1
    for state in (0, *last):
        moves[state, 0], moves[state, starts] = 1 - rate, rate / n_strands
    states = CategoricalHMM(n_components=len(moves), implementation="scaling")
    states.startprob_, states.transmat_ = moves[0], moves
    states.emissionprob_ = np.vstack([np.full(4, 0.25), emissions.reshape(-1, 4)])
    return states


def extra_megabytes(work: Callable[[], Any]) -> float:
    """Largest resident memory while work is done, beyond what is there before it; Linux alone knows."""
    Path("/proc/self/clear_refs").write_text("5")
    before = _status("VmRSS")
    work()
    return (_status("VmHWM") - before) / 1024


def _status(field: str) -> int:
    """A field of this process's status, in KiB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    (line,) = (line for line in lines if line.startswith(f"{field}:"))
    return int(line.split()[1])


def log_space_odds(model: PairHmm, x: np.ndarray, y: np.ndarray) -> float:
    """Log-odds of a global alignment, summed in logarithms, plainly: no kernel judges itself."""
    after_match = 1 - model.open.sum()
    known = np.log(model.match / np.outer(*model.insert))
    opening, extend = np.log(model.open[:, 0]), np.log(model.extend[:, 0])
    close = np.log1p(-model.extend[:, 0])
    step = math.log1p(-model.end)
    whole = _summed(known + step, opening, extend, close, math.log(after_match), x, y)
    return whole + math.log(model.end)


@njit
def _log_sum(a, b):
    return max(a, b) + math.log1p(math.exp(-abs(a - b))) if max(a, b) > -math.inf else -math.inf


@njit
def _summed(known, opening, extend, close, on, x, y):
    """Log-odds of all paths to the point from which the end comes."""
    shape = (len(x) + 1, len(y) + 1)
    match, of_x, of_y = np.full(shape, -np.inf), np.full(shape, -np.inf), np.full(shape, -np.inf)
    whole = np.full(shape, -np.inf)
    match[0, 0] = 0.0
    for i in range(shape[0]):
        for j in range(shape[1]):
            if i > 0 and j > 0:
                match[i, j] = known[x[i - 1], y[j - 1]] + whole[i - 1, j - 1]
            if i > 0:
                of_x[i, j] = _log_sum(match[i - 1, j] + opening[0], of_x[i - 1, j] + extend[0])
            if j > 0:
                of_y[i, j] = _log_sum(match[i, j - 1] + opening[1], of_y[i, j - 1] + extend[1])
            gaps = _log_sum(of_x[i, j] + close[0], of_y[i, j] + close[1])
            whole[i, j] = _log_sum(match[i, j] + on, gaps)
    return whole[-1, -1]


def _relative(found: np.ndarray, true: np.ndarray) -> float:
    return float(np.abs(found / true - 1).max())


WORKS = {"short": short, "long": long, "motif": motif}
"""What can be measured, by name."""

if __name__ == "__main__":
    use_threads(1)
    print(json.dumps({name: float(f"{value:.4g}") for name, value in WORKS[sys.argv[1]]().items()}))
