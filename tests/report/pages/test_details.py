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


def test_what_a_composite_is_compared_with_for_want_of_controls_is_told():
    told = told_result()
    motifs = [replace(one, against_shuffled=bool(one.extends)) for one in told.motifs]
    first, second, _ = _blocks(details(replace(told, motifs=motifs)))
    for block in (first, second):
        assert (
            "too few controls have that one to compare with, but of its sites in targets 40.2% are in"
            in block
        )
        assert "with the bases beside them shuffled" in block


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


def _companion(*, more=0.0, fewer=0.0, place=None):
    """A companion of the third motif of the family, of such log10 of p-values."""
    (companion, _), *_ = (found.companions for found in told_result().motifs)
    neighbour = companion.neighbour._replace(log10_p=place) if place is not None else None
    together = companion.together._replace(log10_p_more=more, log10_p_fewer=fewer)
    return companion._replace(together=together, neighbour=neighbour)


def _of_first(*companions):
    """What the block of the first motif says of each table of companions, by its heading."""
    result = told_result()
    page = details(
        replace(result, motifs=[replace(result.motifs[0], companions=companions), *result.motifs[1:]])
    )
    parts = re.split("<h3>(.*?)</h3>", _blocks(page)[0])
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@pytest.mark.parametrize("place", [None, -0.01, -20.0], ids=["nowhere", "anywhere", "there"])
@pytest.mark.parametrize(
    ("together", "heading"), [({"more": -9.0}, "Found with"), ({"fewer": -9.0}, "Avoids"), ({}, "Found with")]
)
def test_companions_stand_where_they_belong_and_a_place_only_where_it_is_one(together, heading, place):
    """A motif that is there less often is not found with another, and nothing keeps a distance by chance."""
    told = _of_first(_companion(**together, place=place))
    other = {"Found with": "Avoids", "Avoids": "Found with"}[heading]
    assert other not in told
    if not together and place != -20.0:
        assert "No other motif is with it" in told[heading]
        return
    assert '<a href="#motif-2">' in told[heading]
    assert (" bp downstream" in told[heading]) == ("E of the place" in told[heading]) == (place == -20.0)
    assert (" of 130" in told[heading]) == (place == -20.0)


def test_both_tables_of_companions_stand_side_by_side():
    third = told_result().motifs[2].motif.name
    told = _of_first(
        _companion(more=-9.0, place=-0.01), _companion(fewer=-9.0, place=-20.0)._replace(name=third)
    )
    assert '<a href="#motif-2">' in told["Found with"]
    assert '<a href="#motif-3">' in told["Avoids"]
    assert " bp " not in told["Found with"]
    assert " bp " in told["Avoids"]


def test_where_one_of_several_keeps_a_distance_the_others_have_none():
    third = told_result().motifs[2].motif.name
    told = _of_first(
        _companion(more=-9.0, place=-20.0), _companion(more=-9.0, place=-0.01)._replace(name=third)
    )
    cells = [row.count("<td") for row in told["Found with"].split("<tr>")[2:]]
    assert cells == [6, 6]
    assert told["Found with"].count(" bp ") == 1


def _blocks(page):
    """The block of each motif."""
    return re.split(r'<details id="motif-\d+"', page)[1:]
