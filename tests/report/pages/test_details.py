"""The best sites of a motif: what is copied from the page is where the bases are."""

import re
from dataclasses import replace

import numpy as np
import pytest
from factory import full_result, told_result

from motifnet.motifs import Sites
from motifnet.report.pages.sections.details import details
from motifnet.symbols import DNA, Interval, Sequences

GENOME = np.random.default_rng(0).integers(0, 4, 4000, dtype=np.uint8)
ROW = re.compile(
    r"<tr><td>([^<]*)</td><td>([^<]*)</td><td>([+-])</td><td>[^<]*</td><td><code>(.*?)</code></td></tr>"
)


def told(intervals):
    """Sequence, place, strand and bases of each site on the page, and what is said of the places."""
    codes = []
    for i, where in enumerate(intervals):
        start = 700 * i if where is None else where.start
        bases = GENOME[start : start + 60]
        codes.append(DNA.reverse_complement(bases) if where is not None and where.strand == "-" else bases)
    sequences = Sequences.from_codes(codes, [f"s{i}" for i in range(len(codes))], intervals)
    index = np.arange(len(codes))
    sites = Sites(sequences, 7, index, 5 + 3 * index, index % 2 == 1, 9.0 - index)
    result = full_result()
    page = details(replace(result, motifs=[replace(result.motifs[0], sites=sites)]))
    rows = [(*row[:3], re.sub("<.*?>", "", row[3])) for row in ROW.findall(page)]
    assert len(rows) == len(intervals)
    return rows, re.search(r'<p class="quiet">(Places .*?)</p>', page)[1], sequences


def test_places_in_the_genome_are_those_of_browsers():
    intervals = [Interval("chr1", 700 * i + 11, 700 * i + 71, strand) for i, strand in enumerate(".+--")]
    rows, sentence, _ = told(intervals)
    assert sentence.startswith("Places are in the genome, and strands are its: 1-based, both ends included")
    for _, place, strand, text in rows:
        chrom, first, last = re.fullmatch(r"(chr1):(\d+)-(\d+)", place).groups()
        bases = GENOME[int(first) - 1 : int(last)]  # base 1 is the first
        assert text == DNA.decode(DNA.reverse_complement(bases) if strand == "-" else bases)
        assert chrom == "chr1"


def test_places_in_sequences_count_from_1():
    rows, sentence, sequences = told([None, None, None])
    assert sentence.startswith("Places are within the sequences, whose coordinates are not known: 1-based")
    for i, (name, place, strand, text) in enumerate(rows):
        first, last = map(int, place.split("–"))
        bases = sequences[i][first - 1 : last]
        assert (name, text) == (
            f"s{i}",
            DNA.decode(DNA.reverse_complement(bases) if strand == "-" else bases),
        )


def test_some_of_both_are_told_apart():
    rows, sentence, _ = told([Interval("chr1", 0, 60), None])
    assert "where a chromosome stands before them" in sentence
    assert [row[1] for row in rows] == ["chr1:6-12", "9–15"]


@pytest.mark.parametrize("strand", ["+", "-", "."])
def test_the_region_of_an_interval_is_read_back_as_the_same_place(strand):
    where = Interval("chr11", 61666766, 61666782, strand)
    assert where.region == "chr11:61666767-61666782"
    assert Interval.from_header(where.region, where.length) == where._replace(strand=".")


def test_the_tie_of_a_motif_is_told_where_it_is_under_one():
    result = full_result()
    tied = [replace(result.motifs[0], tie="palindrome"), *result.motifs[1:]]
    assert details(replace(result, motifs=tied)).count("Under the tie") == 1
    assert "Under the tie" not in details(result)


def test_a_family_is_folded_below_its_motif():
    block = _blocks(details(told_result()))[0]
    assert "<summary>1 part, 1 variant, 1 longer motif, 1 composite</summary>" in block
    for member in told_result().motifs[0].members:
        assert f"{member.motif.consensus} <span" in block
        assert f"{member.enrichment.target_hits} of {member.enrichment.n_targets:,}" in block
    assert re.findall(r"v1\.\d", block) == ["v1.1", "v1.2", "v1.3"]


def test_a_composite_is_told_at_both_ends():
    first, second, _ = _blocks(details(told_result()))
    assert '<a href="#motif-2">2-RTGACTCAY</a> <span class="remark">composite' in first
    assert 'It extends <a href="#motif-1">1-CCASYAGRKGGCR</a>; among sequences with it, 40.2% of' in second


def test_companions_are_told_as_each_motif_is_read():
    first, second, third = _blocks(details(told_result()))
    assert "4 bp downstream, same strand" in first
    assert "4 bp upstream, same strand" in second
    assert " bp " not in third


def test_what_is_not_significant_is_no_companion():
    result = told_result()
    (companion, nowhere), *_ = (found.companions for found in result.motifs)
    alone = companion.together._replace(log10_p_more=-0.3, log10_p_fewer=-0.3)
    silent = nowhere._replace(together=alone)
    first = replace(result.motifs[0], companions=[silent])
    page = details(replace(result, motifs=[first, *result.motifs[1:]]))
    assert "No other motif is with it more or less often than by chance" in _blocks(page)[0]


def _blocks(page):
    """The block of each motif."""
    return re.split(r'<details id="motif-\d+"', page)[1:]
