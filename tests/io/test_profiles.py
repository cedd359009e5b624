"""The model file of a profile is read back or refused; tables and alignments are as they are told."""

from __future__ import annotations

import json

import pytest

from motifnet.errors import CheckpointError, MissingFile
from motifnet.io.profiles import (
    PROFILE_SITE_COLUMNS,
    ProfileRecord,
    ProfileSite,
    read_profile,
    write_a2m,
    write_profile,
    write_profile_sites,
)

ROW = (0.1, 0.2, 0.3, 0.4)
RECORD = ProfileRecord(
    gap_tie="shared",
    insert_tie="background",
    strand="both",
    background=ROW,
    transitions=(ROW,),
    match=(ROW, ROW),
    insert=(ROW, ROW),
    gaps=(ROW, ROW),
    spacer=None,
)
SPACER = {"before": 1, "shortest": 16, "probabilities": [0.25, 0.75]}


def test_round_trip(tmp_path):
    spaced = ProfileRecord(**RECORD.model_dump() | {"gap_tie": "spacer", "spacer": SPACER})
    for record in (spaced, RECORD):
        write_profile(tmp_path / "model.json", record)
        assert read_profile(tmp_path / "model.json") == record
    assert json.loads((tmp_path / "model.json").read_text())["version"] == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"version": 2}, "version: Input should be 1"),
        ({"match": [[0.1, 0.2, 0.3, 2.0]] * 2}, "match.0.3: Input should be less than or equal to 1"),
        ({"match": [ROW]}, "one row for each column"),
        ({"match": [ROW, [0.1, 0.2, 0.3, 0.3]]}, "row 2 of match sums to 0.9, and not to 1"),
        ({"transitions": [ROW] * 5}, "5 rows of transitions, not 1, 4 or 16"),
        ({"transitions": [[0.1, 0.2, 0.3, 0.3]]}, "row 1 of transitions sums to 0.9, and not to 1"),
        ({"gap_tie": "spacer"}, "a spacer goes with the gap_tie 'spacer', and with no other"),
        ({"spacer": SPACER}, "a spacer goes with the gap_tie 'spacer', and with no other"),
        ({"gap_tie": "spacer", "spacer": SPACER | {"before": 2}}, "a column on either side"),
        ({"gap_tie": "spacer", "spacer": SPACER | {"probabilities": [0.5]}}, "do not sum to 1"),
        ({"background": [0.1, 0.2, 0.3, 0.5]}, "row 1 of background sums to 1.1, and not to 1"),
        ({"insert": [ROW, [True, 0.0, 0.0, 0.0]]}, "true is no number"),
        ({"version": True}, "true is no number"),
        ({"strand": "single"}, "its content is not that of its digest"),
        ({"gap_tie": "loose"}, "gap_tie: Input should be"),
        ({"colour": "red"}, "colour: Extra inputs"),
    ],
)
def test_what_is_no_profile_is_refused(tmp_path, change, said):
    write_profile(tmp_path / "model.json", RECORD)
    content = json.loads((tmp_path / "model.json").read_text())
    (tmp_path / "model.json").write_text(json.dumps(content | change))
    with pytest.raises(CheckpointError, match=said):
        read_profile(tmp_path / "model.json")


@pytest.mark.parametrize("text", ["", "[1", '{"format": "motifnet profile"}'])
def test_a_file_that_was_cut_short_is_refused(tmp_path, text):
    (tmp_path / "model.json").write_text(text)
    with pytest.raises(CheckpointError, match=r"expected the model\.json of motifnet profile"):
        read_profile(tmp_path / "model.json")


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(MissingFile):
        read_profile(tmp_path / "model.json")


def test_alignment_and_sites_are_text(tmp_path):
    write_a2m(tmp_path / "a.fa", ["one", "two"], ["AcG", "A.-"])
    assert (tmp_path / "a.fa").read_text() == ">one\nAcG\n>two\nA.-\n"
    site = ProfileSite("one", 3, 9, "-", 0.75, 12.5, {2: 1, 4: 3}, [5], "ACGTAC")
    write_profile_sites(tmp_path / "sites.tsv", [site])
    header, row = (tmp_path / "sites.tsv").read_text().splitlines()
    assert dict(zip(header.split("\t"), row.split("\t"), strict=True)) == dict(
        zip(
            PROFILE_SITE_COLUMNS,
            ["one", "4", "9", "-", "0.75", "12.5000", "2:1,4:3", "5", "ACGTAC"],
            strict=True,
        )
    )
