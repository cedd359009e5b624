"""One kind of scan, measured: what :mod:`tests.benchmarks.scan` runs in processes of its own.

``MOTIFNET_DATA=... python -m tests.benchmarks.scan_arms yeast`` prints what it measured as JSON. One thread.
"""

from __future__ import annotations

import csv
import gzip
import importlib.util
import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from motifnet.io import read_bed, read_fasta, read_motifs, write_meme
from motifnet.kernels.threads import use_threads
from motifnet.motifs import Motif
from motifnet.scanning import Hits, Overlaps, Piece, Scanner, scan_stream, without_overlaps
from motifnet.strand import Strand
from motifnet.symbols import Sequences
from motifnet.symbols.background import Background
from tests.benchmarks.sets import data

_P_VALUE, _N_MOTIFS = 1e-4, 100
_FEW_MOTIFS, _FEW_BASES = 20, 200_000  # for peers that would take minutes
_GENOME_BASES, _PIECE = 100_000_000, 1 << 22
_HUMAN_BASES = 3_000_000_000
_REPEATS = 5
_REGULATORS = {"crp": "CRP", "lexA": "LexA", "fnr": "FNR", "argR": "ArgR", "purR": "PurR"}

Scan = Callable[[], int]


def yeast() -> dict[str, float]:
    """The yeast genome, with every peer that is there."""
    motifs = read_motifs(data() / "motifdb" / "JASPAR2022_vertebrates.pfm.gz")[:_N_MOTIFS]
    sequences = read_fasta(data() / "yeast" / "sacCer3.fa.gz")
    few, part = motifs[:_FEW_MOTIFS], Sequences.from_codes([sequences[0][:_FEW_BASES]], ["part"])
    found: dict[str, float] = {}
    for name, peer in _PEERS.items():
        if name == "motifnet" or importlib.util.find_spec(_PACKAGES[name]):
            some = (few, part) if name in _SLOW else (motifs, sequences)
            found |= _measured(name, peer(*some), *some)
    return found


def genome() -> dict[str, float]:
    """A random genome that is never whole in memory: time, and memory beyond what was there before."""
    motifs = read_motifs(data() / "motifdb" / "JASPAR2022_vertebrates.pfm.gz")[:_N_MOTIFS]
    scanner = Scanner(motifs, Background.from_gc(0.41))
    thresholds = scanner.thresholds(p_value=_P_VALUE)
    n_hits = sum(part.hits.n for part in scan_stream(scanner, _random_pieces(_PIECE), thresholds))
    before, began = _peak_mb(), time.process_time()
    n_hits = sum(part.hits.n for part in scan_stream(scanner, _random_pieces(_GENOME_BASES), thresholds))
    seconds = time.process_time() - began
    return {
        "hits": n_hits,
        "seconds_100_mb": seconds,
        "human_genome_minutes": seconds * _HUMAN_BASES / _GENOME_BASES / 60,
        "peak_mb": _peak_mb(),
        "beyond_the_first_piece_mb": _peak_mb() - before,
    }


def ecoli() -> dict[str, float]:
    """Regulators of E. coli against RegulonDB, ranked by us and by FIMO."""
    motifs = {motif.name: motif for motif in read_motifs(data() / "motifdb" / "dpinteract.meme.gz")}
    sequences = read_fasta(data() / "ecoli" / "NC_000913.2.fa.gz")
    sites = read_bed(data() / "ecoli" / "regulondb_sites.bed")
    places: dict[str, list[tuple[int, int]]] = {}
    for site in sites:
        places.setdefault(site.name, []).append((site.interval.start, site.interval.end))
    found: dict[str, float] = {}
    for name, regulator in _REGULATORS.items():
        if regulator in places:
            for tool, hits in (("motifnet", _scanned(motifs[name], sequences)), ("fimo", _of_fimo(name))):
                for measure, value in recall_and_precision(hits, np.array(places[regulator])).items():
                    found[f"{name}_{tool}_{measure}"] = value
    return found


