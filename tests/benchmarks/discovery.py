"""Discovery on real data: does the main job find the motif that is known to be there?

``MOTIFNET_DATA=... python -m tests.benchmarks.discovery [tf|yeast|human|nulls ...]`` runs ``motifnet train``
with its defaults on every set, each in a process of its own, and prints and keeps a table.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

# The family that each set is known to hold, as a pattern of names of known motifs. Empty: nothing
# is expected. "trap" sets hold another motif than their label says; the pattern names the real one.
TF_SETS = {
    "ABF2_Arabidopsis_DAP": r"ABF|ABI5|AREB|BZIP|GBF|HY5|bHLH|PIF|TGA",
    "CRP_small_MEME": r"crp",
    "CTCFL_K562_ENCODE": r"CTCF",
    "CTCF_GM12878_gimme": r"CTCF",
    "CTCF_StarkDemo": r"CTCF",
    "DREAM5_TF31_mouse_chip": r"ZFX|Zfx|ZNF711",
    "DREAM5_TF44_mouse_chip": r"GATA|Gata",
    "EP300_heart_RSAT": r"",
    "FOXA1_HepG2_ENCODE": r"FOX|Fox",
    "GATA1_K562_YAMDA": r"GATA|Gata",
    "GCN4_small_MEME": r"GCN4|JUN|Jun|FOS|Fos|ATF|BATF|BACH|CAD1|YAP|AP1|MAF|NFE2|Bach|Nfe2",
    "HNF4A_HepG2_YAMDA": r"HNF4|NR2|RXR|Rxr|Hnf4",
    "KLF1_MEME": r"KLF|Klf|SP\d|Sp\d|EKLF",
    "LEXA_small_MEME": r"lexA",
    "MYC_H1-hESC_ENCODE": (
        r"MYC|Myc|MAX|Max|USF|BHLH|ARNT|Arnt|HEY|MXI|MLX|Mlx|TFE|PIF|CLOCK|Hes|HES|MNT|SREBF|"
        r"bHLH"
    ),
    "NANOG_H1_gkmexplain": r"POU|Pou|SOX|Sox|NANOG|Nanog|OCT|ZIC|Zic",
    "NFE2_GM12878_lsgkm": r"TFE|USF|MITF|BHLH|SREBF|MAX|MYC|bHLH|Arnt|MLX|Mlx|ATF|CREB|FOS|JUN",
    "POU5F1_hESC_motifcounter": r"POU|Pou|SOX|Sox|OCT",
    "REST_GM12878_ENCODE": r"REST",
    "REST_HeLaS3_YAMDA": r"REST",
    "SPI1_StarkDemo": r"SPI|ETS|ELF|Spi|Elf|ETV|GABP|IKZF",
    "SRF_H1-hESC_ENCODE": r"SRF|MEF2|AGL",
    "SUZ12_H1-hESC_ENCODE": r"",
    "TAF1_H1-hESC_ENCODE": r"YY1|YY2|ZFP42",
    "TBP_H1-hESC_ENCODE": r"",
    "TCF12_H1-hESC_ENCODE": (
        r"TCF|Tcf|ASCL|Ascl|MYOD|MYF|Myo|NEUROD|Neurod|NHLH|PTF1A|TFAP4|FIGLA|ID|MSC|BHLH|SNAI|"
        r"ZEB|TWIST|Atoh|ATOH|NEUROG|OLIG|MESP|LYL|TAL"
    ),
    "TP73_gimme": r"TP\d\d|Trp",
    "USF1_HepG2_ENCODE": r"USF|TFE|BHLH|MITF|SREBF|MAX|MYC|bHLH|Arnt|MLX|Mlx",
    "USF2_H1-hESC_ENCODE": r"USF|TFE|BHLH|MITF|SREBF|MAX|MYC|bHLH|Arnt|MLX|Mlx",
    "ZNF143_H1-hESC_ENCODE": r"ZNF143|Thap11|THAP11|Znf143",
}
PASS = [
    "CTCF_StarkDemo",
    "CTCF_GM12878_gimme",
    "CTCFL_K562_ENCODE",
    "ZNF143_H1-hESC_ENCODE",
    "USF1_HepG2_ENCODE",
    "USF2_H1-hESC_ENCODE",
    "REST_HeLaS3_YAMDA",
    "REST_GM12878_ENCODE",
    "POU5F1_hESC_motifcounter",
    "FOXA1_HepG2_ENCODE",
    "HNF4A_HepG2_YAMDA",
    "MYC_H1-hESC_ENCODE",
    "SRF_H1-hESC_ENCODE",
    "TCF12_H1-hESC_ENCODE",
    "TP73_gimme",
    "GATA1_K562_YAMDA",
    "SPI1_StarkDemo",
    "KLF1_MEME",
    "ABF2_Arabidopsis_DAP",
]
TRAPS = ("NFE2_GM12878_lsgkm", "TAF1_H1-hESC_ENCODE")
# JASPAR matrices of the yeast factors where the name of the protein does not stand in them.
YEAST_RELATIVES = {
    "Fkh1": "FKH",
    "Fkh2": "FKH",
    "Cad1": "CAD1|YAP|CIN5",
    "Yap7": "YAP|CIN5|CAD1",
    "Cin5": "CIN5|YAP|CAD1|SKO1",
    "Ino2": "INO",
    "Ino4": "INO",
    "Rcs1": "RCS1|AFT",
    "Aft2": "AFT|RCS1",
    "Hap3": "HAP",
    "Spt15": "SPT15|TBP",
    "Phd1": "PHD1|SOK2|ASH1",
    "Sok2": "SOK2|PHD1|ASH1",
    "Sko1": "SKO1|CST6|ACA1|ATF",
    "Cbf1": "CBF1|TYE7|PHO4",
    "Gcn4": "GCN4|ARR1|BAS1|YAP",
}
HUMAN = {
    "CTCF.K562": "CTCF",
    "CEBPB.HeLa-S3": "CEBP|Cebp|DBP|HLF|TEF|NFIL3|ATF4|CREB|BATF",
    "MAX.K562": "MAX|MYC|USF|BHLH|ARNT|Arnt|MLX|MNT|TFE|HEY|CLOCK|HES|SREBF|bHLH",
    "FOXA1.HepG2": "FOX|Fox",
    "JUND.K562": "JUN|FOS|ATF|BATF|BACH|NFE2|MAF|CREB|Jun|Fos|Bach|Nfe2",
    "MAFK.HepG2": "MAF|BACH|NFE2|Bach|Maf|Nfe2|JUN|FOS",
    "SPI1.GM12878": "SPI|ETS|ELF|ETV|Spi|IKZF|GABP|EHF|Ehf",
}


class Case(NamedTuple):
    """A data set and how to run on it."""

    name: str
    arguments: tuple[str, ...]
    expected: str
    counts: bool


def cases(data: Path, group: str, scratch: Path) -> Iterator[Case]:
    """The data sets of a group."""
    database = ("--motif-db", str(data / "motifdb/JASPAR2022.pfm.gz"))
    if group == "tf":
        bacteria = ("--motif-db", str(data / "motifdb/dpinteract.meme.gz"))
        for name, expected in TF_SETS.items():
            control = data / f"tf_neg/{name}.neg.fa.gz"
            given = ("--control", str(control)) if control.exists() else ()
            known = bacteria if name.startswith(("CRP", "LEXA")) else database
            yield Case(
                name,
                (str(data / f"tf/{name}.fa.gz"), *given, *known),
                expected,
                name in PASS or name in TRAPS,
            )
    elif group == "yeast":
        genome = ("--genome", str(data / "yeast/sacCer3.fa.gz"), "--window", "100")
        known = ("--motif-db", str(data / "motifdb/JASPAR2022_fungi.pfm.gz"))
        for path in sorted((data / "yeast/bed").glob("*.bed")):
            protein = path.stem.split("_")[0]
            expected = YEAST_RELATIVES.get(protein, protein.upper())
            yield Case(f"yeast {protein}", (str(path), *genome, *known), expected, counts=True)
        for path in sorted((data / "yeast/bed_no_motif_controls").glob("*.bed")):
            yield Case(
                f"yeast control {path.stem.split('_')[0]}", (str(path), *genome, *known), "", counts=True
            )
    elif group == "human":
        genome = ("--genome", str(data / "human_encode/hg_ENm001_ENm002.fa.gz"))
        for path in sorted((data / "human_encode/bed").glob("*.narrowPeak*")):
            name = path.name.split(".narrowPeak")[0]
            yield Case(f"human {name}", (str(path), *genome, *database), HUMAN.get(name, ""), name in HUMAN)
    elif group == "nulls":
        yield from nulls(data, scratch)


def nulls(data: Path, scratch: Path) -> Iterator[Case]:
    """Ten sets of shuffles against other shuffles, ten of random windows against matched windows."""
    import numpy as np

    from motifnet.datasets.shuffle import shuffle
    from motifnet.io import Peak, read_fasta, write_bed, write_fasta
    from motifnet.io.genome import Genome
    from motifnet.symbols import Interval

    names = ["CTCF_GM12878_gimme", "GATA1_K562_YAMDA", "KLF1_MEME", "TP73_gimme", "MYC_H1-hESC_ENCODE"]
    for i in range(10):
        real = read_fasta(data / f"tf/{names[i % 5]}.fa.gz")
        target, control = scratch / f"null{i}.fa", scratch / f"null{i}.control.fa"
        write_fasta(target, shuffle(real, 2, 100 + i))
        write_fasta(control, shuffle(real, 2, 200 + i))
        yield Case(
            f"null shuffles {i} ({names[i % 5]})", (str(target), "--control", str(control)), "", counts=True
        )
    path = data / "yeast/sacCer3.fa.gz"
    with Genome(path) as genome:
        contigs = [(name, length) for name, length in genome.contigs.items() if length > 100_000]
    for i in range(10):
        rng = np.random.default_rng(i)
        bed = scratch / f"random{i}.bed"
        drawn = [contigs[k] for k in rng.integers(len(contigs), size=200 * (1 + i))]
        starts = [int(rng.integers(500, length - 500)) for _, length in drawn]
        write_bed(bed, [Peak(Interval(name, s, s + 1)) for (name, _), s in zip(drawn, starts, strict=True)])
        yield Case(
            f"null windows {i} (n={200 * (1 + i)})", (str(bed), "--genome", str(path)), "", counts=True
        )


def run(case: Case, scratch: Path, extra: tuple[str, ...]) -> dict[str, object]:
    """Train on a data set in a process of its own and collect what it says."""
    folder = scratch / re.sub(r"\W+", "_", case.name)
    command = [
        sys.executable,
        "-m",
        "motifnet",
        "train",
        *case.arguments,
        "-o",
        str(folder),
        "--overwrite",
        "-q",
        *extra,
    ]
    began = time.perf_counter()
    with open(scratch / "stderr", "w+") as stderr:
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=stderr)
        _, status, usage = os.wait4(child.pid, 0)  # the usage of this child alone
        child.returncode = os.waitstatus_to_exitcode(status)
        stderr.seek(0)
        said = stderr.read()
    row: dict[str, object] = {
        "set": case.name,
        "seconds": round(time.perf_counter() - began, 1),
        "cpu_seconds": round(usage.ru_utime + usage.ru_stime, 1),
        "peak_mb": round(usage.ru_maxrss / 1024),
    }
    if child.returncode:
        return {**row, "error": said.strip().splitlines()[-1]}
    return {**row, **judged(folder, case)}


def judged(folder: Path, case: Case) -> dict[str, object]:
    """Rank of the expected family and figures of the top motif."""
    with (folder / "motifs.tsv").open() as handle:
        motifs = list(csv.DictReader(handle, delimiter="\t"))
    with (folder / "matches.tsv").open() as handle:
        matches = list(csv.DictReader(handle, delimiter="\t"))
    metrics = json.loads((folder / "metrics.json").read_text())
    significant = [row for row in motifs if row["significant"] == "yes"]
    top = significant[0] if significant else None
    names = {
        row["ID"]: [
            f"{m['Target_ID']} {m['target_name']}"
            for m in matches
            if m["Query_ID"] == row["ID"] and float(m["q-value"]) < 0.05
        ]
        for row in motifs
    }
    rank = next(
        (
            i
            for i, row in enumerate(significant, 1)
            if case.expected and any(re.search(case.expected, name) for name in names[row["ID"]])
        ),
        None,
    )
    return {
        "n_significant": len(significant),
        "top": top["ID"].split("-", 1)[1] if top else "",
        "top_match": (top["SIM_MOTIF"] if top else ""),
        "rank": rank,
        "expected": case.expected,
        "counts": case.counts,
        "model_auroc": metrics["tasks"][0]["auroc"],
        "motif_auroc": float(top["auroc"]) if top else None,
        "log10_p": float(top["log10_p_value"]) if top else None,
    }


def markdown(rows: list[dict[str, object]]) -> str:
    """The table."""
    columns = (
        "set",
        "n_significant",
        "top",
        "top_match",
        "rank",
        "model_auroc",
        "motif_auroc",
        "log10_p",
        "seconds",
        "cpu_seconds",
        "peak_mb",
    )
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    for row in rows:
        lines.append(
            "| " + " | ".join(shown(row.get(column, row.get("error", ""))) for column in columns) + " |"
        )
    return "\n".join(lines)


def shown(value: object) -> str:
    """A cell."""
    if value is None or value == "":
        return "–"
    return f"{value:.3f}" if isinstance(value, float) and abs(value) < 1 else str(value)


def main() -> None:
    """Run the groups asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("groups", nargs="*", default=["tf", "yeast", "human", "nulls"])
    parser.add_argument("--only", default="", help="pattern of set names")
    parser.add_argument("--json", type=Path, help="keep the rows here")
    parser.add_argument(
        "--render", type=Path, nargs="+", help="make a page of rows kept before, and run nothing"
    )
    parser.add_argument("--extra", default="", help="more options for motifnet train")
    options = parser.parse_args()
    if options.render:
        print(page([row for path in options.render for row in json.loads(path.read_text())]))
        return
    data = Path(os.environ["MOTIFNET_DATA"])
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        for group in options.groups:
            for case in cases(data, group, Path(scratch)):
                if re.search(options.only, case.name):
                    rows.append({"group": group, **run(case, Path(scratch), tuple(options.extra.split()))})
                    print(markdown(rows[-1:]).splitlines()[-1], flush=True)
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1) + "\n")
    print(totals(rows))


