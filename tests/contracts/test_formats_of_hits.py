"""The contract of formats of hits: every base of a hit is told where the format says that it tells it.

Formats are found in their registry, so that a new one is tried without an edit here.
"""

import gzip
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motifnet.errors import InvalidValue
from motifnet.io.hit_files import write_hits
from motifnet.io.hit_formats import HIT_FORMATS, PlacedHit, hit_format_of, rendered


def hit(contig="chr1", start=9, name="M1", word="ACGTAC", q_value=0.01):
    return PlacedHit(contig, start, start + len(word), name, "", "+", 8.0, 1e-5, q_value, word, 0)


@st.composite
def hit_lists(draw):
    """Hits in the order in which they are written: by contig and place."""
    placed = st.tuples(st.sampled_from(["chr1", "chr2"]), st.integers(0, 60), st.integers(1, 12))
    found = sorted(draw(st.lists(placed, min_size=1, max_size=12)))
    return [hit(contig, start, f"M{i}", "A" * width) for i, (contig, start, width) in enumerate(found)]


def lines_of(name, hits):
    """Lines below the header."""
    return list(rendered(name, iter(hits)))[len(HIT_FORMATS[name].header) :]


def place_in(line, name):
    """The contig, start and end that a line tells, 0-based and half-open."""
    contig, start, end, is_zero_based, _ = HIT_FORMATS[name].columns
    fields = line.split("\t")
    return fields[contig - 1], int(fields[start - 1]) - (not is_zero_based), int(fields[end - 1])


def bases(places):
    return {(contig, at) for contig, start, end in places for at in range(start, end)}


def is_track(name):
    """Whether hits that overlap share lines, as those of a track do."""
    return len(lines_of(name, [hit(), hit()])) == 1


def test_formats_are_found():
    assert len(HIT_FORMATS) >= 5
    assert not all(map(is_track, HIT_FORMATS))


@pytest.mark.parametrize("name", list(HIT_FORMATS))
@given(hits=hit_lists())
def test_every_base_of_a_hit_is_told_and_no_other(name, hits):
    found = [place_in(line, name) for line in lines_of(name, hits)]
    wanted = [(each.contig, each.start, each.end) for each in hits]
    assert found == sorted(found)
    assert bases(found) == bases(wanted)
    assert is_track(name) or found == wanted


@pytest.mark.parametrize("name", list(HIT_FORMATS))
def test_no_hits_are_the_header_alone(name):
    header = HIT_FORMATS[name].header
    assert tuple(rendered(name, [])) == header
    assert sum(not line.startswith("#") for line in header) == HIT_FORMATS[name].columns.n_skipped


@pytest.mark.parametrize("name", list(HIT_FORMATS))
def test_what_a_format_tells_is_what_it_says_that_it_tells(name):
    known = HIT_FORMATS[name]
    plain = lines_of(name, [hit()])
    assert (lines_of(name, [hit(q_value=0.5)]) != plain) == known.has_q_values
    assert (lines_of(name, [hit(word="ACGTAG")]) != plain) == known.has_words


@pytest.mark.parametrize("name", list(HIT_FORMATS))
def test_a_file_has_these_lines_plain_or_in_blocks(name, tmp_path):
    hits = [hit(), hit(start=30, name="M2"), hit("chr2")]
    for file in ("plain", "packed.gz"):
        write_hits(tmp_path / file, hits, name)
    text = "".join(f"{line}\n" for line in rendered(name, hits))
    assert (tmp_path / "plain").read_bytes() == text.encode()
    assert gzip.decompress((tmp_path / "packed.gz").read_bytes()) == text.encode()


def test_the_ending_tells_the_format():
    endings = {suffix: name for name in HIT_FORMATS for suffix in HIT_FORMATS[name].suffixes}
    assert len(endings) == sum(len(HIT_FORMATS[name].suffixes) for name in HIT_FORMATS) >= len(HIT_FORMATS)
    for suffix, name in endings.items():
        assert hit_format_of(f"some.folder/hits{suffix}") == hit_format_of(f"HITS{suffix.upper()}.gz") == name
    usual = ", ".join(HIT_FORMATS[name].suffixes[0] for name in HIT_FORMATS)
    with pytest.raises(InvalidValue, match=re.escape(f"'.no'; expected one of {usual}, or a --format")):
        hit_format_of("hits.no")
