"""The page of families: whole, offline, escaped, with no broken link inside."""

import re

import pytest
from clustered_motifs import FAMILIES, clustered, motif
from html_page import Page, assert_whole_and_offline

from motifnet.report.pages.families import render_families

PAGES = {
    "families": render_families(FAMILIES),
    "one source": render_families(clustered([motif("GGTGA"), motif("CCAAT")], [0, 0])),
}


@pytest.mark.parametrize("kind", PAGES)
def test_page_is_whole_offline_and_escaped(kind):
    assert_whole_and_offline(PAGES[kind])


def test_families_show_members_and_who_found_them():
    words = re.sub(r"\s+", " ", " ".join(Page(PAGES["families"]).words))
    assert "3 motifs form 2 families" in words
    assert "2 of 2" in words
    assert "1 family of one source alone" in words
    assert "Reproducibility" not in PAGES["one source"]
