"""Sites of known motifs: decoded with posterior probabilities, beside a plain scan, judged by known sites.

``MOTIFNET_DATA=... python -m tests.benchmarks.decode``; ``--only regulatory`` measures a part of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from motifnet.config.decode import DecodingOptions
from motifnet.hmm.known_sites import Taught, taught
from motifnet.hmm.motif_hmm import Decoding, MotifHMM, refine
from motifnet.hmm.site_clusters import ClusterHMM
from motifnet.io import read_fasta
from motifnet.io.bed import read_bed
from motifnet.motifs import Motif
from motifnet.scanning import Scanner
from motifnet.symbols import DNA, Interval, Sequences
from motifnet.symbols.background import Background
from tests.benchmarks import sets
from tests.benchmarks.benchmark import Benchmark, Case, Row, command_line
from tests.benchmarks.markdown import table

_WHERE = {"regulatory": "Regulatory regions", "genome": "The whole genome"}
_FEWEST = 15  # known sites of one width, of a regulator that is judged
_N_PARTS = 4
_REACH = 200  # bases of a regulatory region on either side of a known site of any regulator
_MARGIN = 5  # bases by which a known site may be misplaced, when a matrix is made
_LEAST_POSTERIOR, _LARGEST_P = 1e-4, {"regulatory": 1e-2, "genome": 1e-3}
_EDGES = (0.01, 0.05, 0.2, 0.5, 0.8, 0.95, 1.0)
_PREFACE = f"""
E. coli and all regulators that have {_FEWEST} known sites or more in RegulonDB. The genome is cut into
{_N_PARTS} parts; the matrix for one of them is made of the sites in the others, each with {_MARGIN} bases on
either side, by Baum-Welch with one site a sequence, since many are told some bases off. Nothing that is
judged has shaped what it is judged with. Regulatory regions are {_REACH} bases on either side of a known site
of any regulator. A place is right if its start is within a quarter of the width of that of a known site,
which counts once. *Top* is how many of the first n places are right, where n sites are known, summed over the
parts; *AP* is the average precision. A scan ranks by p-value, decode by posterior probability; strands are
not told apart. RegulonDB knows a part of the sites there are, so that what is called right is too small for
all alike.

