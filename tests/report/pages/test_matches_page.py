"""The page of matches: whole, offline, escaped, with no broken link inside."""

import pytest
from clustered_motifs import EVIL, motif
from html_page import Page, assert_whole_and_offline

from motifnet.motifs.tomtom import Match
from motifnet.report.pages.matches import MOST_MATCHES, MatchResult, render_matches


def match(name, p_value=1e-5, *, reverse=False):
    return Match(motif("TGACG", name, "ATF"), "db", p_value, p_value, p_value, 1, 4, reverse)


def matched(queries, matches, warnings=()):
    return render_matches(MatchResult("a title", queries, matches, {"db": 1}, warnings))


PAGES = {
    "matches": matched([motif("CTGAC"), motif("AAAA")], [[match("MA0001.1"), match(EVIL, reverse=True)], []]),
    "no matches": matched([motif("CTGAC")], [[]], ["The motif database has only 3 motifs."]),
}


@pytest.mark.parametrize("kind", PAGES)
def test_page_is_whole_offline_and_escaped(kind):
    assert_whole_and_offline(PAGES[kind])


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
