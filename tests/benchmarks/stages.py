"""The main job's CPU time by stage, from command to report.

``MOTIFNET_DATA=... python -m tests.benchmarks.stages``
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from tests.benchmarks import sets
from tests.benchmarks.benchmark import Benchmark, Case, Context, Row, command_line
from tests.benchmarks.jobs import row_of_run, train
from tests.benchmarks.markdown import met, table
from tests.benchmarks.stage_clock import REST, STAGES, START

_SETS = (
    "MYC_H1-hESC_ENCODE",
    "SRF_H1-hESC_ENCODE",
    "REST_GM12878_ENCODE",
    "GATA1_K562_YAMDA",
    "POU5F1_hESC_motifcounter",
    "KLF1_MEME",
    "CTCF_GM12878_gimme",
)
# The last two are judged by a cross-fit, which searches again for each fold.
_BARS = {**dict.fromkeys(_SETS[:3], 8.0), **dict.fromkeys(_SETS[-2:], 12.0)}
_RUNS = 3
_PREFACE = f"""
CPU seconds (user and system, one thread) of `motifnet train` with its defaults, against JASPAR 2022 as
known motifs, kernels compiled before; of {_RUNS} runs, the one with the least in total. Stages are timed in
the process itself by wrapping their entry functions (`stage_clock.py` lists them); a stage within a stage
counts for itself alone. `{START}` is all that is spent until the job begins, Python's own start included;
`{REST}` is what lies between stages, and `whole process` is what the operating system counted, the end of
the process included.
"""


def cases() -> Iterator[Case]:
    """All sets."""
    for name in _SETS:
        yield Case(name, lambda context, name=name: _measure(context, name))


def _measure(context: Context, name: str) -> Row:
    runs = [_one_run(context, name, number) for number in range(_RUNS)]
    failed = [row for row in runs if "error" in row]
    return failed[0] if failed else min(runs, key=lambda row: row["cpu_seconds"])


def _one_run(context: Context, name: str, number: int) -> Row:
    path = context.scratch / f"stages{number}.json"
    program = ("tests.benchmarks.stage_clock", str(path))
    _, job = train(context, (*sets.arguments(name), "--overwrite"), program)
    seconds = {} if job.error else json.loads(path.read_text())
    return row_of_run(job, {"stages": {stage: round(value, 3) for stage, value in seconds.items()}})


def tables(rows: Sequence[Row]) -> str:
    """Stages down, sets across."""
    by_set = {row["case"]: row for row in rows if "error" not in row}
    lines = [
        {"stage": stage, **{name: row["stages"].get(stage, 0.0) for name, row in by_set.items()}}
        for stage in (START, *STAGES, REST)
    ]
    lines.append({"stage": "**whole process**", **{name: row["cpu_seconds"] for name, row in by_set.items()}})
    bars = [
        f"- {name}: {row['cpu_seconds']:.1f} CPU s (wanted: under {bar:g}; {met(row['cpu_seconds'] < bar)})"
        for name, row in by_set.items()
        if (bar := _BARS.get(name)) is not None
    ]
    return table(lines, ("stage", *by_set)) + "\n\n" + "\n".join(bars)


STAGES_OF_THE_JOB = Benchmark("stages", "Where the time goes", _PREFACE, cases, tables)

if __name__ == "__main__":
    command_line(STAGES_OF_THE_JOB)
