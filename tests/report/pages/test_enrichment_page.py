"""The page of known motifs: whole, offline, escaped, and honest where nothing is enriched."""

import pytest
from html_page import Page, assert_whole_and_offline
from known_motifs import enriched, result, spacing

from motifnet.report.pages.enrichment import render_enrichment

PAGES = {
    "enriched": render_enrichment(result([enriched(), enriched(), enriched(like=3)], [spacing()])),
    "nothing": render_enrichment(result([enriched(0, log10_e=5.0)], [])),
}


def words(kind):
    return " ".join(" ".join(Page(PAGES[kind]).words).split())


@pytest.mark.parametrize("kind", PAGES)
def test_page_is_whole_offline_and_escaped(kind):
    assert_whole_and_offline(PAGES[kind])
    assert "\x00" not in PAGES[kind]
    assert not {"nan", "inf", "None"} & {text.strip() for text in Page(PAGES[kind]).words}


def test_motifs_that_are_alike_share_a_row():
    assert "3 of 3 known motifs are enriched, 2 of them unlike each other" in words("enriched")
    assert "1 like it" in words("enriched")


def test_motifs_that_are_like_a_better_one_are_folded_below_it():
    rows = [attributes for tag, attributes in Page(PAGES["enriched"]).elements if tag == "tr"]
    assert [row.get("data-of") for row in rows if row.get("class") == "member"] == ["1"]
    assert "1.00 similar to <A&B> (MA0001.1)" in words("enriched")


def test_spacings_are_drawn_with_their_figures():
    assert "12 of 15 sites at a gap of 7 bp" in words("enriched")
    assert 'class="primary"' in PAGES["enriched"]


def test_where_nothing_is_enriched_the_page_says_so():
    assert "None of 1 known motif is enriched" in words("nothing")
    assert "Spacings around" not in words("nothing")
