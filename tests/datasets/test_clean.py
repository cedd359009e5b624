"""What is removed, counted and kept, against plain Python."""

from hypothesis import given, settings
from hypothesis import strategies as st

from motifnet.datasets.clean import clean
from motifnet.strand import Strand
from motifnet.symbols import DNA, Sequences

TEXTS = st.lists(st.text(st.sampled_from("ACGTN"), max_size=5), max_size=12)


def reverse_complement(text):
    return DNA.decode(DNA.reverse_complement(DNA.encode(text)))


@given(TEXTS, st.integers(0, 3), st.sampled_from([Strand.BOTH, Strand.SINGLE]))
@settings(deadline=None)
def test_the_first_of_equal_sequences_stays(texts, min_length, strand):
    found = clean(Sequences.from_text(texts), min_length, strand=strand)
    kept, expected = {}, []
    for i, text in enumerate(texts):
        n_known = len(text) - text.count("N")
        same = {text, reverse_complement(text)} if strand.reads_both else {text}
        if n_known < max(min_length, 1):
            continue
        if not same & set(kept):
            kept[text] = i
            expected.append(i)
        assert found.original[i] == next(kept[one] for one in same if one in kept)
    assert found.kept.tolist() == expected
    assert sum(found.removed.values()) == len(texts) - len(expected)


def test_each_reason_is_counted():
    texts = ["ACCT", "AGGT", "ACCT", "", "NNN", "ANN", "TTTT", "AAAA"]
    found = clean(Sequences.from_text(texts), 2)
    assert found.removed == {
        "empty": 1,
        "only unknown bases": 1,
        "too short": 1,
        "duplicate": 1,
        "reverse-complement duplicate": 2,
    }
    assert found.kept.tolist() == [0, 6]
    assert found.original.tolist() == [0, 0, 0, -1, -1, -1, 6, 6]


def test_a_reverse_complement_is_another_sequence_where_strands_differ():
    assert clean(Sequences.from_text(["AAAA", "TTTT"]), strand=Strand.SINGLE).removed == {}