def recall_and_precision(hits: Hits, sites: np.ndarray) -> dict[str, float]:
    """How well hits that do not overlap, best first, find sites.

    Parameters
    ----------
    hits : Hits
    sites : numpy.ndarray of int, shape=(n, 2)
        Starts and ends. A hit is right if its middle is in a site.

    Returns
    -------
    dict
        ``average_precision``, over the sites; ``recall`` of all hits; ``precision`` of as many of the
        best as there are sites.
    """
    hits = without_overlaps(hits, Overlaps.APART)
    hits = hits.select(np.argsort(hits.p_value, kind="stable"))
    middle = (hits.start + hits.end) // 2
    within = (middle[:, None] >= sites[:, 0]) & (middle[:, None] < sites[:, 1])
    is_right = within.any(1)
    precision = np.cumsum(is_right) / np.arange(1, hits.n + 1)
    new = np.zeros(hits.n, int)
    np.add.at(new, within.argmax(0)[within.any(0)], 1)  # sites that are first found by each hit
    return {
        "average_precision": float((precision * new).sum() / len(sites)),
        "recall": float(within.any(0).mean()),
        "precision": float(is_right[: len(sites)].mean()),
    }


def _measured(name: str, scan: Scan, motifs: list[Motif], sequences: Sequences) -> dict[str, float]:
    """Million bases times motifs a second, of the least of some repeats, and the hits."""
    n_hits, spent = scan(), []
    for _ in range(1 if name in _SLOW else _REPEATS):
        began = time.process_time()
        n_hits = scan()
        spent.append(time.process_time() - began)
    return {f"{name}_m": len(sequences.codes) * len(motifs) / min(spent) / 1e6, f"{name}_hits": n_hits}


def _motifnet(motifs: list[Motif], sequences: Sequences) -> Scan:
    scanner = Scanner(motifs, Background.from_gc(0.5))
    thresholds = scanner.thresholds(p_value=_P_VALUE)
    return lambda: scanner.scan(sequences, thresholds).n


def _whole_matrices(motifs: list[Motif]) -> Iterator[tuple[np.ndarray, int]]:
    """The matrices of whole numbers that we scan with, on each strand, and their thresholds."""
    scanner = Scanner(motifs, Background.from_gc(0.5))
    thresholds = scanner.thresholds(p_value=_P_VALUE).tolist()
    for motif, reverse, threshold in zip(scanner.motif_of, scanner.reverse_of, thresholds, strict=True):
        steps = scanner.scores[motif].steps
        yield (steps[::-1, ::-1] if reverse else steps), threshold


def _lightmotif(motifs: list[Motif], sequences: Sequences) -> Scan:
    import lightmotif

    texts = [lightmotif.stripe(sequences.text(i)) for i in range(len(sequences))]
    matrices = [
        (
            lightmotif.ScoringMatrix(
                {**dict(zip("ACGT", steps.tolist(), strict=True)), "N": [-1e6] * steps.shape[1]}
            ),
            least,
        )
        for steps, least in _whole_matrices(motifs)
    ]

    def scan() -> int:
        found = (lightmotif.scan(one, text, threshold=least) for one, least in matrices for text in texts)
        return sum(1 for hits in found for _ in hits)

    return scan


def _moods(motifs: list[Motif], sequences: Sequences) -> Scan:
    import MOODS.scan

    texts = [sequences.text(i) for i in range(len(sequences))]
    matrices, thresholds = zip(*_whole_matrices(motifs), strict=True)
    scanner = MOODS.scan.Scanner(7)
    scanner.set_motifs([one.tolist() for one in matrices], [0.25] * 4, [float(least) for least in thresholds])
    return lambda: sum(len(hits) for text in texts for hits in scanner.scan(text))


