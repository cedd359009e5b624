"""Short calls of all commands, on small inputs: what is promised of each is tested over all of them."""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import shutil
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import NamedTuple

from motifnet.config.train import TrainConfig
from motifnet.datasets.simulate import Planted, Simulated, motif_from_word, simulate
from motifnet.io.fasta import write_fasta
from motifnet.io.motif_files import write_meme
from motifnet.runs.train import train
from motifnet.symbols.background import Background

PLANTED = [Planted(motif_from_word(word), 0.8) for word in ("TGACTCAG", "CACGTGAC")]
PYTHON = [sys.executable, "-m", "motifnet"]


class Call(NamedTuple):
    """A short call of a command; ``output`` is empty where it writes nothing.

    ``other`` is an option that changes what a run writes, for one that replaces the first.
    """

    arguments: str
    inputs: tuple[str, ...]
    output: str = "out"
    other: str = ""

    def of(self, output: str = "") -> list[str]:
        return [word.replace("OUT", output or self.output) for word in self.arguments.split()]


CALLS = {
    "train": Call("train s.fa --control c.fa -o OUT -q --max-epochs 1", ("s.fa", "c.fa"), other="--seed 1"),
    "enrich": Call(
        "enrich m.meme s.fa --control c.fa -o OUT -q", ("m.meme", "s.fa", "c.fa"), other="--max-site-p 1e-3"
    ),
    "scan": Call("scan m.meme s.fa --background bg.txt -o OUT -q", ("m.meme", "s.fa", "bg.txt"), "hits.bed"),
    "decode": Call("decode m.meme s.fa -o OUT -q", ("m.meme", "s.fa"), other="--bedgraph"),
    "align": Call("align x.fa y.fa -o OUT -q --gap-classes 1", ("x.fa", "y.fa"), other="--format maf"),
    "test indel": Call(
        "test indel pairs.tsv -o OUT -q --gap-parameters open --gap-classes 1",
        ("pairs.tsv",),
        other="--gap-parameters extend",
    ),
    "test rate": Call("test rate pairs.tsv -o OUT -q", ("pairs.tsv",), other="--seed 1"),
    "profile": Call(
        "profile sites.fa --start m.meme -o OUT -q", ("sites.fa", "m.meme"), other="--pseudocount 2"
    ),
    "convert": Call("convert m.meme -o OUT --only names.txt", ("m.meme", "names.txt"), "out.jaspar"),
    "compare": Call("compare m.meme n.meme -o OUT --html", ("m.meme", "n.meme"), "matches.tsv"),
    "cluster": Call("cluster m.meme n.meme -o OUT -q", ("m.meme", "n.meme"), other="--leaves families"),
    "logos": Call("logos m.meme -o OUT --format svg --format png", ("m.meme",), "logos"),
    "simulate": Call(
        "simulate -o OUT --motif-file m.meme --background s.fa --n-targets 4",
        ("m.meme", "s.fa"),
        other="--seed 1",
    ),
    "test palindrome": Call("test palindrome m.meme s.fa -o OUT -q", ("m.meme", "s.fa"), other="--seed 1"),
    "test emissions": Call("test emissions m.meme s.fa -o OUT -q", ("m.meme", "s.fa"), other="--seed 1"),
    "test orientation": Call(
        "test orientation m.meme s.bed --genome g.fa --anchor tss.bed --window 0 -o OUT -q",
        ("m.meme", "s.bed", "g.fa", "tss.bed"),
        other="--window 60",
    ),
    "test strand": Call("test strand p.fa -o OUT -q", ("p.fa",), other="--seed 1"),
    "test position": Call("test position p.fa -o OUT -q", ("p.fa",), other="--seed 1"),
    "test experiments": Call("test experiments p.fa r.fa -o OUT -q", ("p.fa", "r.fa"), other="--seed 1"),
    "test model": Call(
        "test model trained --untie position --n-seeds 1 -o OUT -q",
        ("trained/run.json",),
        other="--untie strand",
    ),
    "warm-up": Call("warm-up -q --commands cluster", (), ""),
}
WRITES = [name for name, call in CALLS.items() if call.output]
WRITES_FILE = [name for name in WRITES if CALLS[name].output not in ("out", "logos")]
MAKES_RUN = [name for name, call in CALLS.items() if call.output == "out"]


def write_inputs(folder: Path) -> None:
    """Small inputs of all kinds."""
    planted, made = PLANTED, _planted()
    for name, seed in (("p.fa", 2), ("r.fa", 3)):
        tested = simulate(
            planted[:1], Background.from_gc(0.45), n_targets=60, n_controls=0, length=60, seed=seed
        )
        write_fasta(folder / name, tested.targets)
    write_fasta(folder / "s.fa", made.targets)
    write_fasta(folder / "c.fa", made.controls)
    write_fasta(folder / "sites.fa", made.targets)
    write_fasta(folder / "x.fa", made.targets.select(range(4)))
    text = (folder / "x.fa").read_text()
    (folder / "y.fa").write_text(text.replace(">target", ">other").replace("ACA", "ATA"))
    write_meme(folder / "m.meme", [one.motif for one in planted])
    write_meme(folder / "n.meme", [motif_from_word(word) for word in ("TGACTCA", "GGGCGGGG")])
    cut = [made.targets.text(i)[: 40 + i % 2] + made.targets.text(i)[43:] for i in range(40)]
    rows = [f"{made.targets.text(i)}\t{y.replace('GA', 'TA')}" for i, y in enumerate(cut)]
    (folder / "pairs.tsv").write_text("\n".join(["x\ty", *rows, ""]))
    contig = "".join(made.targets.text(i) for i in range(len(made.targets)))
    (folder / "g.fa").write_text(f">chr1\n{contig}\n")
    (folder / "g.fa.fai").write_text(f"chr1\t{len(contig)}\t6\t{len(contig)}\t{len(contig) + 1}\n")
    starts = range(0, len(contig), 80)
    (folder / "s.bed").write_text("".join(f"chr1\t{start}\t{start + 80}\n" for start in starts))
    (folder / "tss.bed").write_text(
        "".join(f"chr1\t{start}\t{start + 1}\tt{start}\t0\t{'+-'[start % 160 > 0]}\n" for start in starts)
    )
    shutil.copytree(_trained(), folder / "trained")
    record = folder / "trained" / "run.json"
    record.write_text(record.read_text().replace(str(_trained().parent), str(folder)))
    (folder / "names.txt").write_text("TGACTCAG\n")
    (folder / "bg.txt").write_text("A 0.3\nC 0.2\nG 0.2\nT 0.3\n")


@cache
def _trained() -> Path:
    """The folder of a short run on inputs that lie there no more."""
    folder = Path(tempfile.mkdtemp(prefix="motifnet-trained-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with contextlib.chdir(folder):
        made = _planted()
        write_fasta("s.fa", made.targets)
        write_fasta("c.fa", made.controls)
        quick = TrainConfig().with_options("training", max_epochs=1).with_options("controls", control="c.fa")
        train("s.fa", "trained", quick.with_options("split", cross_fit_below=0))
        for name in ("s.fa", "c.fa"):
            Path(name).unlink()
    return folder / "trained"


def _planted() -> Simulated:
    return simulate(PLANTED, Background.from_gc(0.45), n_targets=40, n_controls=40, length=80, seed=1)


def state(folder: Path) -> dict[str, str]:
    """All files, by their content."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }
