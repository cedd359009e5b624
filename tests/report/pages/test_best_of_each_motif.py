"""Pages of hits and of decoded sites: each motif has its count, and its best."""

import re
from collections import Counter

import numpy as np

from motifnet.io.hit_formats import PlacedHit
from motifnet.motifs import Motif, Sites
from motifnet.report.pages.hits import HitResult, render_hits
from motifnet.report.pages.posteriors import PosteriorResult, render_posteriors
from motifnet.scanning.hit_counts import HitCounts
from motifnet.symbols import Sequences


def motif(name):
    return Motif(name, 9 * np.eye(4)[:, [2, 0, 3, 0]])


def named_rows(page, section):
    """The first cell of each row of a table."""
    body = page.partition(f'<section id="{section}">')[2].partition("</section>")[0]
    return re.findall(r"<tr><t[dh][^>]*>(\w+)</t[dh]>", body)


def hits_of(*told):
    """So many hits of a p-value of each motif: its number, its name, how many."""
    counts = HitCounts()
    for i, name, n, p_value in told:
        hits = [PlacedHit("chr1", at, at + 4, name, "", "+", 7.5, p_value, 0.1, "", i) for at in range(n)]
        assert len(list(counts.passed(hits))) == n
    return counts


def test_hits_of_motifs_of_one_name_are_not_summed():
    counts = hits_of((0, "GATA", 30, 1e-6), (1, "GATA", 4, 1e-5))
    page = render_hits(HitResult("ours", [motif("GATA")] * 2, counts, np.ones(2), 1000, 2, 34))
    assert re.findall(r'<td data-sort="(\d+)">\d+</td>\n<td data-sort="1.0">', page) == ["30", "4"]


def test_the_best_hits_are_of_all_motifs():
    counts = hits_of((0, "strong", 300, 1e-9), (1, "weak", 300, 1e-5), (2, "rare", 2, 1e-4))
    motifs = [motif(name) for name in ("strong", "weak", "rare")]
    rows = named_rows(render_hits(HitResult("ours", motifs, counts, np.ones(3), 1000, 2, 602)), "best")
    assert rows == ["strong"] * 24 + ["weak"] * 24 + ["rare"] * 2


def test_the_most_probable_sites_are_of_all_motifs():
    sequences = Sequences.from_text(["CCGATACC"] * 80)
    found = {"strong": (80, 0.99), "weak": (80, 0.6), "rare": (3, 0.7)}
    sites, posterior = [], []
    for n, probability in found.values():
        place = np.arange(n), np.full(n, 2), np.zeros(n, bool), np.full(n, 7.5)
        sites.append(Sites(sequences, 4, *place))
        posterior.append(np.full(n, probability))
    one = np.ones((80, 3))
    result = PosteriorResult("ours", [motif(name) for name in found], sites, posterior, one, one)
    rows = named_rows(render_posteriors(result), "sites")
    assert Counter(rows) == {"strong": 24, "weak": 23, "rare": 3}
    assert rows == sorted(rows, key=["strong", "rare", "weak"].index)
