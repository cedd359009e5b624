"""The report on tests of ties: one HTML file that opens anywhere, offline, and prints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from motifnet.config.stage import Config
from motifnet.hypotheses.registry import HYPOTHESES
from motifnet.report.charts.tie_tests import effect_chart, gain_chart, picture_chart
from motifnet.report.drawing.tie_test_layout import STATISTIC, amount, interval, told
from motifnet.report.numerals import count, decimal, plural, small
from motifnet.report.pages import run_record
from motifnet.report.pages.filling import fill_page
from motifnet.report.pages.page_registry import PAGES, PageFile
from motifnet.report.pages.settings import settings
from motifnet.report.tie_test_result import TieTestResult
from motifnet.ties.tested import NullDistribution, TieTest, TieVerdict

MOST_DRAWN = 12
"""Tests with their pictures, the first by p-value."""

_MOST_ROWS = 500  # of the table
_MOST_OPEN = 3  # tests whose pictures are seen at once

PAGES.register("test")("tie_tests.html")


class TieRow(NamedTuple):
    """A test as a line of the table shows it: estimates and their intervals as words."""

    test: TieTest
    q: float
    effect: str
    effect_interval: str
    gain: str
    gain_interval: str


class TiePicture(NamedTuple):
    """A picture, and what stands above it."""

    caption: str
    remark: str
    svg: Markup


class TieCard(NamedTuple):
    """A test with its pictures and what else is to be said of it."""

    test: TieTest
    facts: list[tuple[str, str]]
    pictures: list[TiePicture]


def render_tie_tests(result: TieTestResult, config: type[Config], files: Sequence[PageFile] = ()) -> str:
    """Tests of ties as one self-contained HTML page, which loads nothing from the network.

    Parameters
    ----------
    result : TieTestResult
        Its record holds ``alpha`` and ``margin``, which verdicts were given by, among the options of
        ``testing``; the module of its hypothesis has been imported.
    config : type of Config
        The options of the command.
    files : sequence of PageFile
        What lies beside the page.

    Returns
    -------
    str
        A whole page.

    Raises
    ------
    UnknownName
        If there is no such hypothesis.
    """
    margin, alpha = _option(result, "margin"), _option(result, "alpha")
    rows = tie_rows(result)
    names = {row.test.effect.name for row in rows if row.test.effect}
    return fill_page(
        "test",
        files=files,
        result=result,
        known=HYPOTHESES[result.hypothesis],
        headline=_headline(result),
        tiles=_tiles(result, alpha),
        rows=rows,
        # Where effects are of several kinds, each cell says of which it is.
        effect_name=names.pop() if len(names) == 1 else "",
        gain_unit=" or ".join(sorted({f"nats a {row.test.gain.per}" for row in rows if row.test.gain})),
        cards=[
            TieCard(test, _facts(test, q), _pictures(test, margin)) for test, q in result.ranked[:MOST_DRAWN]
        ],
        most_open=_MOST_OPEN,
        verdicts=TieVerdict,
        margin=f"{margin:g}",
        alpha=f"{alpha:g}",
        settings=settings(result.record, config),
    )


def tie_rows(result: TieTestResult) -> list[TieRow]:
    """The tests as rows of a table, those of the smallest p-values first; so many as a page can show.

    Parameters
    ----------
    result : TieTestResult

    Returns
    -------
    list of TieRow

    Examples
    --------
    >>> tie_rows(TieTestResult("none", "strand", []))
    []
    """
    return [_row(test, q) for test, q in result.ranked[:_MOST_ROWS]]


def _option(result: TieTestResult, name: str) -> float:
    testing = run_record.part(run_record.part(result.record, "config"), "testing")
    return run_record.number(testing[name])


def _headline(result: TieTestResult) -> str:
    """The result in a sentence or two."""
    if not result.tests:
        return "Nothing was tested."
    if len(result.tests) == 1:
        return result.tests[0].sentence
    n = {verdict: result.count(verdict) for verdict in TieVerdict}
    applied = len(result.tests) - n[TieVerdict.NOT_APPLICABLE]
    apart = (
        f"{count(n[TieVerdict.NOT_APPLICABLE])} could not be tested." if applied < len(result.tests) else ""
    )
    if not applied:
        return f"None of {plural(len(result.tests), 'tie')} could be tested."
    sentence = (
        f"Of {plural(applied, 'tie')} that {'was' if applied == 1 else 'were'} tested, "
        f"{count(n[TieVerdict.REJECTED])} {'is' if n[TieVerdict.REJECTED] == 1 else 'are'} rejected, "
        f"{count(n[TieVerdict.JUSTIFIED])} justified and {count(n[TieVerdict.UNDECIDED])} undecided."
    )
    return f"{sentence} {apart}".strip()


def _tiles(result: TieTestResult, alpha: float) -> list[tuple[str, str, str]]:
    if len(result.tests) == 1:
        return _tiles_of_one(result.tests[0])
    told_of = {
        TieVerdict.REJECTED: f"with a q-value of at most {alpha:g}",
        TieVerdict.JUSTIFIED: "untying gains nothing that matters",
        TieVerdict.UNDECIDED: "neither can be said",
        TieVerdict.NOT_APPLICABLE: "the reasons are below",
    }
    found = [(verdict.value, count(result.count(verdict)), remark) for verdict, remark in told_of.items()]
    return [("tests", count(len(result.tests)), ""), *(tile for tile in found if tile[1] != "0")]


def _tiles_of_one(test: TieTest) -> list[tuple[str, str, str]]:
    effect, gain = test.effect, test.gain
    found = [("p", small(test.p), test.method)] if test.method else []
    if effect:
        under = f"{amount(effect.under_tie, effect.unit)} if the tie holds"
        found.append((effect.name, amount(effect.value, effect.unit), under))
    if gain:
        ends = interval(gain.low, gain.high, "nats", bare=True)
        found.append(
            (
                "gain of untying",
                amount(gain.mean, "nats"),
                f"a {gain.per}; {ends}" if ends else f"a {gain.per}",
            )
        )
    return [*found, ("observations", count(test.n), "")]


def _row(test: TieTest, q: float) -> TieRow:
    effect, gain = test.effect, test.gain
    return TieRow(
        test,
        q,
        amount(effect.value, effect.unit) if effect else "",
        interval(effect.low, effect.high, effect.unit) if effect else "",
        amount(gain.mean, "nats", bare=True) if gain else "",
        interval(gain.low, gain.high, "nats", bare=True) if gain else "",
    )


def _facts(test: TieTest, q: float) -> list[tuple[str, str]]:
    """What a reader who wants to know it exactly asks for."""
    facts = [("The tie", test.in_words), ("Fitted", test.fitted), ("Test", test.method)]
    if test.verdict is not TieVerdict.NOT_APPLICABLE:
        free = "none: the null distribution was drawn" if test.df is None else f"{test.df:g}"
        facts += [("Statistic", decimal(test.statistic)), ("Degrees of freedom", free)]
        facts += [("p", small(test.p)), ("q", small(q))]
    facts.append(("Observations", count(test.n)))
    if test.effect:
        effect = test.effect
        words = told(effect.value, effect.low, effect.high, effect.unit)
        under = amount(effect.under_tie, effect.unit)
        facts.append((effect.name, f"{words}; {under} if the tie holds"))
    if test.gain:
        gain = test.gain
        words = told(gain.mean, gain.low, gain.high, f"nats a {gain.per}")
        facts.append(("Gain of untying", f"{words}, over {count(gain.n)} held out"))
        if gain.n_needed is not None and test.verdict is TieVerdict.UNDECIDED:
            facts.append(("Needed for a verdict", f"about {plural(gain.n_needed, gain.per)}"))
    return [(name, value) for name, value in facts if value]


def _pictures(test: TieTest, margin: float) -> list[TiePicture]:
    drawn = []
    if test.effect:
        effect = test.effect
        words = told(effect.value, effect.low, effect.high, effect.unit)
        drawn.append(TiePicture(effect.name, words, Markup(effect_chart(effect))))
    if test.gain:
        gain = test.gain
        words = told(gain.mean, gain.low, gain.high, f"nats a {gain.per}")
        drawn.append(TiePicture("What untying gains", words, Markup(gain_chart(gain, margin))))
    for picture in test.pictures:
        caption = STATISTIC if isinstance(picture, NullDistribution) else picture.title
        drawn.append(TiePicture(caption, "", Markup(picture_chart(picture))))
    return drawn
