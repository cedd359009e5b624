"""Motifs that a page gives away: none ends the element they stand in, or has more sites than are told."""

import json

import numpy as np
from factory import full_result

from motifnet.motifs import Motif
from motifnet.motifs.tomtom import Match
from motifnet.report.tables.given_motifs import MOST_SITES, GivenMotif, given_json, pair_of


def test_no_name_ends_the_element():
    evil = Motif("</script><script>alert('x')//", np.eye(4), alt_name="\u2028&\x00")
    text = given_json({"m1": GivenMotif(evil)})
    assert "<" not in text
    assert json.loads(text)["m1"]["name"] == evil.name


def test_the_best_sites_are_given_as_the_file_of_sites_has_them():
    found = full_result().motifs[0]
    row = json.loads(given_json({"m1": GivenMotif(found.motif, found.sites)}))["m1"]
    lines = [line.split("\t") for line in row["bed"].splitlines()]
    assert 0 < len(lines) <= MOST_SITES
    assert row["n_bed"] == len(found.sites)
    assert {len(line) for line in lines} == {6}
    assert {line[3] for line in lines} == {found.motif.name}
    assert max(int(line[4]) for line in lines) == 1000


def test_what_is_not_usual_is_told():
    rna = Motif("U", np.eye(4), background=np.array([0.3, 0.2, 0.2, 0.3]), log10_e_value=-9.0, alphabet="RNA")
    row = json.loads(given_json({"m1": GivenMotif(rna)}))["m1"]
    assert (row["rna"], row["single"], row["e"]) == (True, True, "1.0e-9")
    assert row["background"] == [0.3, 0.2, 0.2, 0.3]


def test_a_pair_that_is_turned_shows_the_same_columns():
    known = Motif("known", np.ones((4, 20)))
    match = Match(known, "db", 1e-5, 1e-4, 1e-2, offset=-4, overlap=8, reverse=False)
    assert pair_of("m1", 8, "k1", match, reverse=False, flank=3) == "m1 0 + :; k1 -3 + 1:15 name"
    assert pair_of("m1", 8, "k1", match, reverse=True, flank=3) == "m1 0 - :; k1 -3 - 5:19 name"
