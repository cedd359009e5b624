"""Pictures of the test of a tie: what lies where, whatever draws it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from motifnet.report.drawing.panel import N_SERIES, Area, Caption, Dot, Mark, Panel, Stroke
from motifnet.report.drawing.plot import Plot, nice_ticks, tick_label
from motifnet.report.numerals import NONE, SPACE, count, percent, plural
from motifnet.ties.tested import Effect, Gain, Histogram, Intervals, NullDistribution, Picture, Trends

MOST_ROWS = 40
"""Names of a picture of intervals; the others are counted."""

STATISTIC = "The statistic, and what it is if the tie holds"
"""Title of the picture of a null distribution."""

_WIDTH, _HEIGHT = 420, 240  # pixels, as of the other charts
_RIGHT, _BOTTOM = 14, 44
_ROW = 22  # from one interval to the next
_LETTER = 6.4  # width of an average letter
_CAPITAL = 8.2  # and of a capital, which names of motifs are of
_MOST_LETTERS = {"name": 26, "label": 58, "legend": 40}  # that there is room for
_LEGEND = 20  # height of a line of the legend
_SAMPLE, _AFTER = 20, 18  # width of the sample of a legend with its gap, and what follows an entry
_CAP = 4  # half of the height of a whisker's ends
_PAD = 0.06  # of an axis, free on both sides of the data
_LARGEST = 1e100  # beyond it, the range of an axis is no float
_FEWEST_BINS, _MOST_BINS = 8, 40
_MOST_DOTTED = 30  # points of a line, each with a dot
_STEPS = (1, 2, 5)  # of a logarithmic axis, within a power of ten

Tick = tuple[float, str]


class _Entry(NamedTuple):
    """An entry of a legend."""

    css: str
    words: str
    is_area: bool = False


def amount(value: float, unit: str, *, bare: bool = False) -> str:
    """A number with its unit, as an effect has it.

    Parameters
    ----------
    value : float
    unit : str
        ``""`` for a share, in percent.
    bare : bool
        Leave the unit away, but for percent.

    Returns
    -------
    str
        A dash where it is not finite.

    Examples
    --------
    >>> amount(0.625, ""), amount(-12.34, "bp", bare=True), amount(math.nan, "bp")
    ('62.5%', '−12.3', '–')
    >>> amount(-0.0000123, "nats", bare=True), amount(12345.6, "bp", bare=True)
    ('−1.23e-05', '12,346')
    """
    if not math.isfinite(value):
        return NONE
    if not unit:
        return percent(value).replace("-", "\u2212")
    digits = count(abs(value)) if 1000 <= abs(value) < 1e9 else f"{abs(value):.3g}"
    return ("\u2212" if value < 0 else "") + digits + ("" if bare else f"{SPACE}{unit}")


def interval(low: float, high: float, unit: str, *, bare: bool = False) -> str:
    """A confidence interval with its unit; empty where there is none.

    Parameters
    ----------
    low, high : float
    unit, bare
        As of :func:`amount`.

    Returns
    -------
    str

    Examples
    --------
    >>> interval(0.5, 0.75, ""), interval(math.nan, math.nan, "bp")
    ('50.0% to 75.0%', '')
    """
    if not (math.isfinite(low) and math.isfinite(high)):
        return ""
    return f"{amount(low, unit, bare=True)} to {amount(high, unit, bare=bare)}"


def told(value: float, low: float, high: float, unit: str) -> str:
    """An estimate with its interval, of which only the first has the unit.

    Parameters
    ----------
    value, low, high : float
    unit : str
        As of :func:`amount`.

    Returns
    -------
    str

    Examples
    --------
    >>> told(0.625, 0.5, 0.75, "")
    '62.5% (50.0% to 75.0%)'
    """
    ends = interval(low, high, unit, bare=True)
    return f"{amount(value, unit)} ({ends})" if ends else amount(value, unit)


def picture_panel(picture: Picture) -> Panel:
    """A picture of a test.

    Parameters
    ----------
    picture : Picture

    Returns
    -------
    Panel

    Examples
    --------
    >>> picture_panel(NullDistribution(np.arange(4), 3.0, "statistic")).description
    'Observed 3; 1 of 4 draws under the tie is as large.'
    """
    match picture:
        case NullDistribution():
            return _null_panel(picture)
        case Histogram():
            return _bars_panel(picture)
        case Trends():
            return _curves_panel(picture)
        case Intervals():
            return _intervals_panel(picture)


def gain_panel(gain: Gain, margin: float) -> Panel:
    """What untying gains, beside nothing and beside the largest gain that does not matter.

    Parameters
    ----------
    gain : Gain
    margin : float

    Returns
    -------
    Panel

    Examples
    --------
    >>> gain_panel(Gain(0.001, -0.001, 0.003, 200), 0.005).description.partition("sequence ")[2]
    '(−0.001 to 0.003); less than 0.005 does not matter.'
    """
    unit = f"nats a {gain.per}"
    low, high = _range([gain.mean, gain.low, gain.high, 0.0, margin])
    legend = [
        _Entry("negligible", f"too little to matter (< {amount(margin, unit, bare=True)})", is_area=True),
        _Entry("centre", "no gain"),
    ]
    plot = _one_row((low, high), legend)
    until = plot.x(margin)
    marks: list[Mark] = [
        Area("negligible", _box(plot.left, plot.top, until, plot.y(0))),
        *_axes(plot, _ticks(low, high), [], f"gain of untying on held-out data ({unit})"),
        _upright(plot, 0.0, "centre"),
        _upright(plot, margin, "margin"),
        *_estimate(plot, (gain.mean, gain.low, gain.high), plot.y(0.5)),
        *_legend(plot, legend),
    ]
    words = f"{told(gain.mean, gain.low, gain.high, unit)}; less than {amount(margin, unit, bare=True)}"
    return _panel(plot, "What untying gains", f"{words} does not matter.", marks)


def effect_panel(effect: Effect) -> Panel:
    """How far the data are from the symmetry.

    Parameters
    ----------
    effect : Effect

    Returns
    -------
    Panel

    Examples
    --------
    >>> effect_panel(Effect("sites on the + strand", 0.625, 0.5, 0.75, 0.5)).description
    '62.5% (50.0% to 75.0%); 50.0% if the tie holds.'
    """
    low, high = _range([effect.value, effect.low, effect.high, effect.under_tie])
    legend = [_Entry("dot", "observed"), _Entry("centre", "if the tie holds")]
    plot = _one_row((low, high), legend)
    name = _short(effect.name, _MOST_LETTERS["label"])
    label = f"{name} ({effect.unit})" if effect.unit else name
    marks: list[Mark] = [
        *_axes(plot, _ticks(low, high, in_percent=not effect.unit), [], label),
        _upright(plot, effect.under_tie, "centre"),
        *_estimate(plot, (effect.value, effect.low, effect.high), plot.y(0.5)),
        *_legend(plot, legend),
    ]
    words = told(effect.value, effect.low, effect.high, effect.unit)
    under = amount(effect.under_tie, effect.unit)
    return _panel(plot, effect.name, f"{words}; {under} if the tie holds.", marks)


def _null_panel(picture: NullDistribution) -> Panel:
    draws, observed = _finite(picture.draws), picture.observed
    low, high = _range([*draws, observed])
    n_bins = int(np.clip(math.isqrt(len(draws)), _FEWEST_BINS, _MOST_BINS))
    counts, edges = np.histogram(draws, n_bins, range=(low, high))
    shares = counts / max(len(draws), 1)
    legend = [
        _Entry("expected", f"if the tie holds ({plural(len(draws), 'draw')})", is_area=True),
        _Entry("observed-at", f"observed {_number(observed)}"),
    ]
    plot = _plot((low, high), (0, _top(shares)), legend)
    marks: list[Mark] = [
        *_axes(plot, _ticks(low, high), _ticks(*plot.y_range, n=4), picture.label, "share of draws"),
        *_steps(plot, edges, shares, "expected"),
        _upright(plot, observed, "observed-at"),
        *_legend(plot, legend),
    ]
    n_larger = int(np.sum(draws >= observed))
    words = (
        f"{count(n_larger)} of {plural(len(draws), 'draw')} under the tie {'is' if n_larger == 1 else 'are'}"
    )
    return _panel(plot, STATISTIC, f"Observed {_number(observed)}; {words} as large.", marks)


def _bars_panel(picture: Histogram) -> Panel:
    edges = np.asarray(picture.edges, np.float64)
    # A share that is not known has no bar.
    observed, expected = (
        np.nan_to_num(np.asarray(shares, np.float64), posinf=0.0, neginf=0.0)
        for shares in (picture.observed, picture.expected)
    )
    legend = [
        _Entry("observed", "observed", is_area=True),
        _Entry("expected", "if the tie holds", is_area=True),
    ]
    ends = (float(edges[0]), float(edges[-1]))
    plot = _plot(ends, (0, _top(observed, expected)), legend)
    marks: list[Mark] = [
        *_axes(plot, _ticks(*ends), _ticks(*plot.y_range, n=4, in_percent=True), picture.label, "share"),
        *_steps(plot, edges, observed, "observed"),
        *_steps(plot, edges, expected, "expected"),
        *_legend(plot, legend),
    ]
    most = int(np.argmax(np.abs(observed - expected)))
    words = (
        f"Farthest from the tie between {_number(edges[most])} and {_number(edges[most + 1])}: "
        f"{percent(float(observed[most]))} observed, {percent(float(expected[most]))} expected."
    )
    return _panel(plot, picture.title, words, marks)


def _curves_panel(picture: Trends) -> Panel:
    x = np.asarray(picture.x, np.float64)
    if picture.log_x:
        x = np.log10(np.where(x > 0, x, np.nan))
    lines = {name: np.asarray(values, np.float64) for name, values in picture.lines.items()}
    low, high = _range(x, pad=0.02)
    legend = [_Entry(f"series l{_colour(i)}", name) for i, name in enumerate(lines)]
    bottom, top = _range([value for values in lines.values() for value in values.ravel()])
    plot = _plot((low, high), (bottom, top), legend)
    x_ticks = _log_ticks(low, high) if picture.log_x else _ticks(low, high)
    marks: list[Mark] = [*_axes(plot, x_ticks, _ticks(bottom, top, n=5), picture.x_label, picture.y_label)]
    for i, values in enumerate(lines.values()):
        marks += _band(plot, x, values, f"band l{_colour(i)}")
    for i, values in enumerate(lines.values()):
        marks += _line(plot, x, values[:, 0], _colour(i))
    last = {name: _finite(values[:, 0])[-1:] for name, values in lines.items()}
    words = "; ".join(f"{name}: {_number(end[0]) if len(end) else NONE}" for name, end in last.items())
    return _panel(plot, picture.title, f"At the right end {words}.", [*marks, *_legend(plot, legend)])


def _intervals_panel(picture: Intervals) -> Panel:
    values = np.asarray(picture.values, np.float64).reshape(-1, 3)
    shown, names = values[:MOST_ROWS], [_short(name, _MOST_LETTERS["name"]) for name in picture.names]
    names = names[:MOST_ROWS]
    low, high = _range([*shown.ravel(), picture.under_tie])
    legend = [_Entry("dot", "observed"), _Entry("centre", "if the tie holds")]
    n_rows = max(len(shown), 1)
    left = 24 + max(map(_width, names), default=0.0)
    top = _legend_height(legend, left)
    plot = Plot((low, high), (0, n_rows), _WIDTH, top + _ROW * n_rows + _BOTTOM, left, _RIGHT, top, _BOTTOM)
    rows = [(plot.y(n_rows - 0.5 - i), name) for i, name in enumerate(names)]
    marks: list[Mark] = [*_axes(plot, _ticks(low, high), [], picture.label)]
    marks += [Caption(name, plot.left - 10, y + 4, "tick end") for y, name in rows]
    marks.append(_upright(plot, picture.under_tie, "centre"))
    for (y, _), row in zip(rows, shown.tolist(), strict=True):
        marks += _estimate(plot, row, y)
    held = int(np.sum((values[:, 1] <= picture.under_tie) & (picture.under_tie <= values[:, 2])))
    more = len(values) - len(shown)
    n_known = int(np.isfinite(values[:, 1:]).all(1).sum())
    words = f"{count(held)} of {plural(n_known, 'interval')} {'holds' if held == 1 else 'hold'} " + (
        f"{_number(picture.under_tie)}, the value if the tie holds."
    )
    words += f" The first {count(len(shown))} are drawn." if more else ""
    return _panel(plot, picture.title, words, [*marks, *_legend(plot, legend)])


def _panel(plot: Plot, title: str, description: str, marks: list[Mark]) -> Panel:
    return Panel(title, description, plot.width, plot.height, marks)


def _plot(x_range: tuple[float, float], y_range: tuple[float, float], legend: Sequence[_Entry]) -> Plot:
    """The coordinates of a chart with two axes, with room for the numbers of the vertical one."""
    longest = max(len(label) for _, label in [*_ticks(*y_range, n=5, in_percent=True), (0, "")])
    left = 34 + _LETTER * longest
    top = _legend_height(legend, left)
    return Plot(x_range, y_range, _WIDTH, _HEIGHT + top - _LEGEND, left, _RIGHT, top, _BOTTOM)


def _one_row(x_range: tuple[float, float], legend: Sequence[_Entry]) -> Plot:
    """The coordinates of a chart of one estimate."""
    left, top = _RIGHT + 6, _legend_height(legend, _RIGHT + 6)
    return Plot(x_range, (0, 1), _WIDTH, top + 1.6 * _ROW + _BOTTOM, left, _RIGHT + 6, top, _BOTTOM)


def _axes(
    plot: Plot, x_ticks: Sequence[Tick], y_ticks: Sequence[Tick], x_label: str, y_label: str = ""
) -> Iterator[Mark]:
    """The axes as :meth:`Plot.axes` has them, with words of their own at the ticks."""
    base, right = plot.height - plot.bottom, plot.width - plot.right
    for value, label in y_ticks:
        yield Stroke("grid", np.array([[plot.left, plot.y(value)], [right, plot.y(value)]]))
        yield Caption(label, plot.left - 7, plot.y(value) + 4, "tick end")
    yield Stroke("axis", np.array([[plot.left, base], [right, base]]))
    for value, label in x_ticks:
        yield Stroke("axis", np.array([[plot.x(value), base], [plot.x(value), base + 4]]))
        yield Caption(label, plot.x(value), base + 16, "tick middle")
    most = _MOST_LETTERS["label"]
    # The label stays within the drawing, also where the names beside it leave the axis little room.
    half = _LETTER * min(len(x_label), most) / 2
    middle = min((plot.left + right) / 2, plot.width - half)
    yield Caption(_short(x_label, most), middle, base + 37, "label middle")
    if y_label:
        yield Caption(_short(y_label, 32), 14, (plot.top + base) / 2, "label middle", turned=True)


def _legend(plot: Plot, entries: Sequence[_Entry]) -> Iterator[Mark]:
    for (x, y), entry in zip(_placed(entries, plot.left), entries, strict=True):
        if entry.is_area:
            yield Area(entry.css, _box(x, y - 9, x + 14, y + 1))
        elif entry.css == "dot":
            yield Dot("dot", x + 7, y - 4)
        else:
            yield Stroke(entry.css, np.array([[x, y - 4], [x + 14, y - 4]]))
        yield Caption(_short(entry.words, _MOST_LETTERS["legend"]), x + _SAMPLE, y)


def _placed(entries: Sequence[_Entry], left: float) -> list[tuple[float, float]]:
    """Where each entry of a legend begins: side by side, and below each other where there is no room."""
    places = []
    x, y = left, 14.0
    for entry in entries:
        width = _SAMPLE + _LETTER * min(len(entry.words), _MOST_LETTERS["legend"])
        if x > left and x + width > _WIDTH:
            x, y = left, y + _LEGEND
        places.append((x, y))
        x += width + _AFTER
    return places


def _legend_height(entries: Sequence[_Entry], left: float) -> float:
    return max((y for _, y in _placed(entries, left)), default=0.0) + 14


def _upright(plot: Plot, value: float, css: str) -> Stroke:
    """A line at a value, as high as the data; none where it is not finite."""
    if not math.isfinite(value):
        return Stroke(css, np.empty((0, 2)))
    x = plot.x(value)
    return Stroke(css, np.array([[x, plot.top], [x, plot.height - plot.bottom]]))


def _estimate(plot: Plot, values: Sequence[float], y: float) -> Iterator[Mark]:
    """A dot with its whiskers, as far as they are known."""
    value, low, high = (
        plot.x(each) if math.isfinite(each) and abs(each) < _LARGEST else math.nan for each in values
    )
    if math.isfinite(low) and math.isfinite(high):
        yield Stroke("whisker", np.array([[low, y], [high, y]]))
        for end in (low, high):
            yield Stroke("whisker", np.array([[end, y - _CAP], [end, y + _CAP]]))
    if math.isfinite(value):
        yield Dot("dot", value, y)


def _steps(plot: Plot, edges: np.ndarray, values: np.ndarray, css: str) -> Iterator[Mark]:
    """A histogram: an area that is closed on the base line."""
    x = np.repeat(edges, 2)
    y = np.concatenate([[0], np.repeat(values, 2), [0]])
    yield Area(css, _points(plot, x, y))


def _line(plot: Plot, x: np.ndarray, y: np.ndarray, colour: int) -> Iterator[Mark]:
    """A line that is interrupted where a value is not known; few points are dots as well."""
    for run in _runs(x, y):
        yield Stroke(f"series l{colour}", _points(plot, x[run], y[run]))
    if len(x) <= _MOST_DOTTED:
        known = np.isfinite(x) & np.isfinite(y)
        for a, b in _points(plot, x[known], y[known]).tolist():
            yield Dot(f"dot l{colour}", a, b)


def _band(plot: Plot, x: np.ndarray, values: np.ndarray, css: str) -> Iterator[Mark]:
    """The intervals of a line, as far as they are known."""
    low, high = values[:, 1], values[:, 2]
    for run in _runs(x, low, high):
        there, back = _points(plot, x[run], high[run]), _points(plot, x[run], low[run])
        yield Area(css, np.concatenate([there, back[::-1]]))


def _runs(*values: np.ndarray) -> Iterator[slice]:
    """The stretches of at least two points at which all values are known."""
    known = np.isfinite(np.stack(values)).all(0)
    bounds = np.flatnonzero(np.diff(np.concatenate([[False], known, [False]]).astype(int)))
    yield from (slice(a, b) for a, b in zip(bounds[::2], bounds[1::2], strict=True) if b - a > 1)


def _points(plot: Plot, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    pairs = zip(x.tolist(), y.tolist(), strict=True)
    return np.array([(plot.x(a), plot.y(b)) for a, b in pairs]).reshape(-1, 2)


def _box(left: float, upper: float, right: float, lower: float) -> np.ndarray:
    return np.array([[left, upper], [right, upper], [right, lower], [left, lower]])


def _colour(i: int) -> int:
    return min(i + 1, N_SERIES)


def _finite(values: Iterable[float] | np.ndarray) -> np.ndarray:
    array = np.asarray(values if isinstance(values, np.ndarray) else list(values), np.float64)
    return array[np.isfinite(array) & (np.abs(array) < _LARGEST)]


def _range(values: Iterable[float] | np.ndarray, *, pad: float = _PAD) -> tuple[float, float]:
    """Ends of an axis that holds all values that are finite, with some room."""
    known = _finite(values)
    if not len(known):
        return 0.0, 1.0
    low, high = float(known.min()), float(known.max())
    # All values the same: an axis as wide as they are large.
    room = pad * (high - low) if high > low else abs(low) / 2 or 1.0
    return low - room, high + room


def _top(*shares: np.ndarray) -> float:
    """Top of a vertical axis: a little above the largest of all values, and never 0."""
    return 1.08 * max(float(share.max(initial=0)) for share in shares) or 1.0


def _ticks(low: float, high: float, *, n: int = 5, in_percent: bool = False) -> list[Tick]:
    """Round numbers with their words."""
    values = nice_ticks(low, high, n)
    return [(value, f"{tick_label(100 * value)}%" if in_percent else tick_label(value)) for value in values]


def _log_ticks(low: float, high: float) -> list[Tick]:
    """Powers of ten between two logarithms; finer ones where those are too few."""
    powers = range(math.ceil(low), math.floor(high) + 1)
    values = [10.0**power for power in powers[:: max(1, len(powers) // 6)]]
    if len(values) < 3:
        finer = [step * 10.0**power for power in range(math.floor(low), math.ceil(high)) for step in _STEPS]
        values = [value for value in finer if low <= math.log10(value) <= high]
    if len(values) < 2:
        values = [value for value in nice_ticks(10**low, 10**high, 4) if value > 0]
    return [(math.log10(value), tick_label(value)) for value in values]


def _number(value: float) -> str:
    """A number of an axis in words."""
    return amount(value, "of an axis", bare=True)


def _width(name: str) -> float:
    return sum(_CAPITAL if letter.isupper() else _LETTER for letter in name)


def _short(text: str, n_letters: int) -> str:
    return text if len(text) <= n_letters else f"{text[: n_letters - 1]}…"