def _memelite(motifs: list[Motif], sequences: Sequences) -> Scan:
    import memelite

    matrices = {motif.name: motif.probabilities for motif in motifs}
    one_hot = [np.eye(5, 4, dtype=np.int8)[sequences[i]].T[None] for i in range(len(sequences))]
    return lambda: sum(
        len(table) for one in one_hot for table in memelite.fimo(matrices, one, threshold=_P_VALUE)
    )


def _pymemesuite(motifs: list[Motif], sequences: Sequences) -> Scan:
    from pymemesuite.common import MotifFile, Sequence
    from pymemesuite.fimo import FIMO

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "motifs.meme")
        write_meme(path, motifs)
        with MotifFile(str(path)) as handle:
            read, background = list(handle), handle.background
    texts = [Sequence(sequences.text(i), name=str(i).encode()) for i in range(len(sequences))]
    fimo = FIMO(strand=Strand.BOTH, threshold=_P_VALUE)
    return lambda: sum(len(fimo.score_motif(one, texts, background).matched_elements) for one in read)


def _biopython(motifs: list[Motif], sequences: Sequences) -> Scan:
    from Bio import motifs as bio
    from Bio.Seq import Seq

    scanner = Scanner(motifs, Background.from_gc(0.5))
    thresholds = scanner.thresholds(p_value=_P_VALUE)[~scanner.reverse_of]
    text = Seq(sequences.text(0))
    matrices = [
        bio.Motif(counts={letter: one.counts[code].tolist() for code, letter in enumerate("ACGT")})
        .counts.normalize(0.025)
        .log_odds()
        for one in motifs
    ]
    least = [float(scores.bits(steps)) for scores, steps in zip(scanner.scores, thresholds, strict=True)]
    return lambda: sum(
        1 for one, score in zip(matrices, least, strict=True) for _ in one.search(text, threshold=score)
    )


def _random_pieces(n_bases: int) -> Iterator[Piece]:
    rng = np.random.default_rng(0)
    for start in range(0, n_bases, _PIECE):
        codes = rng.integers(0, 4, min(_PIECE, n_bases - start), np.uint8)
        yield Piece(0, codes, start + _PIECE >= n_bases)


def _scanned(motif: Motif, sequences: Sequences) -> Hits:
    """Our hits under the background of the motif's file."""
    frequencies = (motif.background + motif.background[::-1]) / 2
    scanner = Scanner([motif], Background(frequencies, np.ones(1), frequencies[None]))
    return scanner.scan(sequences, scanner.thresholds(p_value=_P_VALUE))


def _of_fimo(name: str) -> Hits:
    with gzip.open(data().parent / "golden" / "fimo_ecoli.tsv.gz", "rt") as handle:
        rows = [row for row in csv.reader(handle, delimiter="\t") if row[0] == name]
    start, end = (np.array([int(row[column]) for row in rows], np.int64) for column in (2, 3))
    score, p_value = (np.array([float(row[column]) for row in rows]) for column in (5, 6))
    zeros, reverse = np.zeros(len(rows), np.int64), np.array([row[4] == "-" for row in rows], bool)
    return Hits(zeros, start - 1, end, zeros, reverse, zeros, score, p_value).in_order()


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


_PEERS: dict[str, Callable[[list[Motif], Sequences], Scan]] = {
    "motifnet": _motifnet,
    "lightmotif": _lightmotif,
    "moods": _moods,
    "memelite": _memelite,
    "pymemesuite": _pymemesuite,
    "biopython": _biopython,
}
_PACKAGES = {
    "lightmotif": "lightmotif",
    "moods": "MOODS",
    "memelite": "memelite",
    "pymemesuite": "pymemesuite",
    "biopython": "Bio",
}
_SLOW = {"pymemesuite", "biopython"}

CASES: dict[str, Callable[[], dict[str, Any]]] = {"yeast": yeast, "genome": genome, "ecoli": ecoli}

if __name__ == "__main__":
    use_threads(1)
    print(json.dumps(CASES[sys.argv[1]]()))
