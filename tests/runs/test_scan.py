"""A scan of files has the hits of all in memory, whatever the size of stretches, in genomes and peaks."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import numpy as np
import pytest

from motifnet.config.scan import ScanConfig
from motifnet.datasets.simulate import motif_from_word
from motifnet.errors import InvalidValue, MotifFormatError
from motifnet.io.fasta import read_fasta
from motifnet.io.motif_files import read_motifs, write_meme
from motifnet.motifs import Motif
from motifnet.runs import scan as module
from motifnet.runs.scan import open_scan
from motifnet.scanning import Scanner
from motifnet.symbols import DNA
from motifnet.symbols.background import Background

FIMO = Path(__file__).parents[1] / "scanning" / "golden"
WORDS = ("WGATAAGR", "TGASTCA", "CANNTG")
PALINDROMES = WORDS[1:]
SIZES = {"chr2": 9000, "chr10": 6000, "short": 5, "chr1": 4000}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A genome of a few contigs, partly masked or unknown, and motifs, of which two are palindromes."""
    rng = np.random.default_rng(3)
    path = tmp_path_factory.mktemp("scan")
    letters = {name: rng.choice(list("ACGTacgt"), size) for name, size in SIZES.items()}
    letters["chr2"][100:400] = "N"
    path.joinpath("genome.fa").write_text("".join(f">{n}\n{''.join(t)}\n" for n, t in letters.items()))
    write_meme(path / "motifs.meme", [motif_from_word(word) for word in WORDS])
    return path


def config(*, reading=(), sliding=(), **scanning):
    return ScanConfig(reading=dict(reading), scanning=scanning, sliding=dict(sliding))


def scanned(folder, options=None, targets=("genome.fa",), *, q=False, words=True):
    """All hits, and the summary."""
    options = options or config(max_p=0.01)
    with open_scan(
        folder / "motifs.meme", [folder / name for name in targets], options, with_q_values=q
    ) as scan:
        hits = list(scan.hits(words=words))
        return hits, scan.summary()


def in_memory(folder, background, p_value, *, mask=False):
    """The hits of the whole genome in memory, as tuples."""
    sequences = read_fasta(folder / "genome.fa", mask_lowercase=mask)
    scanner = Scanner(read_motifs(folder / "motifs.meme"), background)
    hits = scanner.scan(sequences, scanner.thresholds(p_value=p_value))
    return scanner, sequences, hits


def told(sequences, scanner, hits):
    return [
        (sequences.names[s], start, end, scanner.motifs[m].name, "+-"[r])
        for s, start, end, m, r in zip(
            *(column.tolist() for column in (hits.sequence, hits.start, hits.end, hits.motif, hits.reverse)),
            strict=True,
        )
    ]


def comparable(hits):
    """Hits without their q-values, which are NaN and so differ from themselves."""
    return [hit._replace(q_value=0.0) for hit in hits]


def palindromes_turned(hits):
    """Hits of palindromes as they are told if only the other strand is looked at."""
    turned = [hit._replace(strand="-", word=turned_word(hit.word)) for hit in hits if hit.name in PALINDROMES]
    return set(comparable(turned))


def turned_word(word):
    return DNA.decode(DNA.reverse_complement(DNA.encode(word)))


def places(hits):
    return [(hit.contig, hit.start, hit.end, hit.name, hit.strand) for hit in hits]


@pytest.mark.parametrize("size", [1 << 12, 1 << 22])
def test_hits_are_those_of_all_in_memory_whatever_the_size_of_a_stretch(size, folder, monkeypatch):
    monkeypatch.setattr(module, "SIZE", size)
    hits, summary = scanned(folder)
    background = Background.fit(read_fasta(folder / "genome.fa"))
    scanner, sequences, wanted = in_memory(folder, background, 0.01)
    assert places(hits) == told(sequences, scanner, wanted)
    np.testing.assert_allclose([hit.p_value for hit in hits], wanted.p_value)
    assert (summary.n_bases, summary.n_sequences, summary.n_found) == (sum(SIZES.values()), 4, wanted.n)
    windows = scanner.n_windows(sequences.codes, sequences.offsets)
    assert summary.expected <= 0.01 * windows.sum()
    assert summary.warnings == []


