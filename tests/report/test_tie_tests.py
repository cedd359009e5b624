"""The report of `motifnet test`: its page, its pictures and its tables."""

import csv
import io
import json
import math
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from html_page import Page, assert_whole_and_offline
from matplotlib import image
from tested_ties import (
    EVIL,
    MARGIN,
    NAME,
    NAN,
    RESULTS,
    SAID,
    found_tie,
    many,
    missing,
    page,
    pictures,
    result,
)

from motifnet.config.tie_tests import StrandTestConfig
from motifnet.errors import UnknownName, UnwritableFolder
from motifnet.report.charts.tie_tests import (
    chart_png,
    effect_chart,
    gain_chart,
    panels_of,
    picture_bytes,
    picture_chart,
    write_pictures,
)
from motifnet.report.drawing.panel import LOOKS, Caption
from motifnet.report.drawing.panel_painting import paint_panel
from motifnet.report.drawing.tie_test_layout import MOST_ROWS, picture_panel
from motifnet.report.pages.filling import TEMPLATES
from motifnet.report.pages.tie_tests import MOST_DRAWN, render_tie_tests
from motifnet.report.tables.tie_tests import tie_tests_json, tie_tests_tsv
from motifnet.stats.multiple import q_values
from motifnet.ties.tested import (
    Effect,
    Gain,
    Histogram,
    Intervals,
    NullDistribution,
    TieVerdict,
    Trends,
)

PAGES = {kind: page(found) for kind, found in RESULTS.items()}
KINDS = pictures()

NOTHING = np.zeros(0)
BROKEN = {
    "no draws": NullDistribution(NOTHING, 3.0, "x"),
    "nothing finite": NullDistribution(np.full(4, NAN), NAN, "x"),
    "all draws the same": NullDistribution(np.full(9, 2.0), 2.0, "x"),
    "infinite": NullDistribution(np.array([1.0, math.inf]), math.inf, "x"),
    "unknown bars": Histogram(np.arange(3), np.array([NAN, 1]), np.array([0.5, math.inf]), "x", "Bars"),
    "empty bars": Histogram(np.arange(3), np.zeros(2), np.zeros(2), "x", "Bars"),
    "no lines": Trends(np.array([1.0, 2]), {}, "x", "y", "Trends"),
    "no points": Trends(NOTHING, {"a": np.zeros((0, 3))}, "x", "y", "Trends", log_x=True),
    "one point": Trends(np.array([5.0]), {"a": np.array([[1.0, NAN, NAN]])}, "x", "y", "Trends", log_x=True),
    "zero on a logarithmic axis": Trends(np.arange(3.0), {"a": np.ones((3, 3))}, "x", "y", "C", log_x=True),
    "many lines": Trends(np.arange(2.0), {f"l{i}": np.full((2, 3), i) for i in range(9)}, "x", "y", "C"),
    "no rows": Intervals((), np.zeros((0, 3)), 0.5, "x", "Intervals"),
    "unknown rows": Intervals(("a",), np.full((1, 3), NAN), NAN, "x", "Intervals"),
    "many rows": Intervals([f"m{i}" for i in range(99)], np.tile([1, 0, 2], (99, 1)), 0.5, "x", "Rows"),
}  # fmt: skip


def words_of(text):
    return " ".join(" ".join(Page(text).words).split())


def read(svg):
    """An ``<svg>`` element, which has a title and says what it shows."""
    drawing = ET.fromstring(svg)
    parts = {part.tag.rpartition("}")[2]: part.text for part in drawing}
    assert drawing.get("role") == "img"
    assert parts["title"]
    assert parts["desc"]
    assert not re.search(r"\b(nan|inf|None)\b", "".join(drawing.itertext()))
    numbers = " ".join(value for part in drawing.iter() for value in part.attrib.values())
    assert not re.search(r"\b(nan|inf)\b", numbers)
    return drawing


# The page


@pytest.mark.parametrize("kind", RESULTS)
def test_page_is_whole_offline_and_escaped(kind):
    assert_whole_and_offline(PAGES[kind])
    assert "\x00" not in PAGES[kind]
    assert not {"nan", "inf", "None"} & {text.strip() for text in Page(PAGES[kind]).words}


