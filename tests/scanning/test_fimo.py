"""Hits, scores and p-values against those of FIMO of the MEME Suite, and Biopython's search."""

import csv
import gzip
from pathlib import Path

import numpy as np
import pytest

from motifnet.io import read_fasta, read_motifs
from motifnet.motifs import Motif
from motifnet.scanning import Scanner
from motifnet.symbols import DNA, Sequences
from motifnet.symbols.background import Background

GOLDEN = Path(__file__).parent / "golden"

# FIMO's built-in frequencies of bases in a non-redundant database, made the same on both strands.
BACKGROUNDS = {"uniform": Background.from_gc(0.5), "default": Background.from_gc(0.450896)}
# What FIMO prints: six significant digits of a score, three of a p-value.
SCORE_DIGITS, P_DIGITS = {"rtol": 0, "atol": 1e-4}, {"rtol": 5.01e-3, "atol": 0}


def rows_of(path):
    with gzip.open(path, "rt") as handle:
        return list(csv.DictReader(handle, delimiter="\t"))


def check_against(rows, motifs, sequences, background):
    """The same sites but for the second strand of palindromes, with the same scores and p-values."""
    scanner = Scanner(motifs, background)
    hits = scanner.scan(sequences, scanner.thresholds(p_value=1e-4))
    names = [motif.name for motif in motifs]
    places = zip(
        *(column.tolist() for column in (hits.motif, hits.sequence, hits.start, hits.reverse)), strict=True
    )
    ours = {place: i for i, place in enumerate(places)}
    palindromes = {i for i, scores in enumerate(scanner.scores) if scores.is_palindrome}
    theirs = {}
    for row in rows:
        sequence = sequences.names.index(row.get("sequence_name", "chrI"))
        place = (names.index(row["motif_id"]), sequence, int(row["start"]) - 1, row["strand"] == "-")
        if place[0] not in palindromes or not place[3]:
            theirs[place] = float(row["score"]), float(row["p-value"])
    assert ours.keys() == theirs.keys()
    which = np.array([ours[place] for place in theirs])
    score, p_value = np.array(list(theirs.values())).T
    np.testing.assert_allclose(hits.score[which], score, **SCORE_DIGITS)
    np.testing.assert_allclose(hits.p_value[which], p_value, **P_DIGITS)
    return len(theirs)


@pytest.mark.parametrize("background", BACKGROUNDS)
def test_words_score_what_fimo_says_on_either_strand(background):
    rows = [row for row in rows_of(GOLDEN / "fimo.tsv.gz") if row["background"] == background]
    motifs = {motif.name: motif for motif in read_motifs(GOLDEN / "motifs.meme")}
    assert len(rows) > 120
    for name in {row["motif_id"] for row in rows}:
        ours = [row for row in rows if row["motif_id"] == name]
        forward = [DNA.encode(row["matched_sequence"]) for row in ours]
        turned = [DNA.complement(word[::-1]) for word in forward]
        scanner = Scanner([motifs[name]], BACKGROUNDS[background])
        for words, reverse in ((forward, False), (turned, True)):
            named = Sequences.from_codes(words, [f"word{i}" for i in range(len(words))])
            hits = scanner.scan(named, scanner.thresholds(p_value=1e-4))
            # A word may match on both strands; a palindrome is told on the forward one.
            hits = hits.select((hits.reverse == reverse) | scanner.scores[0].is_palindrome)
            assert hits.sequence.tolist() == list(range(len(ours)))
            np.testing.assert_allclose(hits.score, [float(row["score"]) for row in ours], **SCORE_DIGITS)
            np.testing.assert_allclose(hits.p_value, [float(row["p-value"]) for row in ours], **P_DIGITS)


@pytest.mark.parametrize("background", BACKGROUNDS)
def test_two_chromosomes_with_all_fungal_motifs(real_data, background):
    golden = real_data.parent / "golden"
    if not golden.is_dir():
        pytest.skip(f"there is no {golden}")
    rows = rows_of(golden / f"fimo_{background}_background.tsv.gz")
    motifs = read_motifs(golden / "jaspar2022_fungi.meme")
    genome = read_fasta(real_data / "yeast" / "sacCer3.fa.gz")
    sequences = genome.select(np.array([genome.names.index(name) for name in ("chrI", "chrVI")]))
    assert check_against(rows, motifs, sequences, BACKGROUNDS[background]) > 14_000


@pytest.mark.parametrize("number", range(0, 20, 4))
def test_scores_are_those_of_biopython_to_within_the_grid(number):
    from Bio import motifs as bio
    from Bio.Seq import Seq

    motif = read_motifs(GOLDEN / "motifs.meme")[number]
    text = "".join(np.random.default_rng(number).choice(list("ACGT"), 20_000))
    scanner = Scanner([motif], BACKGROUNDS["default"])
    frequencies = dict(zip("ACGT", scanner.background.probabilities.tolist(), strict=True))
    counts = {letter: motif.counts[code].tolist() for code, letter in enumerate("ACGT")}
    pseudocounts = {letter: 0.1 * share for letter, share in frequencies.items()}
    pssm = bio.Motif(counts=counts).counts.normalize(pseudocounts).log_odds(frequencies)
    rounding = 0.5 * motif.width / scanner.scores[0].per_bit
    least = 3.0
    found = scanner.scan(Sequences.from_text([text]), scanner.thresholds(score=least))
    ours = {
        (start, reverse): score
        for start, reverse, score in zip(
            found.start.tolist(), found.reverse.tolist(), found.score.tolist(), strict=True
        )
    }
    # Biopython counts starts on the reverse strand from the end, and its scores are in single precision.
    theirs = {
        (start + len(text) if start < 0 else start, start < 0): float(score)
        for start, score in pssm.search(Seq(text), threshold=least - rounding - 1e-3)
    }
    assert ours.keys() <= theirs.keys()
    assert {place for place, score in theirs.items() if score > least + rounding + 1e-3} <= ours.keys()
    assert max(abs(theirs[place] - score) for place, score in ours.items()) <= rounding + 1e-3
    assert len(ours) >= 20


def test_a_motif_is_scored_against_the_background_of_the_scan():
    motif = Motif("A", np.array([[9.0], [0], [0], [1]]), np.array([0.7, 0.1, 0.1, 0.1]))
    scanner = Scanner([motif], Background.from_gc(0.5), pseudocount=1.0)
    best = scanner.scan(Sequences.from_text(["A"]), scanner.thresholds(score=0.1))
    assert best.score[0] == pytest.approx(np.log2((9.25 / 11) / 0.25), abs=0.5 / scanner.scores[0].per_bit)
