"""A composite in a cross-fit: one table of all folds together is chosen, by what controls there are."""

import numpy as np
import pytest
from planted import BACKGROUND

from motifnet.datasets.simulate import motif_from_word
from motifnet.discovery.evaluate import _Fold, _verdict
from motifnet.discovery.judge import Verdict, pooled
from motifnet.discovery.readout import ReadMotif
from motifnet.motifs import Motif
from motifnet.stats.enrichment import fisher
from motifnet.strand import Strand

READ = ReadMotif(
    Motif("1", motif_from_word("CCGGAAGTGACATAGG").counts, BACKGROUND), 9.0, 9.0, 0, ("2",), extends="1"
)
BESIDE = fisher(20, 50, 1, 500)


def fold(n_controls, *, found=True):
    """A fold, of whose controls so many have the simpler motif."""
    if not found:
        return _Fold([], [], [100], [100])
    verdict = Verdict(
        (fisher(0, 100, 0, 100),),
        (fisher(20, 100, 0, 100),),
        (0.6,),
        among=(fisher(20, 50, 0, n_controls),),
        beside=(BESIDE,),
    )
    return _Fold([READ], [verdict], [100], [100])


@pytest.mark.parametrize(("n_controls", "shuffled"), [((60, 45), False), ((95, 4), True), ((0, 0), True)])
def test_the_controls_of_all_folds_together_choose_its_table(n_controls, shuffled):
    folds = [fold(n) for n in n_controls]
    verdict = _verdict(READ, [0] * len(folds), folds, folds, strand=Strand.BOTH)
    which = "beside" if shuffled else "among"
    tables = [getattr(one.verdicts[0], which)[0] for one in folds]
    assert verdict.net == (pooled(tables),)
    assert verdict.against_shuffled is shuffled
    assert np.isfinite(verdict.net[0].log10_p)


def test_a_fold_without_it_has_no_sites_to_shuffle():
    folds = [fold(5), fold(5, found=False)]
    verdict = _verdict(READ, [0, None], folds, folds, strand=Strand.BOTH)
    assert verdict.net == (BESIDE,)