@pytest.mark.parametrize("kind", RESULTS)
def test_page_says_all_that_is_known_of_the_hypothesis(kind):
    words = words_of(PAGES[kind])
    for sentence in SAID:
        assert sentence in words
    for verdict in TieVerdict:
        assert verdict in words


@pytest.mark.parametrize("kind", ["one", "one that does not apply", "unknown", "many"])
def test_page_has_every_sentence_of_the_tests_that_it_draws(kind):
    words = words_of(PAGES[kind])
    for test in RESULTS[kind].in_order[:MOST_DRAWN]:
        for sentence in (test.sentence, test.in_words, test.fitted, test.method, *test.notes):
            assert sentence in words
        for panel in panels_of(test, MARGIN):
            assert " ".join(panel.description.split()) in words


def test_the_headline_counts_verdicts():
    words = words_of(
        page(result([missing(), found_tie(0.01), found_tie(0.02), found_tie(), found_tie(half=0.02)]))
    )
    assert (
        "Of 4 ties that were tested, 2 are rejected, 1 justified and 1 undecided. 1 could not be tested."
        in words
    )
    assert "rejected 2 with a q-value of at most" in words
    assert "None of 2 ties could be tested." in words_of(page(result([missing(), missing()])))
    assert "Nothing was tested." in words_of(PAGES["nothing"])


def test_the_table_has_every_test_and_its_first_lead_to_pictures():
    text = PAGES["many"]
    table = text[text.index("<tbody>") : text.index("</tbody>")]
    assert table.count("<tr>") == 41
    assert re.findall(r'href="#test-(\d+)"', table) == [str(i) for i in range(1, MOST_DRAWN + 1)]


def test_more_tests_than_a_table_holds_are_told():
    text = page(result([found_tie(0.5, subject=f"m{i}", drawn=()) for i in range(503)]))
    assert text.count('<th scope="row" data-sort="m') == 500
    assert "3 more tests in tests.tsv." in words_of(text)


def test_a_hypothesis_that_is_not_known_is_named():
    with pytest.raises(UnknownName, match="made up"):
        render_tie_tests(result([missing()]), StrandTestConfig)


def test_what_more_sequences_would_tell_is_said():
    assert "Needed for a verdict about 90,000 sequences" in words_of(page(result([found_tie(half=0.02)])))


# The order of tests, and q-values


def test_tests_are_in_the_order_of_their_p_values_and_effects():
    weak, strong, none = found_tie(0.2, value=0.55), found_tie(0.2, value=0.3), found_tie(0.2, effect=None)
    first, last = found_tie(0.0), missing()
    assert result([last, none, weak, strong, first]).in_order == [first, strong, weak, none, last]


def test_q_values_are_over_the_tests_that_apply():
    found = result([missing(), found_tie(0.04), missing(), found_tie(0.01)])
    np.testing.assert_array_equal(found.q, [NAN, *q_values(np.array([0.04, 0.01]))[:1], NAN, 0.02])
    assert [q for _, q in found.ranked[:2]] == [0.02, 0.04]


# Pictures


@pytest.mark.parametrize("picture", KINDS, ids=lambda picture: type(picture).__name__)
def test_pictures_are_well_formed_and_say_what_they_show(picture):
    read(picture_chart(picture))
    alone = picture_bytes(picture_panel(picture), format="svg")
    drawing = read(alone)
    classes = {part.get("class") for part in drawing.iter() if part.tag.endswith(("path", "circle"))}
    assert classes <= set(LOOKS)
    rules = "".join(part.text for part in drawing if part.tag.endswith("style"))
    for css in classes:
        assert f".{css.replace(' ', '.')}{{" in rules


def test_the_style_sheet_of_pages_has_every_look():
    sheet = (TEMPLATES / "report.css").read_text()
    for css in LOOKS:
        for name in css.split():
            assert re.search(rf"\.{name}\b", sheet), name


@pytest.mark.parametrize("kind", BROKEN)
def test_pictures_survive_what_is_not_finite_or_not_there(kind):
    read(picture_chart(BROKEN[kind]))
    assert chart_png(BROKEN[kind]).startswith(b"\x89PNG")


