"""Situations that users met, each a folder: is what motifnet does what its ``expect`` says?

``python -m tests.benchmarks.cases FOLDER`` copies every case below ``FOLDER`` (a folder with a file
``cmd``), runs its one shell line in the copy, and says which of the checks that are known for it failed; what
has no check is shown with its ``expect``, to be read. Single files in a folder ``reliability`` are handed to
the reader that their name begins with: it must end in a value or in one short line.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import NamedTuple

LONGEST_MESSAGE = 1000
_LIMIT = 900  # seconds that a case may take


class Outcome(NamedTuple):
    """What a case left.

    Parameters
    ----------
    folder : Path
        The copy that it ran in.
    said : str
        Standard output and error, as they came.
    code : int
        Of the last command.
    """

    folder: Path
    said: str
    code: int

    def text(self, name: str) -> str:
        """A file that it wrote, or nothing."""
        path = self.folder / name
        return path.read_text() if path.is_file() else ""

    def column(self, name: str, number: int) -> list[str]:
        """A column of a table, counted from 1, without its header."""
        return [line.split("\t")[number - 1] for line in self.text(name).splitlines() if "\t" in line]


Check = Callable[[Outcome], bool]


def says(pattern: str) -> Check:
    """That a line matches."""
    return lambda found: re.search(pattern, found.said, re.MULTILINE) is not None


def not_says(pattern: str) -> Check:
    """That no line matches."""
    return lambda found: re.search(pattern, found.said, re.MULTILINE) is None


def codes(*wanted: int) -> Check:
    """What the case tells of exit codes as ``rc=``."""
    return lambda found: [int(code) for code in re.findall(r"rc=(\d+)", found.said)] == list(wanted)


def ends(code: int) -> Check:
    return lambda found: found.code == code


def contigs(name: str, *wanted: str) -> Check:
    return lambda found: set(found.column(name, 1)) == set(wanted)


def strands(name: str, *wanted: str) -> Check:
    return lambda found: set(found.column(name, 6)) == set(wanted)


def has(name: str, pattern: str) -> Check:
    return lambda found: re.search(pattern, found.text(name), re.MULTILINE) is not None


def same(one: str, other: str) -> Check:
    return lambda found: found.text(one) == found.text(other) != ""


def aligned(folder: str, least: float) -> Check:
    """That all pairs are about identical."""

    def check(found: Outcome) -> bool:
        head, *rows = (line.split("\t") for line in found.text(f"{folder}/pairs.tsv").splitlines())
        return bool(rows) and all(float(row[head.index("identity")]) >= least for row in rows)

    return check


def many_matches(folder: str, least: int) -> Check:
    def check(found: Outcome) -> bool:
        head, *rows = (line.split("\t") for line in found.text(f"{folder}/pairs.tsv").splitlines())
        return bool(rows) and all(int(row[head.index("n_matches")]) >= least for row in rows)

    return check


def unsure_at_the_end(name: str, contig: str, first: int, last: int) -> Check:
    """That of a stretch the second half has the least confident base of a track."""

    def check(found: Outcome) -> bool:
        rows = [line.split("\t") for line in found.text(name).splitlines() if line.startswith(contig + "\t")]
        inside = [row for row in rows if first <= int(row[1]) < last]
        return bool(inside) and int(min(inside, key=lambda row: float(row[3]))[1]) > (first + last) / 2

    return check


CHECKS: dict[str, list[Check]] = {
    "classical/01": [contigs(f"{run}/sites.bed", "chr1", "chr2", "chr3") for run in ("run", "dec")],
    "classical/02": [has("dec/sites.bed", r"^chr1\t1038\t1048\t\S+\t\d+\t\+")],
    "classical/04": [same("idr.bed", "ten.bed")],
    "classical/05": [ends(0), says("column 6")],
    "classical/06": [says("skipped|left out|clipped"), not_says("Format")],
    "classical/08": [says(r"^3$|line \d+")],
    "classical/11": [strands("h.bed", "+"), strands("d/sites.bed", "+"), says("ALPHABET= ACGU")],
    "classical/15": [not_says("^>?ACGT")],
    "classical/18": [codes(0, 0), same("a.tsv", "b.tsv")],
    "classical/19": [same("blank.bed", "crlf.bed")],
    "classical/24": [codes(*[0] * 11), same("a.bed", "b.bed"), same("a.bed", "c.bed")],
    "classical/26": [says("in use by another run"), says("A rc=0"), says("B rc=2"), says("C rc=2")],
    "classical/27": [says("warning: .*GATA")],
    "classical/30": [
        says("scan-fa rc=2"), says("scan-meme rc=2"), says("compare rc=2"), says("convert rc=2"),
        says("scan-again rc=2"), same("s.fa", "s0"), same("m.meme", "m0"),
    ],
    "classical/31": [not_says("rc=[^0]")],
    "classical/35": [says("UTF-16|utf-16"), not_says("rc 1")],
    "classical/37": [says(r"rc=0"), not_says("rc=1")],
    "modern/01": [
        unsure_at_the_end("out/confidence.bedgraph", "spA.chr1", 1580, 1700),
        has("out/alignments.maf", r"^s spA.chr1 +300 +120 - +2000"),
    ],
    "modern/02": [ends(0), has("out/pairs.tsv", "Human")],
    "modern/03": [ends(0)],
    "modern/12": [ends(0), says("no bases|empty|short")],
    "modern/14": [says("gap|degap")],
    "modern/18": [ends(0), aligned("out", 0.95)],
    "modern/20": [says("x3|strand"), many_matches("out", 100)],
    "modern/28": [
        aligned("out", 0.96), many_matches("out", 590), same("out/alignments.fa", "exact/alignments.fa"),
    ],
    "modern/31": [ends(0), says("clipped|skipped|left out")],
    "modern/32": [ends(0), says("overlap")],
}  # fmt: skip
EVERYWHERE: list[Check] = [
    not_says("Traceback"),
    not_says("please report"),
    lambda found: all(len(line) < LONGEST_MESSAGE for line in found.said.splitlines()),
]


def run_case(case: Path, place: Path) -> Outcome:
    """Run the line of a case in a copy of it."""
    folder = place / case.name
    shutil.copytree(case, folder)
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    try:
        done = subprocess.run(
            ["bash", "-c", (case / "cmd").read_text()],
            cwd=folder,
            env={**os.environ, "PATH": path},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            timeout=_LIMIT,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        return Outcome(folder, (late.stdout or b"").decode(errors="replace") + "\nTIMEOUT", -1)
    return Outcome(folder, done.stdout.decode(errors="replace"), done.returncode)


def failures(name: str, found: Outcome) -> list[int] | None:
    """Numbers of the checks of a case that failed; ``None`` if there are none for it."""
    known = next((checks for key, checks in CHECKS.items() if name.startswith(key)), None)
    failed = [i for i, check in enumerate([*EVERYWHERE, *(known or [])]) if not check(found)]
    return failed if known is not None or failed else None


# Single files, by the reader that their names begin with.


def _readers() -> dict[str, Callable[[Path], object]]:
    from motifnet.hmm.model_file import read_model
    from motifnet.io.alignments import read_alignments
    from motifnet.io.background_file import read_background
    from motifnet.io.bed import read_bed
    from motifnet.io.checkpoint import load_checkpoint
    from motifnet.io.fasta import read_fasta
    from motifnet.io.genome import Genome
    from motifnet.io.motif_files import read_motifs
    from motifnet.io.pairs import read_pairs
    from motifnet.io.posteriors import read_posteriors
    from motifnet.io.sites_table import read_sites_tsv
    from motifnet.runs.folder import RunFolder

    def record(path: Path) -> object:
        with tempfile.TemporaryDirectory() as folder:
            shutil.copy(path, Path(folder, "run.json"))
            return RunFolder(folder).outputs

    def genome(path: Path) -> object:
        with Genome(path) as read:
            return [read.codes(contig) for contig in read.contigs]

    motifs = dict.fromkeys(("cisbp", "homer", "transfac", "jaspar", "meme", "uniprobe", "pfm"), read_motifs)
    return motifs | {
        "background": partial(read_background, strand_symmetric=False),
        "long.bg": partial(read_background, strand_symmetric=False),
        "bed": read_bed,
        "narrowpeak": read_bed,
        "fasta": read_fasta,
        "bgzip": genome,
        "maf": read_alignments,
        "model_pt": partial(load_checkpoint, kind="model"),
        "pairhmm_json": read_model,
        "pairs": read_pairs,
        "posteriors": read_posteriors,
        "run_json": record,
        "sites_tsv": partial(read_sites_tsv, data="x"),
    }


def read_file(path: Path, readers: dict[str, Callable[[Path], object]]) -> str:
    """What the reader of a file says."""
    from motifnet.errors import MotifnetError

    reader = readers[max((key for key in readers if path.name.startswith(key)), key=len)]
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copy(path, folder))
        try:
            value = reader(copy)
            size = len(value) if hasattr(value, "__len__") else 1
            said = f"read: {size} of {type(value).__name__}"
        except MotifnetError as problem:
            said = f"{type(problem).__name__}: {problem}"
        except Exception as problem:  # noqa: BLE001
            said = f"TRACEBACK {type(problem).__name__}: {str(problem)[:100]}"
    seconds = time.perf_counter() - began
    if len(said) > LONGEST_MESSAGE:
        said = f"TOO LONG ({len(said)}): {said[:100]}"
    return f"{said} ({seconds:.1f} s)" if seconds > 2 else said


def main(arguments: Iterable[str] | None = None) -> int:
    """Run all cases; the exit code is 1 if a check failed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="", help="cases whose path contains this")
    parser.add_argument("--show", action="store_true", help="what each case says, beside its expect")
    options = parser.parse_args(arguments)
    n_failed = 0
    with tempfile.TemporaryDirectory() as place:
        for command in sorted(options.folder.rglob("cmd")):
            case = command.parent
            name = case.relative_to(options.folder).as_posix()
            if options.only not in name:
                continue
            found = run_case(case, Path(place))
            failed = failures(name, found)
            verdict = "read" if failed is None else "ok" if not failed else f"FAILED checks {failed}"
            n_failed += bool(failed)
            print(f"{name}: {verdict}", flush=True)
            if options.show or verdict != "ok":
                print(
                    f"--- expect: {(case / 'expect').read_text().strip()}\n--- said:\n{found.said}",
                    flush=True,
                )
    files = sorted(path for path in options.folder.glob("reliability/*") if options.only in str(path))
    readers = _readers() if files else {}
    for path in files:
        said = read_file(path, readers)
        n_failed += said.startswith(("TRACEBACK", "TOO LONG"))
        print(f"{path.name}: {said}", flush=True)
    print(f"{n_failed} failed")
    return min(n_failed, 1)


if __name__ == "__main__":
    sys.exit(main())
