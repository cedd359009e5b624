"""What the first start of each command costs, which compiles its kernels, and what all later ones cost.

``MOTIFNET_DATA=... python -m tests.benchmarks.starts`` runs every command twice, in a process of its own and
with one thread, the first time with no compiled kernels.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from tests.benchmarks import sets
from tests.benchmarks.benchmark import Benchmark, Case, Context, Row, command_line
from tests.benchmarks.jobs import run
from tests.benchmarks.markdown import met, table

_DEMO = Path(__file__).parents[2] / "data" / "demo"
_WANTED = {"train": 45, "compare": 6, "align": 20, "decode": 12, "enrich": 8, "profile": 8}
"""CPU seconds of a first start at most."""
_PREFACE = """
CPU seconds of the whole command. The first start has no compiled kernels, the second has those of the first;
the difference is compilation. Imports are those of the second start (`python -X importtime`), and work is
what is left of it. The demo has 600 sequences and three motifs; `compare` has 838 motifs of JASPAR 2022
beside these three, `align` the mitochondria of human and chimpanzee with `--circular`, and `profile` the
sites of CRP in *E. coli*.
"""


def _commands() -> dict[str, str]:
    data, motifs, targets = sets.data(), _DEMO / "motifs.meme", _DEMO / "targets.fa"
    known = data / "motifdb" / "JASPAR2022_vertebrates.pfm.gz"
    mito = data / "align" / "mito"
    return {
        "--help": "--help",
        "train": f"train {targets} -o OUT -q --motif-db {motifs}",
        "scan": f"scan {motifs} {targets} -o OUT.bed -q",
        "enrich": f"enrich {motifs} {targets} -o OUT -q",
        "compare": f"compare {motifs} {known} -o OUT.tsv",
        "cluster": f"cluster {motifs} -o OUT -q",
        "decode": f"decode {motifs} {targets} -o OUT -q",
        "align": f"align {mito}/MT-human.fa {mito}/chimp_MT.fasta -o OUT -q --circular",
        "profile": f"profile {data}/ecoli/crp_sites.fasta -o OUT -q",
        "logos": f"logos {motifs} -o OUT",
        "simulate": "simulate -o OUT --motif TGASTCA --n-targets 600 -q",
        "warm-up": "warm-up -q",
    }


def cases() -> Iterator[Case]:
    """Every command."""
    for name in _commands():
        yield Case(name, partial(_started, name))


def _started(name: str, context: Context) -> Row:
    kernels = {"NUMBA_CACHE_DIR": str(context.scratch / "kernels")}
    cpu = {}
    for start in ("first", "second"):
        arguments = _commands()[name].replace("OUT", str(context.scratch / start)).split()
        python = [sys.executable, *(["-X", "importtime"] if start == "second" else [])]
        job = run([*python, "-m", "motifnet", *arguments], context.scratch, kernels)
        if job.error and start == "first":
            return {"error": job.error}
        cpu[start] = job.usage["cpu_seconds"]
    imported = re.findall(r"import time:\s+(\d+) \|", (context.scratch / "stderr").read_text())
    imports = sum(map(int, imported)) / 1e6
    return {
        "first": round(cpu["first"], 2),
        "second": round(cpu["second"], 2),
        "compilation": round(max(0.0, cpu["first"] - cpu["second"]), 2),
        "imports": round(imports, 2),
        "work": round(max(0.0, cpu["second"] - imports), 2),
    }


def tables(rows: Sequence[Row]) -> str:
    """A line for each command."""
    told = [{"command": row["case"], **row} for row in rows if "error" not in row]
    for row in told:
        wanted = _WANTED.get(row["command"])
        row["wanted"] = "" if wanted is None else f"{wanted}: {met(row['first'] <= wanted)}"
    columns = ("command", "first", "second", "compilation", "imports", "work", "wanted")
    return table(told, columns) if told else "First and second start: nothing measured yet."


STARTS = Benchmark("starts", "First and second start", _PREFACE, cases, tables)

if __name__ == "__main__":
    command_line(STARTS)
