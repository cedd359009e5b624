"""How well a task is predicted: figures of merit with their baselines and charts, which tell themselves.

A kind of target says which figures it has; files, report and command line write what they find here.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from motifnet.errors import UnknownName


class Figure(NamedTuple):
    """A figure of merit, a baseline of one, or a number of sequences.

    Parameters
    ----------
    name : str
        What files call it, such as ``"auroc"``.
    heading : str
        What a table calls it.
    value : int or float
        A whole number is a number of sequences; NaN where there is none.
    baseline_of : str
        Name of the figure that it is a baseline of, if of any.
    doubtful_above : float
        From where on a baseline puts the result in doubt.
    """

    name: str
    heading: str
    value: float
    baseline_of: str = ""
    doubtful_above: float = math.inf

    @property
    def is_count(self) -> bool:
        """Whether it is a number of sequences."""
        return isinstance(self.value, int)

    @property
    def is_doubtful(self) -> bool:
        """Whether it is a baseline that does too well."""
        return self.value > self.doubtful_above


class Line(NamedTuple):
    """A line of a chart.

    Parameters
    ----------
    x, y : numpy.ndarray, shape=(n_points,)
        Shares, from 0 to 1.
    label : str
        Its words in the legend; a figure stands in them as its name in braces.
    is_ours : bool
        Whether it is what the network does, and not what it is compared with.
    """

    x: np.ndarray
    y: np.ndarray
    label: str
    is_ours: bool


class ShareChart(NamedTuple):
    """Lines over two shares.

    Parameters
    ----------
    title : str
        What it is, such as ``"ROC curve"``.
    description : str
        What is to be seen, for those who do not see it; a figure stands in it as its name in braces.
    x_label, y_label : str
        Names of the axes, which run from 0 to 1.
    lines : tuple of Line
        The most important first.
    """

    title: str
    description: str
    x_label: str
    y_label: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, eq=False)
class TaskMetrics:
    """How well one task is predicted on held-out sequences, beside its baselines.

    Parameters
    ----------
    task : str
        Name of the task: its file's stem.
    figures : tuple of Figure
        In the order in which files list them; the first that is neither a number of sequences nor a
        baseline stands for all.
    headline : str
        One clause; a figure stands in it as its name in braces.
    charts : tuple of ShareChart
        What there is to draw.
    doubts : tuple of str
        One sentence for each baseline that does too well.

    Examples
    --------
    >>> figures = Figure("r", "Correlation", 0.75), Figure("gc_r", "GC alone", 0.125, baseline_of="r")
    >>> metrics = TaskMetrics("peaks", figures, "correlation {r}")
    >>> metrics["r"], metrics.main.heading, metrics.told(metrics.headline, "{:.2f}".format)
    (0.75, 'Correlation', 'correlation 0.75')
    """

    task: str
    figures: tuple[Figure, ...]
    headline: str
    charts: tuple[ShareChart, ...] = ()
    doubts: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> float:
        """The value of a figure; :class:`~motifnet.errors.UnknownName` if there is none of that name."""
        values = {figure.name: figure.value for figure in self.figures}
        if name not in values:
            raise UnknownName("figure of merit", name, values)
        return values[name]

    @property
    def main(self) -> Figure:
        """The figure that stands for all."""
        return next(one for one in self.figures if not (one.is_count or one.baseline_of))

    def baselines_of(self, name: str) -> list[Figure]:
        """The baselines of a figure."""
        return [one for one in self.figures if one.baseline_of == name]

    @property
    def columns(self) -> list[Figure]:
        """The figures as a table has them: each followed by its baselines."""
        own = [one for one in self.figures if not one.baseline_of]
        return [column for one in own for column in (one, *self.baselines_of(one.name))]

    def told(self, text: str, number: Callable[[float], str]) -> str:
        """Words in which figures are named in braces, with the numbers in their place.

        Parameters
        ----------
        text : str
            Such as :attr:`headline`.
        number : callable
            How a value is written.
        """
        return text.format_map({one.name: number(one.value) for one in self.figures})