# CPU seconds of STREME 5.5.8 (`--dna`, otherwise defaults) on the same sets, taken earlier on one busy core.
STREME_CPU_SECONDS = {
    "MYC_H1-hESC_ENCODE": 128.7,
    "SRF_H1-hESC_ENCODE": 155.2,
    "REST_GM12878_ENCODE": 150.4,
    "GATA1_K562_YAMDA": 40.8,
    "USF2_H1-hESC_ENCODE": 253.2,
    "POU5F1_hESC_motifcounter": 270.3,
    "TP73_gimme": 31.7,
    "CTCF_GM12878_gimme": 5.4,
    "KLF1_MEME": 30.6,
    "TCF12_H1-hESC_ENCODE": 244.9,
    "CTCFL_K562_ENCODE": 216.6,
    "SUZ12_H1-hESC_ENCODE": 77.2,
}
_STREME = """## Time beside STREME

STREME 5.5.8 (`--dna`, otherwise with its defaults) on the same sets, taken earlier on one busy core: an
order of magnitude, not a race. Its time is that of the search alone; ours holds the whole job, a network
and a report included, and a search that is repeated for every fold on the small sets.

| set | motifnet, CPU s | STREME, CPU s |
|---|---|---|
"""
_SCALE = """## One million sequences

    motifnet simulate -o million -m WGATAAGR:0.3 -n 1000000 --seed 5
    motifnet train million/targets.fa -o runs/million

One million targets of 200 bases and as many shuffled controls: 1.79 GB peak resident memory and 189 s
wall time with 2 threads on a shared machine; the planted motif is found, and nothing else is significant.
"""
_HEADINGS = {
    "tf": "Sequence sets of transcription factors, against shuffles (or the set's own controls)",
    "yeast": "Yeast ChIP-exo, BED and genome, against matched windows",
    "human": "Human ChIP-seq, narrowPeak and a piece of genome, against matched windows",
    "nulls": "Nothing to find: shuffles against shuffles, random windows against matched windows",
}
_PREFACE = """# Benchmarks of discovery

Made by `python -m tests.benchmarks.discovery` with the default settings and one thread, each set in a process
of its own. The sets lie in the folder that `MOTIFNET_DATA` names and are not part of the project. `rank` is
the rank of the first significant motif whose best known matches (Tomtom, q < 0.05) belong to the expected
family; `model_auroc` and `motif_auroc` are held-out, of the network and of the top motif alone; `log10_p` is
the top motif's on sequences that did not shape it. Seconds were taken on a shared machine: read
`cpu_seconds`, which include the start of Python, reading, the report and all. `peak_mb` is the largest
resident set.
"""


