"""Windows that overlap: are p-values what they say where one place is seen several times?

``MOTIFNET_DATA=... python -m tests.benchmarks.places``; ``--only train`` measures a part of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from motifnet.config.train import SplitOptions, TrainConfig
from motifnet.datasets.compose import compose
from motifnet.datasets.contrast import contrast
from motifnet.datasets.controls import ControlMaker, GenomeControls, GivenControls, Request
from motifnet.discovery.discover import discover
from motifnet.io import read_motifs
from motifnet.io.genome import Genome
from motifnet.scanning.best_sites import Scorer
from motifnet.scanning.enriched import Enriched, rank_by_enrichment
from motifnet.scanning.spaced import spacings
from motifnet.strand import Strand
from motifnet.symbols import Interval, Sequences
from motifnet.symbols.background import Background
from tests.benchmarks import sets
from tests.benchmarks.benchmark import Benchmark, Case, Context, Row, command_line
from tests.benchmarks.markdown import table

_SHAPES = ((300, 1), (150, 2), (60, 5))  # places, and windows of each
_WINDOW, _SHIFT = 200, 40
_N_SETS, _N_MOTIFS = 60, 50
_N_TRAINED, _TRAINED_SHAPE = 20, (60, 5)
_FEWEST_SITES = 20  # so that a test has enough different p-values to be uniform
_CONTROLS = {"genome": "drawn from the genome", "given": "given, without coordinates, as targets are"}
_TESTS = ("threshold", "ranks", "centre", "centre against controls", "spacing")
_LIMITS = (0.05, 0.01)
_PREFACE = f"""
Targets are {_WINDOW} bases of the genome of yeast around places drawn at random, of which each gives one
window or several, {_SHIFT} bases apart. Controls are windows of the genome that match them, or such windows
of other places in a file without coordinates. There is nothing to find, so a share of x of all p-values is
to be at most x. They are taken over {_N_SETS} sets and {_N_MOTIFS} motifs of JASPAR. *Places* is what
`motifnet enrich` does; for *windows* each window counts as a target of its own. Tests of sites are counted
where there are {_FEWEST_SITES} or more; that of spacings is corrected by Bonferroni, so that its share may
be smaller.

In the same way `motifnet train` learns from {_N_TRAINED} sets of {_TRAINED_SHAPE[0]} places with
{_TRAINED_SHAPE[1]} windows, and its motifs are judged by places, or by windows.