def test_estimates_without_an_interval_have_no_whiskers():
    for svg in (
        effect_chart(Effect("shift", 3.0, NAN, NAN, 0.0, "bp")),
        gain_chart(Gain(0.1, NAN, NAN, 9), MARGIN),
    ):
        read(svg)
        assert svg.count("<circle") >= 1
        assert "whisker" not in svg
    assert "<circle" not in gain_chart(Gain(NAN, NAN, NAN, 0), MARGIN)


def test_the_observed_statistic_stands_where_it_is():
    svg = picture_chart(NullDistribution(np.linspace(0, 10, 101), 5.0, "x"))
    drawing = read(svg)
    (line,) = [
        part for part in drawing.iter() if part.get("class") == "observed-at" and "V" not in part.get("d")
    ][:1]
    x, *_ = map(float, re.findall(r"[\d.]+", line.get("d")))
    (five,) = [float(part.get("x")) for part in drawing.iter() if part.text == "5"]
    assert x == pytest.approx(five, abs=0.1)


def test_bars_are_as_high_as_their_shares():
    panel = picture_panel(Histogram(np.arange(3), np.array([0.25, 0.75]), np.array([0.5, 0.5]), "x", "Bars"))
    areas = {mark.css: mark.points for mark in panel.marks if len(getattr(mark, "points", ())) == 6}
    base = areas["observed"][0, 1]
    heights = base - areas["observed"][[1, 3], 1]
    assert heights[1] == pytest.approx(3 * heights[0])
    assert base - areas["expected"][1, 1] == pytest.approx(2 * heights[0])


def test_a_line_is_interrupted_where_it_is_not_known():
    values = np.ones((7, 3))
    values[3, 0] = NAN
    svg = picture_chart(Trends(np.arange(1.0, 8), {"a": values}, "x", "y", "Trends"))
    assert svg.count('class="series l1"') == 2 + 1  # and the legend
    assert svg.count('class="band l1"') == 1
    assert svg.count('class="dot l1"') == 6


def test_a_logarithmic_axis_has_powers_of_ten():
    panel = picture_panel(KINDS[2])
    ticks = {mark.text: mark.x for mark in panel.marks if isinstance(mark, Caption) and "middle" in mark.css}
    assert ticks["1,000"] - ticks["100"] == pytest.approx(ticks["10,000"] - ticks["1,000"])


def test_names_that_find_no_room_are_counted():
    panel = picture_panel(BROKEN["many rows"])
    assert sum(mark.css == "tick end" for mark in panel.marks if isinstance(mark, Caption)) == MOST_ROWS
    assert (
        panel.description
        == "99 of 99 intervals hold 0.5, the value if the tie holds. The first 40 are drawn."
    )


@pytest.mark.parametrize("picture", KINDS, ids=lambda picture: type(picture).__name__)
def test_nothing_lies_outside_of_a_picture(picture):
    panel = picture_panel(picture)
    for mark in panel.marks:
        if isinstance(mark, Caption):
            assert 0 <= mark.x <= panel.width
            assert 0 <= mark.y <= panel.height
        elif hasattr(mark, "points"):
            assert (mark.points >= 0).all()
            assert (mark.points <= [panel.width, panel.height]).all()


@pytest.mark.parametrize("picture", KINDS, ids=lambda picture: type(picture).__name__)
def test_a_png_is_as_large_as_its_panel_and_shows_its_colours(picture):
    panel = picture_panel(picture)
    painted = paint_panel(panel, dpi=144)
    pixels = image.imread(io.BytesIO(painted))
    assert pixels.shape[:2] == pytest.approx((2 * panel.height, 2 * panel.width), abs=1)
    blue = np.array([0x24, 0x62, 0x8A]) / 255
    half = (1 + blue) / 2
    near = [np.abs(pixels[..., :3] - colour).max(-1) < 0.02 for colour in (blue, half)]
    assert sum(map(np.sum, near)) > 100
    assert painted == paint_panel(panel, dpi=144)