def page(rows: list[dict[str, object]]) -> str:
    """The page of results for the docs."""
    parts = [_PREFACE]
    for group, heading in _HEADINGS.items():
        own = [row for row in rows if row["group"] == group]
        if own:
            parts.append(f"## {heading}\n\n{markdown(own)}\n\nIn short: {totals(own)}.\n")
    return "\n".join([*parts, beside_streme(rows), _SCALE]).rstrip()


def beside_streme(rows: list[dict[str, object]]) -> str:
    """CPU seconds of both tools where both are known."""
    times = [(row["set"], row["cpu_seconds"]) for row in rows if row["set"] in STREME_CPU_SECONDS]
    lines = [f"| {name} | {ours} | {STREME_CPU_SECONDS[name]} |" for name, ours in times]
    return _STREME + "\n".join(lines) + "\n"


def totals(rows: list[dict[str, object]]) -> str:
    """How often the expected family is on top, and how often nothing is found where nothing is."""
    wanted = [row for row in rows if row.get("counts") and row.get("expected")]
    silent = [row for row in rows if row.get("counts") and not row.get("expected")]
    on_top = sum(row.get("rank") == 1 for row in wanted)
    nothing = sum(row.get("n_significant") == 0 for row in silent)
    said = [f"expected family on top in {on_top} of {len(wanted)} sets"] if wanted else []
    if silent:
        said.append(f"nothing significant in {nothing} of {len(silent)} sets where nothing is expected")
    return "; ".join(said)


if __name__ == "__main__":
    main()
