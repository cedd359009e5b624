"""Tests of ties with pictures of all kinds, made up."""

from unittest.mock import patch

import numpy as np

from motifnet.config.tie_tests import StrandTestConfig
from motifnet.hypotheses.registry import HYPOTHESES, Hypothesis
from motifnet.report.pages.tie_tests import render_tie_tests
from motifnet.report.tie_test_result import TieTestResult
from motifnet.ties import Tie
from motifnet.ties.tested import (
    Effect,
    Gain,
    Histogram,
    Intervals,
    NullDistribution,
    TieTest,
    Trends,
    decide,
    not_applicable,
)

EVIL = "<script>alert('x')</script>\x00 & \"co\" $\\frac$"
NAME = "made up"
MARGIN, ALPHA = 0.005, 0.05
NAN = float("nan")

SAID = Hypothesis(
    question="Are both strands read alike?",
    null="A site is as likely on either strand, and looks the same on both.",
    method="A likelihood-ratio test of the model with two matrices against that with one.",
    when_rejected="The strands differ: transcription, or an orientation to a partner.",
    when_not="That the strands are alike is not shown by this.",
)

IN_WORDS = "both strands are read alike"


def pictures():
    """One picture of each kind."""
    random = np.random.default_rng(1)
    draws = NullDistribution(random.chisquare(4, 999), 15.3, "likelihood-ratio statistic")
    edges = np.linspace(-100, 100, 21)
    observed, expected = (np.exp(-np.abs(edges[1:] - peak) / 40) for peak in (15, 5))
    shares = (observed / observed.sum(), expected / expected.sum())
    bars = Histogram(edges, *shares, "distance from the centre (bp)", "Positions of sites")
    x = np.array([100.0, 300, 1000, 3000, 10_000, 30_000])
    tied = (1.38 - 0.02 * np.log10(x) + np.array([[0.0], [-0.4], [0.4]]) / np.sqrt(x)).T
    untied = tied + (2 / x - 0.004)[:, None]
    untied[0, 1:] = np.nan
    losses = ("held-out loss (nats a sequence)", "Losses along the number of sequences")
    curves = Trends(x, {"tied": tied, "untied": untied}, "sequences", *losses, log_x=True)
    names = [f"GATA{i} (MA{i:04d}.1)" for i in range(1, 8)]
    values = random.uniform(0.4, 0.6, 7)[:, None] + np.array([0, -0.06, 0.06])
    values[3, 1:] = np.nan
    return (draws, bars, curves, Intervals(names, values, 0.5, "sites on the + strand", "Each motif alone"))


def found_tie(p=0.4, gain=0.001, half=0.002, *, subject="peaks.fa", value=0.62, drawn=None, **other):
    """A test whose verdict follows from its numbers."""
    gained = (
        None
        if gain is None
        else Gain(gain, gain - half, gain + half, 2000, None if half < MARGIN else 90_000)
    )
    verdict = decide(p, gained, alpha=ALPHA, margin=MARGIN)
    parts = {
        "hypothesis": NAME,
        "subject": subject,
        "in_words": IN_WORDS,
        "fitted": "One matrix for both strands, and one for each.",
        "method": "likelihood-ratio test",
        "n": 12_345,
        "p": p,
        "statistic": 15.3,
        "df": 4.0,
        "effect": Effect("sites on the + strand", value, value - 0.04, value + 0.04, 0.5),
        "gain": gained,
        "verdict": verdict,
        "sentence": f"That both strands are read alike is {verdict} by the sites of {subject}.",
        "tie": Tie.parse("Tie(3: 1..2 1)"),
        "notes": ("Overlapping sites were counted once.",),
        "pictures": pictures() if drawn is None else drawn,
    }
    return TieTest(**{**parts, **other})


def missing(subject="rna.fa"):
    """A test that does not apply."""
    return not_applicable(NAME, subject, IN_WORDS, "RNA has one strand.", n=7)


def many(n=40):
    """As many tests, of all verdicts, each with one picture, and one that does not apply."""
    random = np.random.default_rng(7)
    p, value = random.beta(0.4, 1, n).tolist(), random.uniform(0.4, 0.6, n).tolist()
    gain, half = random.normal(0.001, 0.001, n).tolist(), random.choice([0.002, 0.02], n).tolist()
    drawn, names = pictures(), [f"MA{i:04d}.1_motif-{i}" for i in range(n)]
    found = [
        found_tie(p[i], gain[i], half[i], subject=names[i], value=value[i], drawn=(drawn[i % 4],))
        for i in range(n)
    ]
    return [missing(), *found]


def result(tests, *, title="strand", warnings=()):
    """What a run of ``motifnet test`` would have found."""
    testing = {"margin": MARGIN, "alpha": ALPHA}
    return TieTestResult(
        title, NAME, tests, warnings, {"command": "motifnet test", "config": {"testing": testing}}
    )


def page(found):
    """The page of a result, whose hypothesis is known only here."""
    with patch.dict(HYPOTHESES._entries, {NAME: SAID}):
        return render_tie_tests(found, StrandTestConfig)


HOSTILE = found_tie(
    subject=EVIL,
    in_words=EVIL,
    fitted=EVIL,
    method=EVIL,
    sentence=EVIL,
    notes=(EVIL,),
    effect=Effect(EVIL, 0.5, 0.4, 0.6, 0.5, EVIL),
    drawn=(
        NullDistribution(np.arange(9), 4.0, EVIL),
        Histogram(np.arange(3), np.ones(2), np.ones(2), EVIL, EVIL),
        Trends(np.arange(3), {EVIL: np.ones((3, 3))}, EVIL, EVIL, EVIL),
        Intervals([EVIL], np.ones((1, 3)), 1.0, EVIL, EVIL),
    ),
)

RESULTS = {
    "nothing": result([]),
    "one": result([found_tie(1e-5)]),
    "one that does not apply": result([missing()]),
    "unknown": result([found_tie(effect=Effect("shift", 3.0, NAN, NAN, 0.0, "bp"), gain=None, df=None)]),
    "hostile": result([HOSTILE, missing(EVIL)], title=EVIL, warnings=[EVIL]),
    "many": result(many(), warnings=["A motif had few sites."]),
}
"""Made-up results of all kinds, by what is special about them."""
