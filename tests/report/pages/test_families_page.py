"""The page of families: whole, offline, escaped, with no broken link inside."""

import re
from dataclasses import replace
from itertools import product

import pytest
from clustered_motifs import FAMILIES, clustered, motif
from html_page import Page, assert_whole_and_offline

from motifnet.motifs.cluster import Family, Member
from motifnet.report.pages.families import render_families

PAGES = {
    "families": render_families(FAMILIES),
    "one source": render_families(clustered([motif("GGTGA"), motif("CCAAT")], [0, 0])),
}


def test_of_many_families_the_tree_is_folded_and_later_logos_are_drawn_where_they_are_looked_at():
    words = ["".join(letters) for letters in product("ACGT", repeat=4)][:120]
    alone = [Family(motif(word), [Member(i, 0, False, 1.0)]) for i, word in enumerate(words)]
    motifs, source_of = [motif(word) for word in words], ["one"] * len(words)
    result = replace(FAMILIES, motifs=motifs, families=alone, source_of=source_of, reproduced=[])
    page = render_families(result)
    drawn = page.partition("<script>")[0]
    assert "<summary>The tree of 120 families" in page
    assert 0 < drawn.count('<svg class="logo"') < 120
    assert drawn.count('class="drawn"') == 120 - drawn.count('<svg class="logo"')
    assert_whole_and_offline(page)


@pytest.mark.parametrize("kind", PAGES)
def test_page_is_whole_offline_and_escaped(kind):
    assert_whole_and_offline(PAGES[kind])


def test_families_show_members_and_who_found_them():
    words = re.sub(r"\s+", " ", " ".join(Page(PAGES["families"]).words))
    assert "3 motifs form 2 families" in words
    assert "2 of 2" in words
    assert "1 family of one source alone" in words
    assert "Reproducibility" not in PAGES["one source"]