def test_words_read_as_the_motif_does(folder):
    hits, _ = scanned(folder)
    genome = read_fasta(folder / "genome.fa")
    for hit in hits:
        codes = genome[genome.names.index(hit.contig)][hit.start : hit.end]
        assert hit.word == DNA.decode(codes if hit.strand == "+" else DNA.reverse_complement(codes))
    assert len({hit.strand for hit in hits}) == 2


def benjamini_hochberg(p_values, n_tests):
    """q-values among so many tests, of which the others have p-values above all of these."""
    order = np.argsort(p_values, kind="stable")
    rank = np.searchsorted(p_values[order], p_values[order], side="right")
    ratio = np.minimum(p_values[order] * n_tests / rank, 1.0)
    found = np.empty(len(p_values))
    found[order] = np.minimum.accumulate(ratio[::-1])[::-1]
    return found


def test_q_values_are_of_all_windows_of_a_motif(folder):
    hits, _ = scanned(folder, config(max_p=1.0), q=True, words=False)
    for name in WORDS:
        of_motif = [hit for hit in hits if hit.name == name]
        p_values = np.array([hit.p_value for hit in of_motif])
        wanted = benjamini_hochberg(p_values, len(p_values))
        np.testing.assert_allclose([hit.q_value for hit in of_motif], wanted)


def test_a_threshold_of_q_keeps_what_is_below_it(folder):
    every, _ = scanned(folder, config(max_p=1.0), q=True)
    least = sorted(hit.q_value for hit in every)[20]
    kept, _ = scanned(folder, config(max_q=least))
    assert places(kept) == places(hit for hit in every if hit.q_value <= least)
    assert len(kept) > 20


