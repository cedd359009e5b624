"""Known motifs with their tests and spacings, made up."""

import numpy as np

from motifnet.datasets.contrast import Contrast
from motifnet.motifs import Motif
from motifnet.report.pages.enrichment import EnrichmentResult
from motifnet.scanning.enriched import Enriched, SiteThreshold
from motifnet.scanning.spaced import Spacing
from motifnet.stats.enrichment import Enrichment
from motifnet.stats.positional import Central
from motifnet.stats.rank_test import RankTest
from motifnet.stats.spacing import BestPlace
from motifnet.symbols import Sequences

EVIL = "<script>alert('x')</script>\x00 & \"co\""
MOTIF = Motif("MA0001.1", np.eye(4)[:, [0, 1, 2]], alt_name="<A&B>")


def enriched(n_sites=30, *, log10_e=-410.0, like=1):
    central = Central(12, n_sites, n_sites // 2, 0.2, -9.5, 4, 1, -3.0)
    return Enriched(
        MOTIF,
        0,
        SiteThreshold(100, 7.5, 1e-4),
        Enrichment(n_sites, 100, 4, 200, -412.3),
        RankTest(0.8, -55.0),
        central,
        1e-6,
        np.linspace(-40, 40, n_sites),
        np.array([-60.0, 5, 7, 90]),
        log10_e=log10_e,
        like=like,
    )


def spacing():
    counts = np.zeros((2, 2, 101), int)
    counts[1, 0, 7] = 12
    counts[0, 1, 40] = 3
    return Spacing(
        MOTIF, MOTIF, counts, BestPlace(1, 93, 12, 15, 0.4, -8.0), True, 7, 60, log10_e=-6.0, like=1
    )


def result(ranked, spacings):
    """What a run of ``motifnet enrich`` would have found among sequences of 200 bases."""
    sequences = Sequences.from_codes(np.zeros((300, 200), np.uint8), [f"s{i}" for i in range(300)])
    compared = Contrast(sequences, 100, {"duplicate": 3}, "Shuffled targets.")
    record = {"command": "motifnet enrich", "config": {"enriching": {"max_e": 10.0}}}
    return EnrichmentResult(EVIL, EVIL, compared, ranked, spacings, [EVIL], record)
