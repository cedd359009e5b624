"""Formats of hits: the text of each, and a track that is the highest hit at each base."""

from __future__ import annotations

import math
from urllib.parse import unquote

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motifnet.io.hit_formats import PlacedHit, highest, hit_format_of, rendered

HITS = [
    PlacedHit("chr1", 9, 15, "M1", "GATA;1", "+", 8.25, 1.5e-5, 0.0123, "AGATAA", 0),
    PlacedHit("chr1", 12, 18, "M2", "", "-", -0.5, 1.0, 1.0, "ACGTAC", 1),
    PlacedHit("chr2", 0, 6, "M1", "GATA;1", "-", 9.5, 0.0, 0.0, "AGATAA", 0),
]
GOLDEN = {
    "bed": """\
chr1\t9\t15\tM1\t48\t+\t8.2500\t1.5e-05
chr1\t12\t18\tM2\t0\t-\t-0.5000\t1
chr2\t0\t6\tM1\t1000\t-\t9.5000\t0
""",
    "narrowpeak": """\
chr1\t9\t15\tM1\t48\t+\t8.2500\t4.8239\t1.9101\t3
chr1\t12\t18\tM2\t0\t-\t-0.5000\t0.0000\t0.0000\t3
chr2\t0\t6\tM1\t1000\t-\t9.5000\t300.0000\t300.0000\t3
""",
    "gff3": """\
##gff-version 3
chr1\tmotifnet\tTF_binding_site\t10\t15\t8.2500\t+\t.\tName=M1;Alias=GATA%3B1;p_value=1.5e-05;q_value=0.0123;sequence=AGATAA
chr1\tmotifnet\tTF_binding_site\t13\t18\t-0.5000\t-\t.\tName=M2;p_value=1;q_value=1;sequence=ACGTAC
chr2\tmotifnet\tTF_binding_site\t1\t6\t9.5000\t-\t.\tName=M1;Alias=GATA%3B1;p_value=0;q_value=0;sequence=AGATAA
""",
    "tsv": """\
motif_id\tmotif_alt_id\tsequence_name\tstart\tstop\tstrand\tscore\tp-value\tq-value\tmatched_sequence
M1\tGATA;1\tchr1\t10\t15\t+\t8.25\t1.5e-05\t0.0123\tAGATAA
M2\t\tchr1\t13\t18\t-\t-0.5\t1\t1\tACGTAC
M1\tGATA;1\tchr2\t1\t6\t-\t9.5\t0\t0\tAGATAA
""",
    "bedgraph": """\
chr1\t9\t15\t4.824
chr2\t0\t6\t300.000
""",
}


@pytest.mark.parametrize("name", GOLDEN)
def test_the_text_of_a_format(name):
    assert "".join(f"{line}\n" for line in rendered(name, iter(HITS))) == GOLDEN[name]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("a.BED", "bed"),
        ("a.narrowPeak.gz", "narrowpeak"),
        ("a.gff", "gff3"),
        ("a.txt", "tsv"),
        ("a.bdg", "bedgraph"),
    ],
)
def test_the_ending_tells_the_format(path, name):
    assert hit_format_of(path) == name


STRETCHES = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 9), st.integers(1, 4)), max_size=12)


@given(STRETCHES)
def test_the_highest_is_the_largest_value_at_each_base(made):
    stretches = sorted((start, start + length, float(value)) for start, length, value in made)
    wanted = np.zeros(50)
    for start, end, value in stretches:
        wanted[start:end] = np.maximum(wanted[start:end], value)
    found, reached = np.zeros(50), 0
    for start, end, value in highest(stretches):
        assert reached <= start < end
        assert value > 0
        found[start:end], reached = value, end
    np.testing.assert_array_equal(found, wanted)


def test_a_p_value_of_zero_has_a_score():
    (row,) = rendered("bed", [HITS[2]])
    assert math.isfinite(float(row.split("\t")[4]))


def test_names_of_any_letters_do_not_break_the_attributes_of_gff3():
    """Names of YEASTRACT hold what parts attributes from each other."""
    (row,) = list(rendered("gff3", [HITS[0]._replace(name="Abf1p&consensus=A;x,50%\ty", alt_name="")]))[-1:]
    attributes = row.split("\t")[8]
    assert len(row.split("\t")) == 9
    assert "Name=Abf1p%26consensus%3DA%3Bx%2C50%25%09y;" in attributes
    assert unquote(attributes.split(";")[0]) == "Name=Abf1p&consensus=A;x,50%\ty"
