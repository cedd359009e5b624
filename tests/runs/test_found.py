"""Motifs of RNA: their letters, and all names that are made of them."""

from dataclasses import replace

from motifnet.runs.found import as_rna
from tests.report.factory import told_result


def test_motifs_of_rna_their_members_and_what_they_extend_are_told_as_rna():
    first, second, *_ = as_rna([replace(one, companions=()) for one in told_result().motifs])
    assert {first.motif.alphabet, *(part.motif.alphabet for part in first.members)} == {"RNA"}
    assert first.motif.name == f"1-{first.motif.consensus}"
    assert second.motif.name == "2-RUGACUCAY"
    assert second.extends == first.motif.name
    assert [part.motif.name for part in first.members] == [part.motif.consensus for part in first.members]
    assert not any("T" in part.motif.consensus for part in first.members)
