"""Sequences as a caller has them."""

import numpy as np
import pytest
from Bio.Seq import Seq
from Bio.SeqRecord import SeqRecord

from motifnet.errors import InvalidValue
from motifnet.symbols import Sequences
from motifnet.symbols.given import as_sequences


def test_what_is_given_as_sequences_is_taken_as_it_is():
    given = Sequences.from_text(["ACGT"])
    assert as_sequences(given) is given


def test_text_records_and_codes_are_the_same_sequences():
    forms = ["acgun", b"ACGTN", np.str_("ACGTR"), Seq("ACGTN"), np.array([0, 1, 2, 3, 4], np.uint8)]
    found = as_sequences(iter([*forms, SeqRecord(Seq("ACGTN"), id="chr1")]))
    assert found.names == ["seq1", "seq2", "seq3", "seq4", "seq5", "chr1"]
    assert {found.text(i) for i in range(6)} == {"ACGTN"}
    assert len(as_sequences([])) == 0


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("ACGT", "sequences is 'ACGT'; expected a list of them"),
        (3, "sequences is '3'; expected a list of them"),
        ([3.0], "sequence seq1 is '3.0'; expected letters, a record of Biopython, or codes"),
        (["AC-"], "letter 3 of sequence seq1 is '-'; expected a base"),
        ([SeqRecord(Seq("AE"), id="P1")], "letter 2 of sequence P1 is 'E'"),
        ([np.array([7], np.uint8)], "a row of codes 0 to 4"),
        (np.ones((2, 3)), "an array of float64 and shape"),
    ],
)
def test_what_is_no_sequence_is_refused(given, sentence):
    with pytest.raises(InvalidValue, match=sentence):
        as_sequences(given)
