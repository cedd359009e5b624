"""Results as a run would give them, made up from a seed: full, empty, and of several tasks."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np

from motifnet.config.train import TrainConfig
from motifnet.datasets.compose import Composition, PartSize
from motifnet.discovery.kinds import Kind
from motifnet.discovery.results import (
    Dropped,
    FamilyMember,
    FoundMotif,
    Importance,
    Match,
    RunResult,
)
from motifnet.motifs import Motif, Sites
from motifnet.motifs.companion import Companion, Neighbour
from motifnet.stats.cooccurrence import cooccurrence
from motifnet.stats.enrichment import fisher
from motifnet.symbols import DNA, Interval, Sequences
from motifnet.ties.tested import Gain, TieTest, TieVerdict, not_applicable
from motifnet.training.targets.binary import separation
from motifnet.training.task_metrics import TaskMetrics

_BASES = {
    "A": "A", "C": "C", "G": "G", "T": "T", "M": "AC", "R": "AG", "W": "AT", "S": "CG", "Y": "CT",
    "K": "GT", "V": "ACG", "H": "ACT", "D": "AGT", "B": "CGT", "N": "ACGT",
}  # fmt: skip

CTCF = "NNCCASYAGRKGGCRSYV"
KNOWN = {
    "MA0139.2": ("CTCF", CTCF),
    "MA0099.4": ("FOS::JUN", "VTGACTCAB"),
    "MA0036.4": ("GATA2", "NWGATAASNN"),
}
_OURS = ("CCASYAGRKGGCR", "RTGACTCAY", "AGATAAVR", "GGGGCGGGGH", "TTTTTTWTTT", "CACGYGNN", "RCCGGAAGT")
_COMPLEMENT = str.maketrans("ACGTMRWSYKVHDBN", "TGCAKYWSRMBDHVN")


def motif_of(
    name: str, word: str, *, n_sites: int = 1000, noise: float = 0.08, seed: int = 0, **extra: object
) -> Motif:
    """A motif whose columns follow an IUPAC word, with a share of noise."""
    rng = np.random.default_rng(seed)
    wanted = np.array([[base in _BASES[letter] for letter in word] for base in "ACGT"], float)
    mixed = (1 - noise) * wanted / wanted.sum(0) + noise * rng.dirichlet([2.0] * 4, len(word)).T
    return Motif(name, np.round(n_sites * mixed), n_sites=n_sites, **extra)


@cache
def found_motif(
    rank: int, word: str, *, significant: bool = True, tasks: tuple[str, ...] = ("ctcf",)
) -> FoundMotif:
    """A motif with sites, enrichment and, where its rank has one, a known match."""
    rng = np.random.default_rng(rank)
    share = 0.8 / rank if significant else 0.05
    by_task = {task: _enrichment(share / (1 + shift), rng) for shift, task in enumerate(tasks)}
    enrichment = by_task[tasks[0]]
    distances = np.concatenate([rng.normal(0, 8 * rank, 700 // rank), rng.uniform(-95, 95, 60 * rank)])
    return FoundMotif(
        motif=motif_of(f"{rank}-{word}", word, seed=rank, log10_e_value=enrichment.log10_p),
        enrichment=enrichment,
        net=enrichment,
        n_tests=10,
        significant=significant,
        auroc=0.95 - 0.08 * rank,
        task=tasks[0],
        by_task=by_task,
        weight_by_task=dict.fromkeys(tasks, 2.0 / rank),
        threshold=7.31,
        filters=tuple(f"filter-{rank}{letter}" for letter in "abc"[: 1 + rank % 3]),
        sites=_sites(word, np.clip(distances, -85, 85), rng),
        matches=_matches(rank) if significant else (),
    )


@cache
def full_result(title: str = "CTCF in GM12878") -> RunResult:
    """A run with three significant motifs, two that are not, dropped filters and warnings."""
    motifs = [found_motif(i, word, significant=i <= 4) for i, word in enumerate(_OURS[:6], start=1)]
    return RunResult(
        title=title,
        data=_data(("ctcf",)),
        motifs=motifs,
        dropped=[
            Dropped("filter-7", "CCASYAGRKGG", "merged into 1-CCASYAGRKGGCR"),
            Dropped("filter-9", "", "flat: no column has 0.3 bits"),
            Dropped("filter-12", "NNNNCNNG", "no site above the threshold"),
        ],
        metrics=[_metrics("ctcf", 2.4, 0)],
        warnings=["GC content alone tells held-out targets from controls with AUROC 0.64."],
        evaluation="Scored on the held-out test part, which was touched once.",
        record=_record(),
    )


@cache
def multi_task_result() -> RunResult:
    """A run over three files that share a trunk."""
    tasks = ("gcn4", "reb1 <heat & cold>", "abf1")
    motifs = [
        found_motif(i, word, significant=i <= 3, tasks=tasks[(i - 1) % 3 :] + tasks[: (i - 1) % 3])
        for i, word in enumerate(_OURS[:4], start=1)
    ]
    metrics = [_metrics(task, 1.2 + 0.5 * i, i) for i, task in enumerate(tasks)]
    return replace(
        full_result("three yeast factors"), data=_data(tasks), motifs=motifs, metrics=metrics, warnings=[]
    )


@cache
def told_result() -> RunResult:
    """A run whose motifs have families, companions, an importance, and things that were set apart."""
    first, second, third, fourth, fifth, _ = full_result().motifs
    together = cooccurrence(160, 760, 320, 2000)
    place = Neighbour(
        4, downstream=True, same_strand=True, n_here=41, n_near=130, expected=2.1, log10_p=-33.0
    )
    companion = Companion(second.motif.name, together, place, n_pairs=3)
    variants = (("variant", "CCASYAGRKGG"), ("part", "GGGCGCYA"), ("whole", "CCASYAGRKGGCRNNNNNNCTGGAA"))
    members = [
        FamilyMember(
            motif_of(word, word, seed=i), relation, _enrichment(0.2, np.random.default_rng(i)), 0.7, ("f",)
        )
        for i, (relation, word) in enumerate(variants)
    ]
    nowhere = companion._replace(name=third.motif.name, neighbour=None)
    motifs = [
        replace(
            first, members=members, companions=[companion, nowhere], importance=Importance(0.031, -0.002)
        ),
        replace(second, extends=first.motif.name, companions=[companion.seen_from_other(first.motif.name)]),
        replace(third, companions=[nowhere.seen_from_other(first.motif.name)]),
        replace(fourth, kind=Kind.REPEAT),
        replace(fifth, kind=Kind.LOW_COMPLEXITY, significant=True),
    ]
    untold = not_applicable("strand", "ctcf", "", "12 sequences; at least 40 are needed.", n=12)
    gain = Gain(0.001, -0.002, 0.004, 1200)
    tested = TieTest(
        "position", "ctcf", "sites lie anywhere", "", "smooth test", 900, 1e-4, 40.0, None, None, gain,
        TieVerdict.REJECTED, "The place matters (p = 1.0e-4).",
    )  # fmt: skip
    return replace(full_result("families"), motifs=motifs, tie_tests=[untold, tested])


@cache
def empty_result() -> RunResult:
    """A run that found no significant motif, and tried two."""
    motifs = [found_motif(i, word, significant=False) for i, word in enumerate(_OURS[4:6], start=1)]
    return replace(full_result("shuffled"), motifs=motifs, metrics=[_metrics("ctcf", 0.02, 0)])


@cache
def bare_result() -> RunResult:
    """The least that a result can hold: no motif, no filter, no metrics, no record, no sequence left."""
    nothing = np.zeros(0)
    data = Composition(
        ("x",), {"x": 0}, {}, 0, "none", "none", (), nothing, nothing, nothing, nothing, np.full(4, 0.25)
    )
    return RunResult("bare", data, (), (), (), (), "Nothing was evaluated.")


@cache
def crowded_result(n_motifs: int = 20) -> RunResult:
    """As many motifs as a report is expected to hold."""
    words = [word + "NW"[i % 2] * (1 + i % 5) for i, word in enumerate(_OURS * 3)][:n_motifs]
    return replace(full_result(), motifs=[found_motif(1 + i % 4, word) for i, word in enumerate(words)])


RESULTS = {
    "full": full_result,
    "empty": empty_result,
    "multi-task": multi_task_result,
    "bare": bare_result,
    "told": told_result,
    "crowded": crowded_result,
}


def _enrichment(share: float, rng: np.random.Generator) -> object:
    return fisher(rng.binomial(2000, share), 2000, rng.binomial(4000, 0.05), 4000)


def _sites(word: str, distances: np.ndarray, rng: np.random.Generator) -> Sites:
    """A site of the word in each of many sequences, on either strand, at a distance from the centre."""
    n, width, index = len(distances), len(word), np.arange(len(distances))
    columns = [rng.choice([DNA.letters.index(base) for base in _BASES[letter]], n) for letter in word]
    text, reverse = np.stack(columns, 1), index % 2 == 1
    start = (100 + distances - width / 2).astype(int)
    codes = rng.integers(0, 4, (n, 200), np.uint8)
    text[reverse] = DNA.complement(text[reverse, ::-1])
    codes[index[:, None], start[:, None] + np.arange(width)] = text
    names = [f"peak_{i}" for i in index]
    peaks = [Interval("chr1", 1000 * (i + 1), 1000 * (i + 1) + 200) for i in index]
    sequences = Sequences.from_codes(codes, names, peaks)
    return Sites(sequences, width, index, start, reverse, 18 - 0.01 * index)


def _matches(rank: int) -> tuple[Match, ...]:
    names = list(KNOWN)
    if rank > len(names):
        return ()
    order = names[rank - 1 :] + names[: rank - 1]
    return tuple(_match(name, i, reverse=(rank + i) % 2 == 0) for i, name in enumerate(order))


def _match(name: str, place: int, *, reverse: bool) -> Match:
    protein, word = KNOWN[name]
    stored = word.translate(_COMPLEMENT)[::-1] if reverse else word
    known = motif_of(name, stored, seed=90 + place, alt_name=protein)
    p_value = 10.0 ** (-12 + 5 * place)
    return Match(
        known,
        "JASPAR2026 CORE vertebrates",
        p_value,
        30 * p_value,
        800 * p_value,
        (-2, 0, -1)[place],
        8,
        reverse,
    )


def _data(tasks: tuple[str, ...]) -> Composition:
    rng = np.random.default_rng(5)
    return Composition(
        tasks=tasks,
        targets_by_task={task: 10_000 - 1200 * i for i, task in enumerate(tasks)},
        removed={"duplicate": 31, "reverse-complement duplicate": 4, "off the contig": 2},
        n_controls=20_000,
        control_source="Genomic windows matched in GC content, length and repeats, which overlap no peak.",
        split_method="Whole chromosomes, chosen so that the parts have the wanted sizes.",
        parts=(
            PartSize("train", 7012, 14_030, tuple(f"chr{i}" for i in (*range(1, 8), *range(10, 20)))),
            PartSize("validation", 988, 1980, ("chr8", "chr20")),
            PartSize("test", 2000, 4000, ("chr9", "chr21", "chr22", "chrX")),
        ),
        target_gc=np.clip(rng.normal(0.55, 0.09, 3000), 0, 1),
        control_gc=np.clip(rng.normal(0.50, 0.08, 3000), 0, 1),
        target_lengths=np.full(3000, 200),
        control_lengths=np.full(3000, 200) + (rng.integers(-60, 60, 3000) if len(tasks) > 1 else 0),
        background=np.array([0.28, 0.22, 0.22, 0.28]),
    )


def _metrics(task: str, separated: float, seed: int) -> TaskMetrics:
    rng = np.random.default_rng(seed)
    targets, controls = rng.normal(separated, 1, 500), rng.normal(0, 1, 1000)
    return separation(
        task,
        targets,
        controls,
        log_odds=(targets, controls),
        gc_auroc=0.64 - 0.06 * seed,
        length_auroc=0.5,
        composition_auroc=0.66,
    )


def _record() -> dict[str, object]:
    config = TrainConfig().model_dump(mode="json")
    config["discovery"]["n_motifs"] = 15
    return {
        "command": "motifnet train peaks.narrowPeak --genome hg38.fa --n-motifs 15 -o runs/ctcf",
        "config": config,
        "seed": 0,
        "device": "cpu, 4 threads",
        "versions": {"motifnet": "0.1.0", "python": "3.11.9", "torch": "2.13.0", "numpy": "2.4.6"},
        "inputs": {
            "targets": [{"path": "peaks.narrowPeak", "bytes": 1200, "sha256": "9f2b6c"}],
            "genome": [{"path": "hg38.fa", "bytes": 3100}],
        },
        "seconds": {"reading": 3.1, "controls": 6.4, "training": 48.9, "discovery": 11.2, "annotation": 1.3},
    }
