"""Tables of motifs and of their matches: columns, empty results, hostile names."""

import csv
import io
from dataclasses import replace

import pytest
from factory import bare_result, full_result, told_result

from motifnet.report.tables.companions import companions_tsv
from motifnet.report.tables.matches import matches_tsv
from motifnet.report.tables.motifs import motifs_tsv


def matched_tsv(result):
    return matches_tsv([(found.motif, found.matches) for found in result.motifs])


def rows_of(table):
    return list(csv.DictReader(io.StringIO(table), delimiter="\t"))


def test_first_columns_are_those_of_xstreme():
    header = motifs_tsv(full_result()).splitlines()[0].split("\t")
    expected = "RANK ID ALT_ID CONSENSUS WIDTH SITES EVALUE SIM_SOURCE SIM_MOTIF MOTIF_URL"
    assert header[:10] == expected.split()
    assert len(header) == len(set(header)) >= 20


def test_motif_row():
    row = rows_of(motifs_tsv(full_result()))[0]
    found = full_result().motifs[0]
    assert (row["RANK"], row["ID"], row["WIDTH"], row["SITES"]) == ("1", "1-CCASYAGRKGGCR", "13", "760")
    assert row["SIM_MOTIF"] == "MA0139.2 (CTCF)"
    assert row["significant"] == "yes"
    assert row["p_value"] == "4.4e-838"
    assert float(row["log10_p_value"]) == pytest.approx(found.enrichment.log10_p, rel=1e-5)
    assert float(row["target_share"]) == pytest.approx(found.enrichment.target_share)
    assert row["filters"] == "filter-1a,filter-1b"


def test_what_is_no_motif_is_told_from_motifs():
    rows = rows_of(motifs_tsv(told_result()))
    assert [row["significant"] for row in rows] == ["yes", "yes", "yes", "set apart", "set apart"]
    assert [row["class"] for row in rows][2:] == ["motif", "repeat", "low complexity"]
    assert rows[1]["extends"] == rows[0]["ID"]
    test = told_result().motifs[0].members[0].enrichment
    assert rows[0]["members"].split(",")[0] == f"variant:CCASYAGRKGG:{test.target_hits}/{test.control_hits}"


def test_a_pair_of_companions_is_one_row():
    rows = rows_of(companions_tsv(told_result()))
    assert [(row["first"], row["second"]) for row in rows] == [
        ("1-CCASYAGRKGGCR", "2-RTGACTCAY"),
        ("1-CCASYAGRKGGCR", "3-AGATAAVR"),
    ]
    assert (rows[0]["gap"], rows[0]["side"], rows[0]["strands"]) == ("4", "downstream", "same")
    assert (rows[1]["gap"], rows[1]["e_place"]) == ("", "")


def test_motif_without_a_match_has_empty_cells():
    row = rows_of(motifs_tsv(full_result()))[-1]
    assert (row["SIM_SOURCE"], row["SIM_MOTIF"], row["MOTIF_URL"], row["sim_q_value"]) == ("", "", "", "")
    assert row["significant"] == "no"


@pytest.mark.parametrize("table", [motifs_tsv, matched_tsv])
def test_without_motifs_there_is_a_header_alone(table):
    assert table(bare_result()) == table(full_result()).splitlines()[0] + "\n"


@pytest.mark.parametrize("table", [motifs_tsv, matched_tsv])
def test_a_name_cannot_break_the_table(table):
    found = full_result().motifs[0]
    evil = replace(found, motif=replace(found.motif, name="a\tb\r\nc\x00\udcff"))
    text = table(replace(full_result(), motifs=[evil]))
    text.encode()
    assert len({line.count("\t") for line in text.splitlines()}) == 1


def test_matches_are_all_listed_with_tomtoms_names():
    rows = rows_of(matched_tsv(full_result()))
    assert len(rows) == 9
    assert rows[0]["Target_ID"] == "MA0139.2"
    assert rows[0]["Optimal_offset"] == "2"
    assert (rows[0]["Orientation"], rows[1]["Orientation"]) == ("+", "-")