def test_a_q_value_beside_a_p_value_is_among_hits_of_that(folder):
    every, _ = scanned(folder, config(max_p=0.01), q=True)
    distinct = sorted({hit.q_value for hit in every})
    least = distinct[len(distinct) // 2]
    kept, _ = scanned(folder, config(max_p=0.01, max_q=least))
    assert kept == [hit for hit in every if hit.q_value <= least]
    assert 0 < len(kept) < len(every)


def test_thresholds_add_up(folder):
    every, _ = scanned(folder, config(max_p=1.0))
    kept, _ = scanned(folder, config(max_p=1e-3, min_score=9.0))
    assert places(kept) == places(hit for hit in every if hit.p_value <= 1e-3 and hit.score >= 9.0)
    assert len(kept) > 0


def test_the_best_of_each_sequence(folder):
    every, _ = scanned(folder, config(max_p=1e-2))
    best, summary = scanned(folder, config(max_p=1e-2, best=True))
    smallest = {}
    for hit in every:
        key = (hit.contig, hit.name)
        smallest[key] = min(hit.p_value, smallest.get(key, 1.0))
    assert {(hit.contig, hit.name): hit.p_value for hit in best} == smallest
    assert (summary.n_found, summary.n_told) == (len(every), len(best))


@pytest.mark.parametrize("across", [False, True])
def test_hits_that_do_not_overlap(across, folder):
    hits, _ = scanned(folder, config(max_p=0.05, overlaps="non-overlapping", across_motifs=across))
    ends = {}
    for hit in hits:
        key = hit.contig if across else (hit.contig, hit.name)
        assert hit.start >= ends.get(key, 0)
        ends[key] = hit.end
    assert len(hits) > 20


def test_soft_masked_bases_can_be_unknown(folder):
    hits, _ = scanned(folder, config(max_p=1.0, reading={"mask_lowercase": True}))
    background = Background.fit(read_fasta(folder / "genome.fa", mask_lowercase=True))
    scanner, sequences, wanted = in_memory(folder, background, 1.0, mask=True)
    assert places(hits) == told(sequences, scanner, wanted)


def test_a_circle_has_hits_over_its_origin(tmp_path):
    (tmp_path / "genome.fa").write_text(">ring\nAAGCCCCCCCCCCCCCCCCCCCAGAT\n>other\nCCCCCCCCCCCC\n")
    write_meme(tmp_path / "motifs.meme", [motif_from_word("AGATAAG")])
    hits, _ = scanned(tmp_path, config(circular=True, background="uniform"))
    assert [(hit.contig, hit.start, hit.end, hit.strand, hit.word) for hit in hits] == [
        ("ring", 22, 29, "+", "AGATAAG")
    ]
    assert scanned(tmp_path, config(background="uniform"))[0] == []


# Overlapping, touching, nested, twice, unsorted, and on both strands.
PEAKS = [
    ("chr1", 100, 900, "+"), ("chr10", 50, 60, "+"), ("chr2", 3000, 3500, "-"), ("chr2", 50, 700, "+"),
    ("chr2", 3400, 4200, "+"), ("chr1", 900, 1000, "-"), ("chr2", 3000, 3500, "-"),
]  # fmt: skip


@pytest.fixture(scope="module")
def peaks(folder):
    lines = [f"{c}\t{s}\t{e}\tpeak{i}\t0\t{strand}\n" for i, (c, s, e, strand) in enumerate(PEAKS)]
    (folder / "peaks.bed").write_text("".join(lines))
    return {"genome": folder / "genome.fa"}


def test_peaks_have_the_hits_of_the_genome_once_and_in_its_order(folder, peaks):
    options = config(max_p=0.01, background="uniform", reading=peaks)
    hits, summary = scanned(folder, options, ["peaks.bed"])
    every, _ = scanned(folder, config(max_p=0.01, background="uniform"))
    covered = [("chr2", 50, 700), ("chr2", 3000, 4200), ("chr10", 50, 60), ("chr1", 100, 1000)]
    wanted = [
        hit
        for hit in every
        if any(hit.contig == chrom and start <= hit.start and hit.end <= end for chrom, start, end in covered)
    ]
    assert comparable(hits) == comparable(wanted)
    assert summary.n_bases == sum(end - start for _, start, end in covered)


def test_peaks_one_by_one_have_coordinates_of_their_own(folder, peaks):
    hits, summary = scanned(
        folder,
        config(max_p=0.01, background="uniform", coordinates="sequence", reading=peaks),
        ["peaks.bed"],
    )
    genome = read_fasta(folder / "genome.fa")
    for hit in hits:
        chrom, start, end, strand = PEAKS[int(hit.contig.removeprefix("peak"))]
        codes = genome[genome.names.index(chrom)][start:end]
        codes = DNA.reverse_complement(codes) if strand == "-" else codes
        word = codes[hit.start : hit.end]
        assert hit.word == DNA.decode(word if hit.strand == "+" else DNA.reverse_complement(word))
    assert summary.n_sequences == len(PEAKS)
    assert len({hit.contig for hit in hits}) > 4


@pytest.mark.parametrize("scanning", [{"best": True}, {"strand": "single"}])
def test_peaks_that_overlap_are_told_in_the_genome_in_order_and_once(scanning, folder, peaks):
    options = config(max_p=0.02, background="uniform", reading=peaks, **scanning)
    hits, _ = scanned(folder, options, ["peaks.bed"])
    contigs = list(SIZES)
    order = [(contigs.index(hit.contig), hit.start, WORDS.index(hit.name), hit.strand) for hit in hits]
    assert order == sorted(set(order))
    every, _ = scanned(folder, config(max_p=0.02, background="uniform"))
    assert set(comparable(hits)) <= set(comparable(every)) | palindromes_turned(every)
    inside = [
        peak for hit in hits for peak in PEAKS if peak[0] == hit.contig and peak[1] <= hit.start < peak[2]
    ]
    assert set(inside) >= {peak for peak in PEAKS if peak[1] != 50}


@pytest.mark.parametrize(
    ("background", "frequencies"), [("uniform", [0.25] * 4), ("motifs", [0.3, 0.2, 0.2, 0.3])]
)
def test_backgrounds_that_are_given(background, frequencies, folder, tmp_path):
    motifs = [
        Motif(motif.name, motif.counts, np.array([0.4, 0.1, 0.3, 0.2]))
        for motif in read_motifs(folder / "motifs.meme")
    ]
    write_meme(tmp_path / "motifs.meme", motifs)
    (tmp_path / "genome.fa").write_bytes((folder / "genome.fa").read_bytes())
    model = Background(np.array(frequencies), np.ones(1), np.array([frequencies]))
    scanner, sequences, wanted = in_memory(folder, model, 0.01)
    hits, _ = scanned(tmp_path, config(max_p=0.01, background=background))
    assert places(hits) == told(sequences, scanner, wanted)


def test_a_background_of_higher_order_from_a_file_and_from_the_genome(folder, peaks, tmp_path):
    from_genome = config(max_p=0.01, background="genome", background_order=2, reading=peaks)
    hits, _ = scanned(folder, from_genome, ["peaks.bed"])
    model = Background.fit(read_fasta(folder / "genome.fa"), 2)
    scanner, sequences, wanted = in_memory(folder, model, 0.01)
    assert set(places(hits)) <= set(told(sequences, scanner, wanted))
    (tmp_path / "flat.bg").write_text("A 0.25\nC 0.25\nG 0.25\nT 0.25\n")
    flat, _ = scanned(folder, config(background=str(tmp_path / "flat.bg"), max_p=0.01))
    uniform, _ = scanned(folder, config(background="uniform", max_p=0.01))
    assert comparable(flat) == comparable(uniform)


def test_hits_are_those_of_fimo(tmp_path):
    with gzip.open(FIMO / "fimo.tsv.gz", "rt") as handle:
        rows = [row for row in csv.DictReader(handle, delimiter="\t") if row["background"] == "uniform"]
    records = [f">{row['motif_id']}_{i}\n{row['matched_sequence']}\n" for i, row in enumerate(rows)]
    (tmp_path / "words.fa").write_text("".join(records))
    with open_scan(FIMO / "motifs.meme", [tmp_path / "words.fa"], config(background="uniform")) as scan:
        hits = {(hit.contig, hit.name, hit.strand): hit for hit in scan.hits(words=True)}
    for i, row in enumerate(rows):
        hit = hits[f"{row['motif_id']}_{i}", row["motif_id"], "+"]
        assert hit.score == pytest.approx(float(row["score"]), abs=1e-4)
        assert hit.p_value == pytest.approx(float(row["p-value"]), rel=5.01e-3)
        assert hit.word == row["matched_sequence"]


def test_a_motif_that_fits_nowhere_is_told(tmp_path):
    (tmp_path / "genome.fa").write_text(">a\nACGT\n>b\nNNNNACGTACNNN\n")
    write_meme(tmp_path / "motifs.meme", [motif_from_word(word) for word in ("ACGT", "WGATAAGR")])
    hits, summary = scanned(tmp_path, config(max_p=0.5))
    assert {hit.name for hit in hits} == {"ACGT"}
    assert summary.warnings == [
        "1 of 2 motifs fits into no sequence, of which none has as many known bases in a row: WGATAAGR (8)"
    ]


def test_inputs_of_two_kinds(folder, peaks):
    with pytest.raises(InvalidValue, match="sequences or intervals, not both"):
        scanned(folder, config(reading=peaks), ["genome.fa", "peaks.bed"])


def test_intervals_are_no_circles(folder, peaks):
    with pytest.raises(InvalidValue, match="expected sequences rather than intervals"):
        scanned(folder, config(circular=True, reading=peaks), ["peaks.bed"])


def test_no_motif(tmp_path, folder):
    write_meme(tmp_path / "motifs.meme", [])
    with (
        pytest.raises(MotifFormatError, match="holds no motif; expected one or more"),
        open_scan(tmp_path / "motifs.meme", [folder / "genome.fa"], config()),
    ):
        pass


def test_the_genome_has_no_background_where_there_is_none(folder):
    with pytest.raises(InvalidValue, match="expected 'sequences' without --genome"):
        scanned(folder, config(background="genome"))