The rows were measured when the shortest window of each place was counted. Since one is drawn by chance,
60 x 5 was measured again in `motifnet enrich`, with as many sets: of p-values by places, 0.042 to 0.057 are
at most 0.05 and 0.000 to 0.013 at most 0.01, without those of spacings; the smallest E is at most 0.05 in
0.083 of the sets with controls drawn from the genome and in 0.017 with those that are given.
"""


def cases() -> Iterator[Case]:
    """Known motifs, by controls and by the windows of a place; then discovery."""
    for controls in _CONTROLS:
        for shape in _SHAPES:
            yield Case(
                f"enrich/{controls}/{shape[0]} x {shape[1]}",
                lambda context, controls=controls, shape=shape: _known_motifs(context, controls, *shape),
            )
    for seed in range(_N_TRAINED):
        yield Case(f"train/{seed}", lambda context, seed=seed: _learnt_motifs(context, seed))


def _genome(context: Context) -> Genome:
    import gzip

    path = context.scratch / "genome.fa"
    path.write_bytes(gzip.decompress((sets.data() / "yeast/sacCer3.fa.gz").read_bytes()))
    return Genome(path)


def _windows(genome: Genome, n_places: int, n_windows: int, rng: np.random.Generator) -> Sequences:
    """Windows around places that lie far apart."""
    chroms = [chrom for chrom, length in genome.contigs.items() if length > 200_000]
    spread = _WINDOW + _SHIFT * n_windows
    places = [(c, start) for c in chroms for start in range(spread, genome.contigs[c] - spread, 2 * spread)]
    chosen = rng.choice(len(places), n_places, replace=False)
    return genome.fetch(
        [
            Interval(chrom, start + _SHIFT * k, start + _SHIFT * k + _WINDOW)
            for chrom, start in (places[i] for i in chosen)
            for k in range(n_windows)
        ]
    )


def _drawn(
    genome: Genome, controls: str, n_places: int, n_windows: int, seed: int
) -> tuple[Sequences, ControlMaker]:
    rng = np.random.default_rng(seed)
    if controls == "genome":
        return _windows(genome, n_places, n_windows, rng), GenomeControls(genome)
    both = replace(_windows(genome, 4 * n_places, n_windows, rng), intervals=None)
    is_target = np.arange(len(both)) < n_places * n_windows
    return both.select(is_target), GivenControls(both.select(~is_target))


def _known_motifs(context: Context, controls: str, n_places: int, n_windows: int) -> Row:
    motifs = read_motifs(sets.data() / "motifdb/JASPAR2022_vertebrates.pfm.gz")
    motifs = motifs[:: len(motifs) // _N_MOTIFS][:_N_MOTIFS]
    found: dict[str, list[float]] = {f"{way} {test}": [] for way in ("windows", "places") for test in _TESTS}
    smallest: dict[str, list[float]] = {"windows": [], "places": []}
    with _genome(context) as genome:
        for seed in range(_N_SETS):
            targets, maker = _drawn(genome, controls, n_places, n_windows, seed)
            made = contrast(targets, maker, seed=seed)
            request = Request(
                SplitOptions(), np.ones(len(targets), np.int64), targets.intervals or (), 1, True, seed
            )
            ways = {
                "windows": (maker.join(targets, request).sequences, len(targets)),
                "places": (made.sequences, made.n_targets),
            }
            for way, (sequences, n_targets) in ways.items():
                ranked = _tested(motifs, sequences, n_targets, way, found)
                smallest[way].append(10 ** min(one.log10_e for one in ranked))
    row: Row = {
        f"{name} {limit}": float(np.mean(np.array(p) <= limit))
        for name, p in found.items()
        for limit in _LIMITS
    }
    row |= {f"{way} sets": float(np.mean(np.array(e) <= _LIMITS[0])) for way, e in smallest.items()}
    return {**row, "n": len(found["places ranks"])}


def _tested(
    motifs: Sequence, sequences: Sequences, n_targets: int, way: str, found: dict[str, list[float]]
) -> list[Enriched]:
    """The tests of all motifs, their p-values kept by test."""
    is_target = np.arange(len(sequences)) < n_targets
    scorer = Scorer(motifs, Background.fit(sequences), strand=Strand.BOTH)
    ranked = rank_by_enrichment(scorer, sequences, is_target)
    for one in ranked:
        counts, central = one.enrichment, one.central
        found[f"{way} ranks"].append(10**one.ranks.log10_p)
        if counts.target_hits + counts.control_hits >= _FEWEST_SITES:
            found[f"{way} threshold"].append(10**counts.log10_p)
        if min(central.n_sites, central.n_control_sites) >= _FEWEST_SITES:
            found[f"{way} centre"].append(10**central.log10_p)
            found[f"{way} centre against controls"].append(10**central.control_log10_p)
    primary = max(ranked, key=lambda one: one.enrichment.target_hits)
    spaced = spacings(scorer, primary, ranked, sequences.select(is_target), max_gap=60)
    found[f"{way} spacing"] += [10**one.best.log10_p for one in spaced]
    return ranked


def _learnt_motifs(context: Context, seed: int) -> Row:
    config = TrainConfig()
    config = config.model_copy(
        update={"training": config.training.model_copy(update={"seed": seed, "device": "cpu"})}
    )
    with _genome(context) as genome:
        targets, maker = _drawn(genome, "genome", *_TRAINED_SHAPE, seed)
        composed = compose({"a": targets}, maker, config.split, min_length=24, seed=seed)
    row: Row = {}
    every = replace(composed.dataset, counted=np.ones_like(composed.dataset.counted))
    for way, dataset in (("windows", every), ("places", composed.dataset)):
        found = discover(dataset, composed.summary.background, config)
        row[f"{way} motifs"] = len(found.motifs)
        row[f"{way} smallest E"] = min((one.e_value for one in found.motifs), default=None)
    return row


def tables(rows: Sequence[Row]) -> str:
    """Shares of small p-values by windows and by places; runs of discovery with a small E-value."""
    done = {row["case"]: row for row in rows if "error" not in row}
    parts = [part for controls in _CONTROLS for part in _of_known(done, controls)]
    parts += _of_learnt([row for name, row in done.items() if name.startswith("train/")])
    return "\n\n".join(parts) or "Windows that overlap: nothing measured yet."


def _of_known(done: dict[str, Row], controls: str) -> Iterator[str]:
    shapes = {name.split("/")[2]: row for name, row in done.items() if name.startswith(f"enrich/{controls}/")}
    if not shapes:
        return
    shares = [
        {
            "places x windows": shape,
            "test": test,
            **{
                f"{way}, p at most {limit}": row[f"{way} {test} {limit}"]
                for way in ("windows", "places")
                for limit in _LIMITS
            },
        }
        for shape, row in shapes.items()
        for test in _TESTS
    ]
    yield f"Controls {_CONTROLS[controls]}:"
    yield table(shares, tuple(shares[0]))
    sets_ = [
        {
            "places x windows": shape,
            **{
                f"{way}, smallest E at most {_LIMITS[0]}": row[f"{way} sets"] for way in ("windows", "places")
            },
        }
        for shape, row in shapes.items()
    ]
    yield table(sets_, tuple(sets_[0]))


def _of_learnt(rows: Sequence[Row]) -> list[str]:
    if not rows:
        return []
    lines = [
        {
            "judged by": way,
            "runs": len(rows),
            "smallest E at most 0.05": sum(
                (row[f"{way} smallest E"] or 1) <= _LIMITS[0]
                for row in rows
                if row[f"{way} smallest E"] is not None
            ),
            "motifs": sum(row[f"{way} motifs"] for row in rows),
        }
        for way in ("windows", "places")
    ]
    return ["Motifs that `motifnet train` learns:", table(lines, tuple(lines[0]))]


PLACES = Benchmark("places", "Windows that overlap", _PREFACE, cases, tables)

if __name__ == "__main__":
    command_line(PLACES)