def test_files_are_what_the_page_draws(tmp_path):
    tests = [
        found_tie(subject="a/b"),
        found_tie(subject="A_b", drawn=()),
        missing(),
        found_tie(subject="../..", drawn=()),
    ]
    written = write_pictures(tmp_path / "figures", tests, MARGIN)
    names = sorted(path.name for path in (tmp_path / "figures").iterdir())
    assert sorted(path.name for path in written) == names
    assert len(names) == 2 * (6 + 2 + 2)
    stems = {name.rpartition("-")[0].casefold() for name in names}
    assert len(stems) == 3
    assert not any(name.startswith(".") for name in names)
    for path in written:
        if path.suffix == ".svg":
            read(path.read_bytes())
        else:
            assert image.imread(path).shape[1] == pytest.approx(420 * 200 / 72, abs=1)


def test_hostile_subjects_are_names_of_files(tmp_path):
    written = write_pictures(
        tmp_path, [found_tie(subject=EVIL + "é" * 300, drawn=()), found_tie(subject="", drawn=())], MARGIN
    )
    assert all(path.is_file() and len(path.name) < 80 and path.name.isascii() for path in written)


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path):
    (tmp_path / "figures").write_text("a file")
    with pytest.raises(UnwritableFolder):
        write_pictures(tmp_path / "figures", [found_tie(drawn=())], MARGIN)


# Tables


EFFECT, GAIN = ("value", "low", "high", "under_tie"), ("mean", "low", "high", "n")


def rows_of(table):
    return list(csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize("kind", RESULTS)
def test_the_table_has_a_line_for_each_test(kind):
    rows = rows_of(tie_tests_tsv(RESULTS[kind]))
    assert len(rows) == len(RESULTS[kind].tests)
    for row in rows:
        assert None not in row
        assert not {"nan", "inf", "None"} & set(row.values())


def test_the_table_is_read_back():
    found = result(many())
    for row, (test, q) in zip(rows_of(tie_tests_tsv(found)), found.ranked, strict=True):
        texts = ("hypothesis", "subject", "verdict", "method", "sentence")
        assert [row[name] for name in texts] == [getattr(test, name) for name in texts]
        assert int(row["n"]) == test.n
        if test.verdict is TieVerdict.NOT_APPLICABLE:
            assert not any(row[name] for name in ("p_value", "q_value", "df", "effect_value", "gain_mean"))
            continue
        numbers = {
            "p_value": test.p, "q_value": q, "statistic": test.statistic, "df": test.df,
            **{f"effect_{name}": number for name, number in test.effect._asdict().items() if name in EFFECT},
            **{f"gain_{name}": number for name, number in test.gain._asdict().items() if name in GAIN},
        }  # fmt: skip
        assert {name: float(row[name]) for name in numbers} == pytest.approx(numbers, rel=1e-5)
        assert row["gain_per"] == "sequence"
        assert row["gain_n_needed"] == ("" if test.gain.n_needed is None else "90000")


@pytest.mark.parametrize("kind", RESULTS)
def test_the_numbers_for_programs_are_plain_json(kind):
    found = RESULTS[kind]
    told = json.loads(json.dumps(tie_tests_json(found), allow_nan=False))
    assert told["n_tests"] == len(found.tests) == sum(told["verdicts"].values())
    assert [test["subject"] for test in told["tests"]] == [test.subject for test in found.in_order]


def test_programs_are_told_everything_but_what_is_drawn():
    (told,) = tie_tests_json(result([found_tie()]))["tests"]
    assert told["hypothesis"] == NAME
    assert told["p_value"] == told["q_value"] == 0.4
    assert told["effect"] == {"name": "sites on the + strand", "value": 0.62, "low": 0.58, "high": 0.66,
                              "under_tie": 0.5, "unit": ""}  # fmt: skip
    assert told["gain"] == {
        "mean": 0.001,
        "low": -0.001,
        "high": 0.003,
        "n": 2000,
        "n_needed": None,
        "per": "sequence",
    }
    assert told["tie"] == "Tie(3: 1..2 1)"
    assert told["notes"] == ["Overlapping sites were counted once."]
    assert told["pictures"][1] == "Positions of sites"
    (unknown,) = tie_tests_json(RESULTS["unknown"])["tests"]
    assert (unknown["df"], unknown["gain"], unknown["effect"]["low"]) == (None, None, None)
