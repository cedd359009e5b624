"""The page of alignments: whole, offline, escaped, and honest about what two sequences cannot tell."""

import re
from dataclasses import replace

import numpy as np
import pytest
from aligned_pairs import pair_of
from html_page import Page

from motifnet.report.pages.alignments import (
    MOST_DRAWN,
    WHAT_TWO_SEQUENCES_CANNOT_TELL,
    AlignmentResult,
    render_alignments,
)
from motifnet.symbols.aligned_pair import AlignedPair
from motifnet.symbols.alignment import Alignment

_EVIL = "<script>alert('x')</script>\x00 & \"co\""
_NOTHING = Alignment("x", "y", *3 * [np.zeros(0, np.uint8)])


def full_result(**fields):
    second = pair_of(40, seed=1)[0]
    pairs = [
        AlignedPair("first", *pair_of(150, insertion=(70, 20), score=321.5), -420.25),
        AlignedPair("second", replace(second, y_place=second.y_place.turned(), confidence=None)),
    ]
    defaults = {
        "title": "human and mouse",
        "pairs": pairs,
        "parameters": {"gap open": 0.0123, "gap extend": 0.6, "tiny": 1.5e-6, "rates": "HKY85"},
        "ties": {"gap open, x = y": 1, "emissions, strand-symmetric": 7},
        "log_likelihoods": {"tied": -10234.5, "untied": -10230.25},
        "warnings": ["The path touches the band."],
        "record": {"command": "motifnet align", "versions": {"motifnet": "1.0"}},
    }
    return AlignmentResult(**defaults | fields)


RESULTS = {
    "full": full_result(),
    "bare": AlignmentResult("bare", [AlignedPair("one", pair_of(10)[0])]),
    "no pairs": AlignmentResult("empty", []),
    "no columns": AlignmentResult("nothing aligned", [AlignedPair("none", _NOTHING)]),
    "crowded": AlignmentResult("many", [AlignedPair(f"pair {i}", *pair_of(60, seed=i)) for i in range(600)]),
}


def words(html):
    return " ".join(" ".join(Page(html).words).split())


@pytest.mark.parametrize("kind", RESULTS)
def test_page_is_whole_and_loads_nothing(kind):
    html = render_alignments(RESULTS[kind])
    assert html.startswith("<!DOCTYPE html>")
    page = Page(html)
    ids = page.all("id")
    assert len(ids) == len(set(ids))
    assert page.all("src") == []
    assert not {"link", "img", "iframe", "object"} & {tag for tag, _ in page.elements}
    assert not re.search(r"url\(|@import", html)
    assert all(href[1:] in ids for href in page.all("href"))
    assert not {"nan", "inf", "None", "nan %"} & {text.strip() for text in page.words}


@pytest.mark.parametrize("kind", RESULTS)
def test_page_says_what_two_sequences_cannot_tell(kind):
    assert "cannot tell an insertion in x from a deletion in y" in WHAT_TWO_SEQUENCES_CANNOT_TELL
    assert WHAT_TWO_SEQUENCES_CANNOT_TELL in words(render_alignments(RESULTS[kind]))


def test_the_model_is_shown():
    text = words(render_alignments(full_result()))
    for expected in (
        "gap open 0.0123",
        "tiny 1.5e-06",
        "rates HKY85",
        "gap open, x = y 1",
        "together 8",
        "tied -10 234.50",
        "The path touches the band.",
        "motifnet align",
    ):
        assert expected in text


def test_pairs_are_listed_with_their_numbers():
    pair = full_result().pairs[0]
    text = words(render_alignments(full_result()))
    each = pair.alignment
    shares = " ".join(f"{100 * value:.1f}" for value in (each.identity, *each.coverage))
    numbers = (len(each.x), len(each.y), each.n_matches, shares, pair.n_x_only, pair.n_y_only)
    assert f"first {' '.join(map(str, numbers))} {each.confidence.mean():.3f} 321.5 -420.2" in text
    assert each.n_matches + pair.n_x_only == len(each.x)
    assert each.n_matches + pair.n_y_only == len(each.y)


def test_letters_are_in_the_page_in_lines():
    html = render_alignments(full_result())
    letters = re.sub("<[^>]*>", "", html.partition('<pre class="aligned">')[2].partition("</pre>")[0])
    lines = [line for line in letters.split("\n") if line.strip()]
    x_row, _ = full_result().pairs[0].alignment.rows()
    assert re.fullmatch(rf"human +1 {x_row[:100]} \d+", lines[0])
    assert lines[1].index("|") >= 23
    assert lines[3].split()[2] == x_row[100:]


def test_no_more_is_drawn_than_can_be_looked_at():
    html = render_alignments(RESULTS["crowded"])
    assert html.count('class="chart dotplot"') == MOST_DRAWN
    assert "580 more pairs in the files of the run" in words(html)
    assert "100 more pairs not listed here" in words(html)
    assert len(html) < 2_000_000


def test_columns_that_are_not_shown_are_counted():
    alignment, posterior = pair_of(6000)
    text = words(render_alignments(AlignmentResult("long", [AlignedPair("long", alignment, posterior)])))
    assert "1,000 more columns in the files of the run" in text


def test_everything_is_escaped():
    alignment, posterior = pair_of(30)
    evil = AlignedPair(_EVIL, replace(alignment, x_name=_EVIL, y_name=_EVIL), posterior)
    html = render_alignments(
        AlignmentResult(_EVIL, [evil], {_EVIL: _EVIL}, {_EVIL: 1}, {_EVIL: 1.0}, [_EVIL], {_EVIL: _EVIL})
    )
    assert "<script>alert" not in html
    assert "\x00" not in html
    assert html.count("<script") == 1
    assert html.count("&lt;script&gt;alert") > 10
    Page(html)


def test_page_is_the_same_each_time():
    assert render_alignments(full_result()) == render_alignments(full_result())
