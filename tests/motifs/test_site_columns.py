"""Sites: the text, the places and the order of what the columns say."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motifnet.motifs import Sites, sites
from motifnet.symbols import DNA, Interval, Sequences

WIDTH = 4


@st.composite
def some_sites(draw):
    """Sites at any place of sequences that lie anywhere, on any strand."""
    texts = draw(st.lists(st.text("ACGTN", min_size=WIDTH, max_size=12), min_size=1, max_size=5))
    strands = draw(st.lists(st.sampled_from("+-."), min_size=len(texts), max_size=len(texts)))
    lengths = np.array([len(text) for text in texts])
    intervals = [
        Interval("c", 50 * i, 50 * i + length, strand)
        for i, (length, strand) in enumerate(zip(lengths.tolist(), strands, strict=True))
    ]
    sequences = Sequences.from_codes(
        list(map(DNA.encode, texts)), None, draw(st.sampled_from([intervals, None]))
    )
    index = np.array(draw(st.lists(st.integers(0, len(texts) - 1), max_size=9)), int)
    start = np.array([draw(st.integers(0, int(lengths[i]) - WIDTH)) for i in index], int)
    reverse = np.array(draw(st.lists(st.booleans(), min_size=len(index), max_size=len(index))), bool)
    score = np.array(draw(st.lists(st.integers(-3, 3), min_size=len(index), max_size=len(index))), float)
    return Sites(sequences, WIDTH, index, start, reverse, score)


@given(some_sites())
def test_each_site_says_what_its_sequence_holds(found):
    listed = list(found)
    assert len(listed) == len(found)
    for k, site in enumerate(listed):
        text = found.sequences.text(found.index[k])[site.start : site.end]
        turned = DNA.decode(DNA.reverse_complement(DNA.encode(text)))
        assert site.sequence == found.sequences.names[found.index[k]]
        assert site.end - site.start == WIDTH
        assert site.text == (turned if site.strand == "-" else text)
        assert (site.start, site.strand, site.score) == (
            found.start[k], "-" if found.reverse[k] else "+", found.score[k],
        )  # fmt: skip


@given(some_sites())
def test_the_genome_reads_the_same_at_the_place_of_a_site(found):
    for i, site in zip(found.index, found, strict=True):
        if found.sequences.intervals is None:
            assert site.where is None
            continue
        origin, codes = found.sequences.intervals[i], found.sequences[i]
        genome = DNA.reverse_complement(codes) if origin.strand == "-" else codes
        there = genome[site.where.start - origin.start : site.where.end - origin.start]
        assert site.where.chrom == origin.chrom
        assert DNA.decode(DNA.reverse_complement(there) if site.where.strand == "-" else there) == site.text


@given(some_sites(), st.integers(0, 10))
def test_the_best_come_first_and_of_equals_the_first(found, n):
    expected = sorted(found, key=lambda site: -site.score)[:n]
    assert list(found.best(n)) == expected


@given(some_sites())
def test_distances_are_between_the_centres(found):
    for i, site, distance in zip(found.index, found, found.centre_distances, strict=True):
        assert distance == (site.start + site.end) / 2 - len(found.sequences[i]) / 2


@pytest.mark.parametrize("chunk", [1, 2, 100])
def test_sites_are_the_same_however_many_are_listed_at_once(monkeypatch, chunk):
    texts = Sequences.from_text(["AACCGGTT", "TTTTAAAA"])
    found = Sites(texts, 3, np.array([0, 1, 1]), np.array([0, 2, 5]), np.array([0, 1, 0], bool), np.ones(3))
    monkeypatch.setattr(sites, "_CHUNK", chunk)
    assert [(site.sequence, site.text) for site in found] == [
        ("seq1", "AAC"),
        ("seq2", "TAA"),
        ("seq2", "AAA"),
    ]
