"""A whole run against controls of another composition: what is planted is found, composition is not."""

import motifnet
from motifnet.config.train import TrainConfig
from motifnet.datasets.simulate import Planted, motif_from_word, simulate
from motifnet.io import write_fasta
from motifnet.symbols.background import Background

QUICK = TrainConfig().with_options("training", max_epochs=2)


def written(folder, *, planted):
    """Targets of 53% GC and controls of 45%, of 120 bases each."""
    sites = [Planted(motif_from_word("TGASTCATC"), 0.3)] if planted else []
    rich = simulate(sites, Background.from_gc(0.53), n_targets=600, n_controls=0, length=120, seed=3)
    poor = simulate([], Background.from_gc(0.45), n_targets=1500, n_controls=0, length=120, seed=4)
    write_fasta(folder / "targets.fa", rich.targets)
    write_fasta(folder / "controls.fa", poor.targets)


def significant(folder, name, **controls):
    """Consensus of what a run finds."""
    config = QUICK.with_options("controls", control=folder / "controls.fa", **controls)
    found = motifnet.train(folder / "targets.fa", folder / name, config)
    return [one.motif.consensus for one in found.significant]


def test_a_planted_motif_is_found_and_composition_is_not(tmp_path):
    written(tmp_path, planted=True)
    (found,) = significant(tmp_path, "run")
    assert "TGA" in found
    assert len(motifnet.read_run(tmp_path / "run").controls) == 600  # the same are made again


def test_composition_is_a_motif_only_where_the_difference_is_meant(tmp_path):
    written(tmp_path, planted=False)
    assert not significant(tmp_path, "matched")
    assert significant(tmp_path, "all", match_controls=False)
