"""The page of matches and the page of families: whole, offline, escaped, with no broken link inside."""

import re

import numpy as np
import pytest
from test_html import Page

from motifnet.motifs import Motif
from motifnet.motifs.cluster import cluster
from motifnet.motifs.reproducibility import reproducibility
from motifnet.motifs.tomtom import Match
from motifnet.report.family_page import FamilyResult, render_families
from motifnet.report.family_tables import families_tsv, reproducibility_tsv
from motifnet.report.match_page import MOST_MATCHES, MatchResult, render_matches
from motifnet.report.tree import Leaf, tree_drawing

EVIL = "<script>alert('x')</script>&\"co\""


def motif(word, name="", alt_name=""):
    return Motif(name or word, 20 * np.eye(4)[:, ["ACGT".index(base) for base in word]], alt_name=alt_name)


def match(name, p_value=1e-5, *, reverse=False):
    return Match(motif("TGACG", name, "ATF"), "db", p_value, p_value, p_value, 1, 4, reverse)


def matched(queries, matches, warnings=()):
    return render_matches(MatchResult("a title", queries, matches, {"db": 1}, warnings))


def clustered(motifs, source_of):
    found = cluster(motifs)
    drawing = tree_drawing([Leaf(one, one.name) for one in motifs], found.tree)
    reproduced = reproducibility(found.families, motifs, source_of) if max(source_of) else []
    names = ["one", EVIL]
    return FamilyResult(
        "a title", motifs, [names[i] for i in source_of], found.families, drawing, reproduced, names
    )


FAMILIES = clustered([motif("GGTGA"), motif("GGTGA", EVIL).reverse_complement(), motif("CCAAT")], [0, 1, 0])

PAGES = {
    "matches": matched([motif("CTGAC"), motif("AAAA")], [[match("MA0001.1"), match(EVIL, reverse=True)], []]),
    "no matches": matched([motif("CTGAC")], [[]], ["The motif database has only 3 motifs."]),
    "families": render_families(FAMILIES),
    "one source": render_families(clustered([motif("GGTGA"), motif("CCAAT")], [0, 0])),
}


@pytest.mark.parametrize("kind", PAGES)
def test_page_is_whole_offline_and_escaped(kind):
    text = PAGES[kind]
    page = Page(text)
    assert "<script>alert" not in text
    assert [tag for tag, _ in page.elements].count("script") == 1
    assert not [link for link in page.all("src") + page.all("href") if "://" in link and "jaspar" not in link]
    ids = page.all("id")
    assert len(ids) == len(set(ids))
    targets = {link[1:] for link in page.all("href") if link.startswith("#")}
    assert targets <= set(ids)


def test_matches_are_drawn_with_their_figures():
    words = " ".join(Page(PAGES["matches"]).words)
    assert "1 of 2 motifs resemble known motifs" in words
    assert "(reverse complement)" in words
    assert "https://jaspar.elixir.no/matrix/MA0001.1/" in PAGES["matches"]
    assert "1.0e-5" in words


def test_a_motif_with_many_matches_says_so():
    many = [match(f"k{i}") for i in range(MOST_MATCHES + 3)]
    words = " ".join(Page(matched([motif("CTGAC")], [many])).words)
    assert "3 more matches" in words


def test_without_matches_the_page_says_so():
    words = " ".join(Page(PAGES["no matches"]).words)
    assert "0 of 1 motif resemble" in words
    assert "1 warning" in words


def test_families_show_members_and_who_found_them():
    words = re.sub(r"\s+", " ", " ".join(Page(PAGES["families"]).words))
    assert "3 motifs form 2 families" in words
    assert "2 of 2" in words
    assert "1 family of one source alone" in words
    assert "Reproducibility" not in PAGES["one source"]


def test_tables_of_families():
    table = families_tsv(FAMILIES.families, FAMILIES.motifs, FAMILIES.source_of)
    header, *rows = [line.split("\t") for line in table.splitlines()]
    assert len(rows) == 3
    first = dict(zip(header, rows[0], strict=True))
    assert (first["n_members"], first["orientation"], first["similarity"]) == ("2", "+", "1.0000")
    found = reproducibility_tsv(FAMILIES.reproduced, FAMILIES.sources)
    header, *rows = [line.split("\t") for line in found.splitlines()]
    both, alone = (dict(zip(header, row, strict=True)) for row in rows)
    assert (both["n_found"], both["n_sources"], both["mean_spread"]) == ("2", "2", "0.0000")
    assert both["column_spread"].split(",") == ["0.0000"] * 5
    assert (alone["n_found"], alone["mean_spread"], alone["column_spread"]) == ("1", "", ",,,,")