*decode* and *clusters* are `--sites any` and `--sites clusters` with the other defaults, among them a rate
that is learnt; *taught* are the same with `--known-sites`, those of the other parts. The share of sites that
are followed, the largest step and what is supposed of the sharpness of a motif were chosen on these
regulators. In the whole genome clusters are not taught here, since that takes minutes for a regulator.
"""


class Known(NamedTuple):
    """The known sites of a regulator: the most frequent width, and their starts and strands, in order."""

    width: int
    starts: np.ndarray
    reverse: np.ndarray


class Fold(NamedTuple):
    """A part of the genome, and what is known of a regulator outside of it.

    Attributes
    ----------
    motif : Motif
        Made of the sites in the other parts.
    sequences : Sequences
        Those of the part.
    others : Sequences
        Those of the other parts.
    known : sequence of Interval
        Known sites in these.
    largest_p : float
        Of what a scan tells.
    """

    motif: Motif
    sequences: Sequences
    others: Sequences
    known: Sequence[Interval]
    largest_p: float


class Ranked(NamedTuple):
    """Places in the genome, and how good they are; the larger, the better."""

    starts: np.ndarray
    scores: np.ndarray


def cases() -> Iterator[Case]:
    """Each regulator, in regulatory regions and in the whole genome."""
    for where in _WHERE:
        for name in _regulators():
            yield Case(f"{where}/{name}", lambda context, where=where, name=name: _measure(where, name))


@cache
def _genome() -> Sequences:
    return read_fasta(sets.data() / "ecoli/NC_000913.2.fa.gz")


@cache
def _all_sites() -> Mapping[str, list[Interval]]:
    """Known sites by regulator."""
    found: dict[str, list[Interval]] = {}
    for peak in read_bed(sets.data() / "ecoli/regulondb_sites.bed"):
        found.setdefault(peak.name, []).append(peak.interval)
    return found


@cache
def _known(name: str) -> Known:
    intervals = _all_sites()[name]
    width = Counter(one.end - one.start for one in intervals).most_common(1)[0][0]
    by_start = {one.start: one.strand == "-" for one in intervals if one.end - one.start == width}
    starts = sorted(by_start)
    return Known(width, np.array(starts), np.array([by_start[start] for start in starts]))


def _regulators() -> list[str]:
    """Those with enough sites, the largest first."""
    n_sites = {name: len(_known(name).starts) for name in _all_sites()}
    return [name for name, n in sorted(n_sites.items(), key=lambda pair: (-pair[1], pair[0])) if n >= _FEWEST]


@cache
def _regions() -> list[tuple[int, int]]:
    """Stretches around all known sites."""
    regions: list[tuple[int, int]] = []
    length = len(_genome().codes)
    for one in sorted((one for sites in _all_sites().values() for one in sites), key=lambda one: one.start):
        start, end = max(one.start - _REACH, 0), min(one.end + _REACH, length)
        if regions and start <= regions[-1][1]:
            regions[-1] = regions[-1][0], max(end, regions[-1][1])
        else:
            regions.append((start, end))
    return regions


def _pieces(where: str, part: int) -> Sequences:
    """The sequences of a part of the genome, which know where they lie."""
    genome = _genome()
    edges = np.linspace(0, len(genome.codes), _N_PARTS + 1).astype(int)
    low, high = int(edges[part]), int(edges[part + 1])
    stretches = [(low, high)]
    if where == "regulatory":
        cut = [(max(start, low), min(end, high)) for start, end in _regions()]
        stretches = [(start, end) for start, end in cut if end - start > _REACH]
    contig = genome.names[0]
    return Sequences.from_codes(
        [genome.codes[start:end] for start, end in stretches],
        [f"{contig}:{start}-{end}" for start, end in stretches],
        [Interval(contig, start, end, "+") for start, end in stretches],
    )


def _is_within(starts: np.ndarray, sequences: Sequences) -> np.ndarray:
    """Which starts lie in some sequences."""
    firsts, lasts = _ends(sequences)
    at = np.maximum(np.searchsorted(firsts, starts, side="right") - 1, 0)
    return (starts >= firsts[at]) & (starts < lasts[at])


def _ends(sequences: Sequences) -> tuple[np.ndarray, np.ndarray]:
    intervals = sequences.intervals or ()
    return np.array([one.start for one in intervals]), np.array([one.end for one in intervals])


def _motif(name: str, known: Known, used: np.ndarray) -> Motif:
    """The matrix of some of the known sites, put in register by Baum-Welch."""
    codes, width = _genome().codes, known.width
    texts = []
    for start, is_reverse in zip(known.starts[used].tolist(), known.reverse[used].tolist(), strict=True):
        text = codes[max(start - _MARGIN, 0) : start + width + _MARGIN]
        texts.append(DNA.reverse_complement(text) if is_reverse else text)
    sites = Sequences.from_codes(texts)
    middle = np.stack([text[_MARGIN : _MARGIN + width] for text in texts])
    counts = np.stack([(middle == base).sum(0) for base in range(4)]).astype(float)
    model = MotifHMM.from_motifs(
        [Motif(name, counts)], Background.fit(_genome(), 0), density="oops", pseudocount=0.5
    )
    return refine(model, sites).model.motifs[0]


def _scanned(fold: Fold) -> Ranked:
    scanner = Scanner([fold.motif], Background.fit(fold.sequences, 0))
    hits = scanner.scan(fold.sequences, scanner.thresholds(p_value=fold.largest_p))
    return _by_place(fold.sequences, hits.sequence, hits.start, -np.log(hits.p_value))


def _decoded(fold: Fold) -> Ranked:
    """Sites that do not overlap, at a rate that is learnt."""
    return _told(fold, _learnt(fold).decode(fold.sequences, threshold=_LEAST_POSTERIOR, presence=False))


def _clustered(fold: Fold) -> Ranked:
    """Sites in clusters, where they may overlap, at any distance."""
    options, model = DecodingOptions(), _learnt(fold)
    model = model.updated(model.rates * (1 - options.followed), model.emissions)
    clusters = ClusterHMM.anywhere(model, options.followed, options.max_step)
    return _told(fold, clusters.decode(fold.sequences, threshold=_LEAST_POSTERIOR))


def _taught(fold: Fold) -> Ranked:
    """Sites that do not overlap, with what known sites teach."""
    model = _lesson(fold).model
    model = _here(fold, 0).updated(model.rates, model.emissions)
    return _told(fold, model.decode(fold.sequences, threshold=_LEAST_POSTERIOR, presence=False))


def _taught_clusters(fold: Fold) -> Ranked:
    """Sites in clusters, with what known sites teach, distances among it."""
    clusters = _lesson(fold).clustered(fold.others)
    model = _here(fold, 0).updated(clusters.model.rates, clusters.model.emissions)
    clusters = ClusterHMM(model, clusters.neighbours)
    return _told(fold, clusters.decode(fold.sequences, threshold=_LEAST_POSTERIOR))


def _lesson(fold: Fold) -> Taught:
    """What the known sites in the other parts teach."""
    model = MotifHMM.from_motifs([fold.motif], Background.fit(fold.others, 0))
    return taught(model, fold.others, {fold.motif.name: fold.known})


def _learnt(fold: Fold) -> MotifHMM:
    """The model of decode, with the rate that it learns."""
    return refine(
        _here(fold, DecodingOptions().background_order), fold.sequences, max_rounds=50, emissions=False
    ).model


def _here(fold: Fold, order: int) -> MotifHMM:
    """The model of decode, with the background of the part."""
    return MotifHMM.from_motifs([fold.motif], Background.fit(fold.sequences, order))


def _told(fold: Fold, found: Decoding) -> Ranked:
    return _by_place(fold.sequences, found.sites[0].index, found.sites[0].start, found.posterior[0])


ARMS: Mapping[str, Callable[[Fold], Ranked]] = {
    "scan": _scanned,
    "decode": _decoded,
    "clusters": _clustered,
    "taught": _taught,
    "taught clusters": _taught_clusters,
}
"""What ranks places, by name."""
_IN_REGIONS_ALONE = "taught clusters"  # in the whole genome it takes minutes for a regulator


def _by_place(sequences: Sequences, index: np.ndarray, start: np.ndarray, scores: np.ndarray) -> Ranked:
    """Places in the genome, each with the better of its strands, the best first."""
    places = _ends(sequences)[0][index] + start
    order = np.lexsort((places, -scores))
    first = np.sort(np.unique(places[order], return_index=True)[1])
    return Ranked(places[order][first], scores[order][first])


def is_right(ranked: Ranked, truth: np.ndarray, most_off: int) -> np.ndarray:
    """Which places, the best first, are near a known site that no better place has taken.

    Parameters
    ----------
    ranked : Ranked
    truth : numpy.ndarray of int
        Starts of the known sites.
    most_off : int
        Bases between two starts of one site, at most.

    Examples
    --------
    >>> places = Ranked(np.array([10, 11, 50, 30]), np.array([4.0, 3.0, 2.0, 1.0]))
    >>> is_right(places, np.array([12, 30]), 2).tolist()
    [True, False, False, True]
    """
    free = np.ones(len(truth), bool)
    right = np.zeros(len(ranked.starts), bool)
    near = np.abs(ranked.starts[:, None] - truth) <= most_off
    for at in np.flatnonzero(near.any(1)).tolist():
        candidates = np.flatnonzero(near[at] & free)
        if len(candidates):
            nearest = candidates[np.abs(truth[candidates] - ranked.starts[at]).argmin()]
            right[at], free[nearest] = True, False
    return right


def average_precision(right: np.ndarray, n_known: int) -> float:
    """Mean, over known sites, of the share that is right down to each; 0 for what is not told.

    Examples
    --------
    >>> average_precision(np.array([True, False, True]), 3)
    0.5555555555555555
    """
    ranks = np.flatnonzero(right) + 1
    return float((np.arange(1, len(ranks) + 1) / ranks).sum() / n_known)


def _measure(where: str, name: str) -> Row:
    known = _known(name)
    arms = {arm: rank for arm, rank in ARMS.items() if where == "regulatory" or arm != _IN_REGIONS_ALONE}
    totals = {arm: _Total() for arm in arms}
    for part in range(_N_PARTS):
        sequences = _pieces(where, part)
        judged = _is_within(known.starts, sequences)
        outside = ~_is_within(known.starts, _pieces("genome", part))
        others = [_pieces(where, other) for other in range(_N_PARTS) if other != part]
        contig = _genome().names[0]
        taught = [Interval(contig, start, start + known.width) for start in known.starts[outside].tolist()]
        if not judged.any():
            continue
        fold = Fold(
            _motif(name, known, outside), sequences, Sequences.concatenate(others), taught, _LARGEST_P[where]
        )
        for arm, rank in arms.items():
            totals[arm].add(rank(fold), known.starts[judged], known.width // 4)
    row: Row = {"sites": totals["scan"].n_known, "width": known.width}
    for arm, total in totals.items():
        row |= {f"{arm}/top": total.top, f"{arm}/ap": total.precision / total.n_known}
        if arm != "scan":
            row[f"{arm}/bins"] = total.bins.round(3).tolist()
    return row


class _Total:
    """What is summed over the parts: sites, those of the top, precision, and what probabilities said."""

    def __init__(self) -> None:
        self.n_known, self.top, self.precision = 0, 0, 0.0
        self.bins = np.zeros((len(_EDGES) - 1, 3))

    def add(self, ranked: Ranked, truth: np.ndarray, most_off: int) -> None:
        right = is_right(ranked, truth, most_off)
        self.n_known += len(truth)
        self.top += int(right[: len(truth)].sum())
        self.precision += average_precision(right, len(truth)) * len(truth)
        which = np.searchsorted(_EDGES, ranked.scores, side="right") - 1
        for at in range(len(self.bins)):
            inside = (which == at) | ((which == len(self.bins)) & (at == len(self.bins) - 1))
            self.bins[at] += inside.sum(), ranked.scores[inside].sum(), right[inside].sum()


def tables(rows: Sequence[Row]) -> str:
    """Ranks by regulator and in all, and how far probabilities can be believed."""
    parts = []
    for where, title in _WHERE.items():
        done = [row for row in rows if row["case"].startswith(f"{where}/") and "error" not in row]
        if done:
            parts += [f"**{title}**", _ranks(done), "Posterior probabilities:", _reliability(done)]
    return "\n\n".join(parts) or "Known sites: nothing measured yet."


def _ranks(rows: Sequence[Row]) -> str:
    arms = [name.removesuffix("/top") for name in rows[0] if name.endswith("/top")]
    columns = ["regulator", "sites", *(f"{arm}, {what}" for what in ("top", "AP") for arm in arms)]
    lines = [{"regulator": row["case"].partition("/")[2], "sites": row["sites"]} for row in rows]
    for line, row in zip(lines, rows, strict=True):
        line |= {f"{arm}, top": row[f"{arm}/top"] for arm in arms}
        line |= {f"{arm}, AP": row[f"{arm}/ap"] for arm in arms}
    summed = {"regulator": "all: sum, mean of AP", "sites": sum(row["sites"] for row in rows)}
    summed |= {f"{arm}, top": sum(row[f"{arm}/top"] for row in rows) for arm in arms}
    summed |= {f"{arm}, AP": float(np.mean([row[f"{arm}/ap"] for row in rows])) for arm in arms}
    return table([*lines, summed], columns)


def _reliability(rows: Sequence[Row]) -> str:
    """What places are said to be with, and the share of them that is known, in bins."""
    arms = [name.removesuffix("/bins") for name in rows[0] if name.endswith("/bins")]
    lines = []
    for at, (low, high) in enumerate(pairwise(_EDGES)):
        line: Row = {"said": f"{low:g} to {high:g}"}
        for arm in arms:
            n, said, right = np.sum([row[f"{arm}/bins"][at] for row in rows], axis=0)
            if n:
                line[arm] = f"{n:,.0f} said {said / n:.3f}: {right / n:.3f} known"
        lines.append(line)
    return table(lines, ["said", *arms])


DECODE = Benchmark("decode", "Known sites: decode beside a scan", _PREFACE, cases, tables)

if __name__ == "__main__":
    command_line(DECODE)
