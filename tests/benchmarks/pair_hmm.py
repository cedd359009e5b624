"""What the HMMs cost: many short pairs, a long one, and motifs in background, beside peers.

``python -m tests.benchmarks.pair_hmm``; ``--only long`` measures a part of it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tests.benchmarks.benchmark import Benchmark, Case, Context, Row, command_line
from tests.benchmarks.jobs import row_of_run, run
from tests.benchmarks.markdown import met, shown, table


class Bar(NamedTuple):
    """What is wanted of a column of a case: at most, or at least, so much."""

    case: str
    column: str
    what: str
    most: float | None = None
    least: float | None = None

    def verdict(self, value: float) -> str:
        """One line that says what was measured, what is wanted, and whether it is met."""
        limit, side = (self.most, "at most") if self.least is None else (self.least, "at least")
        reached = value <= limit if self.least is None else value >= limit
        return f"- {self.what}: {shown(value)} (wanted: {side} {limit:g}; {met(reached)})"


_CASES = {
    "short": "1,000 pairs of 300 bases",
    "long": "One pair of 16,500 bases",
    "motif": "A motif in background, both strands",
}
_BARS = (
    Bar("short", "forward_ms", "log-odds of 1,000 pairs, ms", most=6),
    Bar("short", "em_round_ms", "one round of EM on 1,000 pairs, ms", most=50),
    Bar("short", "forward_of_parasail", "the same log-odds, over scores of parasail", most=0.3),
    Bar("short", "em_round_of_forward", "a round of EM, over log-odds", most=4),
    Bar("short", "em_round_of_forward_two_classes", "the same with two classes of gaps", most=4),
    Bar("long", "forward_ms", "log-odds of the long pair, ms", most=2),
    Bar("long", "posterior_and_mea_ms", "posterior and alignment of the long pair, ms", most=100),
    Bar("long", "posterior_and_mea_mb", "memory for them, MB", most=50),
    Bar("motif", "posterior_mb_s", "posterior sites, million bases a second", least=150),
    Bar("short", "relative_error", "relative error of log-odds", most=1e-7),
    Bar("short", "relative_error_in_band", "the same in a band", most=1e-7),
    Bar("long", "relative_error_in_band", "of the long pair in a band", most=1e-7),
)
_USAGE = ("seconds", "cpu_seconds", "peak_mb")
_PREFACE = """
CPU milliseconds of one thread, the least of 3 to 20 repeats in which the arms take turns in one process,
kernels compiled before; each case is a process of its own. Pairs are simulated with 15 % substitutions, gap
opening 0.012 and extension 0.6; all is in float64. `forward` sums over all alignments: in every cell for
short pairs, in the default band for the long one; `_in_band` and `_no_band` are the other way. `em_round`
is a forward and a backward pass with all expected counts; `two_classes` are those of a model with extensions
of 0.5 and 0.95, two classes of gaps, as `align` learns it from most data. Scores of Biopython and parasail
(`nw_scan_16`; `nw_scan_32` for the long pair) are what a single best alignment costs, without its path;
`_of_` are ratios. `_mb` is the largest resident memory beyond what was there before. Relative errors of short
pairs are against a plain sum in logarithms (8 pairs), that of the long pair against all cells. The motif has
12 columns; `decode` tells every site of 4 million bases with a posterior of one half; hmmlearn (`scaling`)
has the same 25 states and 50 thousand bases.

Short pairs and the motif were measured with vectors of 64 bytes (AVX-512, AMD Zen 5). Where numba is told to
use those of 32 (AVX2) on the same machine, log-odds of the 1,000 pairs take 26.8 and 40.9 ms with one and two
classes of gaps, rounds of EM 66 and 149 ms, and posterior sites are told of 156 million bases a second. The
long pair was measured earlier, on a machine with AVX2.
"""


def cases() -> Iterator[Case]:
    """Short pairs, a long pair, and a motif."""
    for name in _CASES:
        yield Case(name, lambda context, name=name: _measure(context, name))


def _measure(context: Context, name: str) -> Row:
    job = run([sys.executable, "-m", "tests.benchmarks.pair_hmm_arms", name], context.scratch)
    return row_of_run(job, {} if job.error else json.loads(job.output))


def tables(rows: Sequence[Row]) -> str:
    """What is wanted, and all that was measured."""
    done = {row["case"]: row for row in rows if "error" not in row}
    if not done:
        return "Costs: nothing measured yet."
    bars = [bar.verdict(done[bar.case][bar.column]) for bar in _BARS if bar.column in done.get(bar.case, ())]
    parts = ["\n".join(bars)]
    for name, title in _CASES.items():
        if name in done:
            values = {key: value for key, value in done[name].items() if key not in ("case", *_USAGE)}
            lines = [{"what": key, "value": value} for key, value in values.items()]
            parts += [f"### {title}", table(lines, ("what", "value"))]
    return "\n\n".join(parts)


PAIR_HMM = Benchmark("pair_hmm", "What the HMMs cost", _PREFACE, cases, tables)

if __name__ == "__main__":
    command_line(PAIR_HMM)
