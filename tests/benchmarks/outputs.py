"""Whether a change of the code leaves the outputs of runs as they were, byte by byte.

``python -m tests.benchmarks.outputs make FOLDER`` runs a command of every kind into ``FOLDER``, on the demo
of the repository and, where ``MOTIFNET_DATA`` names a folder, on real data; ``PYTHONPATH`` says which code
runs. ``... compare FOLDER FOLDER`` lists every file that differs, but for what no two runs share: times, the
place of the folder, and of ``run.json`` and ``model.pt`` what they say beside results.
"""

from __future__ import annotations

import argparse
import difflib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "data" / "demo"
REAL = Path(os.environ["MOTIFNET_DATA"]).resolve() if "MOTIFNET_DATA" in os.environ else None

_KEPT_OF_RECORD = ("command", "config")
_TIMES = re.compile(rb"\d{4}-\d\d-\d\dT[\d:+.-]+|\b\d+\.\d{1,3}(?= ?s\b)|(?<=<td>)\d+\.\d+(?=</td>)")
_MOST_LINES = 6  # of a difference that is shown
_MOST_CHARACTERS = 160


def runs() -> dict[str, str]:
    """The calls by the name of their output."""
    made = {
        "train": f"train {DEMO}/targets.fa -o OUT -q --motif-db {DEMO}/motifs.meme",
        "deep": f"train {DEMO}/targets.fa -o OUT -q --family deep --max-epochs 2",
        "scan.bed": f"scan {DEMO}/motifs.meme {DEMO}/targets.fa -o OUT -q",
        "scan.tsv": f"scan {DEMO}/motifs.meme {DEMO}/targets.fa -o OUT -q --max-q 0.1",
        "enrich": f"enrich {DEMO}/motifs.meme {DEMO}/targets.fa -o OUT -q",
        "compare.tsv": f"compare {DEMO}/motifs.meme {DEMO}/motifs.meme -o OUT --html",
        "cluster": f"cluster train {DEMO}/motifs.meme -o OUT -q",
        "decode": f"decode {DEMO}/motifs.meme {DEMO}/targets.fa -o OUT -q --refine --max-rounds 3 --bedgraph",
        "logos": f"logos {DEMO}/motifs.meme -o OUT --format svg --format png",
        "converted.jaspar": f"convert {DEMO}/motifs.meme OUT",
        "simulated": "simulate -o OUT --motif TGASTCA:0.7 --n-targets 300 --n-controls 300",
    }
    if REAL is None:
        return made
    human, yeast = REAL / "human_encode", REAL / "yeast"
    genome, sacs = human / "hg_ENm001_ENm002.fa.gz", yeast / "sacCer3.fa.gz"
    beds = yeast / "bed"
    return made | {
        "bed": f"train {beds}/Abf1.bed --genome {sacs} --window 100 -o OUT -q --max-epochs 3",
        "tasks": f"train {beds}/Cbf1.bed {beds}/Rfx1.bed {beds}/Sko1.bed --genome {sacs} "
        "--window 100 -o OUT -q --max-epochs 3",
        "model.bedgraph": f"scan --network bed {genome} -o OUT -q",
        "genome.tsv": f"scan {DEMO}/motifs.meme {genome} -o OUT -q",
        "align": f"align {REAL}/align/mito/mouse.fa {REAL}/align/mito/rat.fa -o OUT -q",
        "mito": f"align {REAL}/align/mito/MT-human.fa {REAL}/align/mito/chimp_MT.fasta -o OUT -q --circular",
        "profile": f"profile {REAL}/ecoli/crp_sites.fasta -o OUT -q",
    }


def make(folder: Path) -> None:
    """Run every command."""
    folder.mkdir(parents=True)
    for name, call in runs().items():
        arguments = call.replace("OUT", name).split()
        done = subprocess.run(
            [sys.executable, "-m", "motifnet", *arguments], cwd=folder, capture_output=True, text=True
        )
        (folder / f"{name}.said").write_text(f"{done.returncode}\n{done.stdout}\n{done.stderr}")
        print(f"{name}: {done.returncode}", flush=True)


def differences(one: Path, other: Path) -> Iterator[str]:
    """Files that are in one folder only, or whose contents differ."""
    here, there = (
        {str(path.relative_to(base)) for path in base.rglob("*") if path.is_file()} for base in (one, other)
    )
    for name in sorted(here ^ there):
        yield f"{name}: only in {one if name in here else other}"
    for name in sorted(here & there):
        before, after = (_content(base / name, base) for base in (one, other))
        if before != after:
            yield f"{name}:\n" + "\n".join(_shown(before, after))


def _content(path: Path, base: Path) -> bytes:
    if path.name == "run.json":
        record = json.loads(path.read_bytes())
        return json.dumps({name: record.get(name) for name in _KEPT_OF_RECORD}, indent=1).encode()
    if path.name == "model.pt":
        return _weights(path)
    text = path.read_bytes().replace(str(base.resolve()).encode(), b"FOLDER")
    return _TIMES.sub(b"TIME", text) if path.suffix in (".html", ".said") else text


def _weights(path: Path) -> bytes:
    import torch

    saved = torch.load(path, weights_only=True)

    state = saved["state_dict"]
    return b"\n".join(name.encode() + value.numpy().tobytes().hex().encode() for name, value in state.items())


def _shown(before: bytes, after: bytes) -> Iterator[str]:
    lines = (text.decode(errors="replace").splitlines() for text in (before, after))
    changed = [
        line for line in difflib.unified_diff(*lines, lineterm="", n=0) if line[:3] not in ("---", "+++")
    ]
    yield from (f"    {line[:_MOST_CHARACTERS]}" for line in changed[:_MOST_LINES])


def main() -> int:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["make", "compare"])
    parser.add_argument("folders", nargs="+", type=Path)
    asked = parser.parse_args()
    if asked.what == "make":
        make(asked.folders[0])
        return 0
    found = list(differences(*asked.folders))
    print("\n".join(found) or "all files are the same")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
