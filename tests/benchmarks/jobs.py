"""Run a command in a process of its own, and read what ``motifnet train`` found."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from motifnet.io import read_motifs
from motifnet.motifs import Motif
from tests.benchmarks.benchmark import Context, Row

SIGNIFICANT_Q = 0.05
"""Largest q-value of Tomtom at which a known motif counts as a match."""
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1"}


class Job(NamedTuple):
    """A command that has run.

    Parameters
    ----------
    usage : dict
        ``seconds`` (wall), ``cpu_seconds`` (user and system) and ``peak_mb`` (largest resident set) of
        this process alone. The operating system counts the size of the parent at the time of the start
        into the last, so what starts jobs imports neither torch nor large data.
    output : str
        What it wrote to standard output.
    error : str
        The last line of what a command that failed wrote to standard error; empty if it did not fail.
    """

    usage: Row
    output: str
    error: str


class Known(NamedTuple):
    """A known motif that one of ours resembles: its name, its consensus and the q-value."""

    name: str
    consensus: str
    q_value: float


class Found(NamedTuple):
    """A motif of a run.

    Parameters
    ----------
    name, consensus : str
        As the run has them.
    significant : bool
        Whether its E-value is small enough.
    log10_p, auroc : float
        Held-out.
    known : list of Known
        Known motifs with a q-value below :data:`SIGNIFICANT_Q`, best first.
    """

    name: str
    consensus: str
    significant: bool
    log10_p: float
    auroc: float
    known: list[Known]


def run(command: Sequence[str], scratch: Path, environment: Mapping[str, str] | None = None) -> Job:
    """Run a command with one thread, and wait for it.

    Parameters
    ----------
    command : sequence of str
        The program and what it takes.
    scratch : Path
        A folder for what it says.
    environment : mapping of str to str, optional
        Further environment variables.
    """
    began = time.perf_counter()
    with open(scratch / "stdout", "w+") as stdout, open(scratch / "stderr", "w+") as stderr:
        child = subprocess.Popen(
            command, stdout=stdout, stderr=stderr, env={**os.environ, **_ONE_THREAD, **(environment or {})}
        )
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        stdout.seek(0)
        stderr.seek(0)
        output, said = stdout.read(), stderr.read().strip()
    usage = {
        "seconds": round(time.perf_counter() - began, 1),
        "cpu_seconds": round(used.ru_utime + used.ru_stime, 2),
        "peak_mb": round(used.ru_maxrss / 1024),
    }
    failed = f"exit code {child.returncode}: {said.splitlines()[-1] if said else 'no message'}"
    return Job(usage, output, failed if child.returncode else "")


def train(
    context: Context, arguments: Sequence[str], program: Sequence[str] = ("motifnet",)
) -> tuple[Path, Job]:
    """Run ``motifnet train`` in the folder of a case, with one thread.

    Parameters
    ----------
    context : Context
        Of the case.
    arguments : sequence of str
        Targets and options.
    program : sequence of str
        Module to run, and what it takes before the command.

    Returns
    -------
    tuple of Path and Job
        The run folder, and how it went.
    """
    folder = context.scratch / "run"
    command = [
        sys.executable,
        "-m",
        *program,
        "train",
        *arguments,
        "--threads",
        "1",
        "-o",
        str(folder),
        "-q",
        *context.extra,
    ]
    return folder, run(command, context.scratch)


def row_of_run(job: Job, columns: Row | None = None) -> Row:
    """What every row of a run of ``motifnet train`` has: the columns given, and its use or its error."""
    return {**(columns or {}), **job.usage, **({"error": job.error} if job.error else {})}


def found_motifs(folder: Path) -> list[Found]:
    """All motifs of a run, best first."""
    matches = _table(folder / "matches.tsv")
    return [
        Found(
            row["ID"],
            row["CONSENSUS"],
            row["significant"] == "yes",
            float(row["log10_p_value"]),
            float(row["auroc"]),
            [
                Known(
                    f"{match['Target_ID']} {match['target_name']}".strip(), match["Target_consensus"], q_value
                )
                for match in matches
                if match["Query_ID"] == row["ID"] and (q_value := float(match["q-value"])) < SIGNIFICANT_Q
            ],
        )
        for row in _table(folder / "motifs.tsv")
    ]


def significant(folder: Path) -> list[Found]:
    """The significant motifs of a run, best first."""
    return [found for found in found_motifs(folder) if found.significant]


def rank_of_family(expected: str, found: Sequence[Found]) -> int | None:
    """Rank of the first motif of which a best known match is of the expected family.

    Parameters
    ----------
    expected : str
        Pattern of names of the family; empty if nothing is expected.
    found : sequence of Found
        Significant motifs, best first.
    """
    for rank, motif in enumerate(found, 1):
        if expected and any(re.search(expected, known.name) for known in motif.known):
            return rank
    return None


def matrices(folder: Path) -> list[Motif]:
    """The matrices of the significant motifs of a run, best first."""
    return read_motifs(folder / "motifs.meme")


def e_values(folder: Path) -> list[float]:
    """The E-value of every motif of a run, significant or not."""
    motifs = json.loads((folder / "metrics.json").read_text())["motifs"]
    return [motif["e_value"] for motif in motifs]


def model_auroc(folder: Path) -> float:
    """Held-out AUROC of the network of a run with one task."""
    return json.loads((folder / "metrics.json").read_text())["tasks"][0]["auroc"]


def _table(path: Path) -> list[dict[str, str]]:
    with path.open() as handle:
        return list(csv.DictReader(handle, delimiter="\t"))
