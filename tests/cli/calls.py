"""Short calls of all commands, on small inputs: what is promised of each is tested over all of them."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import NamedTuple

from motifnet.datasets.simulate import Planted, motif_from_word, simulate
from motifnet.io.fasta import write_fasta
from motifnet.io.motif_files import write_meme
from motifnet.symbols.background import Background

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
        return self.arguments.replace("OUT", output or self.output).split()


CALLS = {
    "train": Call("train s.fa --control c.fa -o OUT -q --max-epochs 1", ("s.fa", "c.fa"), other="--seed 1"),
    "enrich": Call(
        "enrich m.meme s.fa --control c.fa -o OUT -q", ("m.meme", "s.fa", "c.fa"), other="--max-site-p 1e-3"
    ),
    "scan": Call("scan m.meme s.fa --background bg.txt -o OUT -q", ("m.meme", "s.fa", "bg.txt"), "hits.bed"),
    "decode": Call("decode m.meme s.fa -o OUT -q", ("m.meme", "s.fa"), other="--bedgraph"),
    "align": Call("align x.fa y.fa -o OUT -q --gap-classes 1", ("x.fa", "y.fa"), other="--format maf"),
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
    "warm-up": Call("warm-up -q --commands cluster", (), ""),
}
WRITES = [name for name, call in CALLS.items() if call.output]
WRITES_FILE = [name for name in WRITES if CALLS[name].output not in ("out", "logos")]
MAKES_RUN = [name for name, call in CALLS.items() if call.output == "out"]


def write_inputs(folder: Path) -> None:
    """Small inputs of all kinds."""
    planted = [Planted(motif_from_word(word), 0.8) for word in ("TGACTCAG", "CACGTGAC")]
    made = simulate(planted, Background.from_gc(0.45), n_targets=40, n_controls=40, length=80, seed=1)
    write_fasta(folder / "s.fa", made.targets)
    write_fasta(folder / "c.fa", made.controls)
    write_fasta(folder / "sites.fa", made.targets)
    write_fasta(folder / "x.fa", made.targets.select(range(4)))
    text = (folder / "x.fa").read_text()
    (folder / "y.fa").write_text(text.replace(">target", ">other").replace("ACA", "ATA"))
    write_meme(folder / "m.meme", [one.motif for one in planted])
    write_meme(folder / "n.meme", [motif_from_word(word) for word in ("TGACTCA", "GGGCGGGG")])
    (folder / "names.txt").write_text("TGACTCAG\n")
    (folder / "bg.txt").write_text("A 0.3\nC 0.2\nG 0.2\nT 0.3\n")


def state(folder: Path) -> dict[str, str]:
    """All files, by their content."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }
