"""From the folder of a run alone comes back what it was made of, or what is gone or changed is named."""

from __future__ import annotations

import json

import numpy as np
import pytest

from motifnet.cli import main
from motifnet.errors import ChangedInput, FileFormatError, MissingFile, NotOfRun
from motifnet.io.fasta import read_fasta
from motifnet.io.motif_files import read_motifs
from motifnet.runs.reading import read_run
from tests.cli.calls import CALLS, MAKES_RUN, write_inputs


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A run of each of several kinds, made from within the folder that holds the inputs."""
    path = tmp_path_factory.mktemp("runs")
    write_inputs(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(path)
        for name in MAKES_RUN:
            main(CALLS[name].of(name))
    return path


def texts(sequences):
    return [sequences.text(i) for i in range(len(sequences))]


def test_train_gives_back_targets_controls_parts_model_and_motifs(folder):
    run = read_run(folder / "train")
    given = {text for name in ("s.fa", "c.fa") for text in texts(read_fasta(folder / name))}
    assert 0 < len(run.targets) <= 40
    assert {*texts(run.targets), *texts(run.controls)} <= given
    everything = np.sort(np.concatenate(list(run.parts.values())))
    assert everything.tolist() == list(range(len(run.targets) + len(run.controls)))
    assert run.model.network.filters.shape[1] == 4
    assert [motif.name for motif in run.motifs] == [
        motif.name for motif in read_motifs(folder / "train" / "motifs.meme")
    ]


def test_enrich_gives_back_targets_controls_and_the_motifs_that_were_given(folder):
    run = read_run(folder / "enrich")
    assert len(run.targets)
    assert len(run.controls)
    assert [motif.name for motif in run.motifs] == ["TGACTCAG", "CACGTGAC"]


def test_decode_gives_back_its_sequences_and_motifs(folder):
    run = read_run(folder / "decode")
    assert texts(run.targets) == texts(read_fasta(folder / "s.fa"))
    assert len(run.motifs) == 2


def test_align_gives_back_its_pairs_and_model(folder):
    run = read_run(folder / "align")
    assert len(run.data.of_kind) == 4
    assert 0 < run.model.identity < 1


def test_profile_gives_back_its_sequences_motif_and_model(folder):
    run = read_run(folder / "profile")
    assert len(run.targets) == 40
    assert [motif.name for motif in run.motifs] == ["profile"]
    assert run.model is not None


def test_cluster_gives_back_its_families(folder):
    assert len(read_run(folder / "cluster").motifs) >= 2


def test_simulate_draws_the_same_again(folder):
    run = read_run(folder / "simulate")
    assert texts(run.targets) == texts(read_fasta(folder / "simulate" / "targets.fa"))


@pytest.mark.parametrize(
    ("job", "what"),
    [("decode", "controls"), ("enrich", "parts"), ("enrich", "model"), ("cluster", "targets")],
)
def test_what_a_kind_of_run_does_not_have_is_said(folder, job, what):
    with pytest.raises(NotOfRun, match=f"is a run of motifnet {job}, which has no {what}"):
        getattr(read_run(folder / job), what)


@pytest.fixture
def copied(folder, tmp_path):
    """The inputs and the run of train, which may be spoilt."""
    import shutil

    shutil.copytree(folder, tmp_path / "copy")
    record = tmp_path / "copy" / "train" / "run.json"
    content = json.loads(record.read_text())
    content["directory"] = str(tmp_path / "copy")
    record.write_text(json.dumps(content))
    return tmp_path / "copy"


def test_a_changed_input_is_refused_by_name(copied):
    with (copied / "s.fa").open("a") as file:
        file.write(">more\nACGTACGTACGTACGTACGTACGTACGTACGT\n")
    with pytest.raises(ChangedInput, match=r"s\.fa has changed since the run read it as targets"):
        _ = read_run(copied / "train").targets


def test_a_changed_file_of_an_option_is_refused_by_name(copied):
    (copied / "c.fa").write_text((copied / "c.fa").read_text().replace("ACG", "ACC"))
    with pytest.raises(ChangedInput, match=r"c\.fa has changed since the run read it as control"):
        _ = read_run(copied / "train").controls


def test_an_input_that_is_gone_is_named(copied):
    (copied / "s.fa").unlink()
    with pytest.raises(MissingFile, match=r"file that the run read as targets .*s\.fa does not exist"):
        _ = read_run(copied / "train").targets


def test_inputs_may_lie_where_python_runs(copied, monkeypatch, tmp_path):
    record = copied / "train" / "run.json"
    content = json.loads(record.read_text())
    content["directory"] = str(tmp_path / "gone")
    record.write_text(json.dumps(content))
    monkeypatch.chdir(copied)
    assert len(read_run(copied / "train").targets)


def test_a_genome_that_has_changed_is_told_by_the_sequences_that_are_read(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(1)
    bases = "".join(rng.choice(list("ACGT"), 6000))
    (tmp_path / "genome.fa").write_text(f">chr1\n{bases}\n")
    (tmp_path / "peaks.bed").write_text("".join(f"chr1\t{i}\t{i + 60}\n" for i in range(100, 5000, 200)))
    (tmp_path / "m.meme").write_text(_MEME)
    main(["decode", "m.meme", "peaks.bed", "--genome", "genome.fa", "--window", "0", "-o", "run", "-q"])
    assert len(read_run("run").targets) == 25
    other = bases[:120] + "T" * 20 + bases[140:]
    (tmp_path / "genome.fa").write_text(f">chr1\n{other}\n")
    with pytest.raises(ChangedInput, match=r"genome\.fa has changed since the run read it as genome"):
        _ = read_run("run").targets


_MEME = """MEME version 4

ALPHABET= ACGT

MOTIF GATA
letter-probability matrix: alength= 4 w= 4 nsites= 20
 0.1 0.1 0.7 0.1
 0.7 0.1 0.1 0.1
 0.1 0.1 0.1 0.7
 0.7 0.1 0.1 0.1
"""


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"job": "no_such"}, r"is of no job of this version \(no_such\)"),
        ({"inputs": {"targets": ["s.fa"]}}, "has no inputs by their roles"),
        (
            {"config": {"training": {"no_such": 1}}},
            "has options that this version does not take: option is 'training.no_such'",
        ),
    ],
)
def test_a_record_that_is_damaged_is_refused(copied, change, sentence):
    record = copied / "train" / "run.json"
    record.write_text(json.dumps({**json.loads(record.read_text()), **change}))
    with pytest.raises(FileFormatError, match=sentence):
        read_run(copied / "train")


def test_a_folder_without_a_run_is_refused(tmp_path):
    with pytest.raises(FileFormatError, match="holds no finished run of motifnet"):
        read_run(tmp_path)


def test_a_cross_fitted_run_has_no_part_that_its_model_has_not_seen(folder):
    """Fewer targets than --cross-fit-below: the model has learnt from all but what told when to stop."""
    parts = read_run(folder / "train").parts
    assert list(parts) == ["train", "validation"]
    assert len(parts["train"]) > len(parts["validation"]) > 0


def test_a_run_stays_where_it_is(copied, monkeypatch, tmp_path):
    monkeypatch.chdir(copied)
    run = read_run("train")
    monkeypatch.chdir(tmp_path)
    assert len(run.motifs) == len(read_motifs(copied / "train" / "motifs.meme"))


def test_python_does_not_write_over_what_it_reads(copied, monkeypatch):
    import motifnet
    from motifnet.errors import OutputIsInput

    monkeypatch.chdir(copied)
    before = (copied / "s.fa").read_bytes()
    with pytest.raises(OutputIsInput):
        motifnet.scan("m.meme", "s.fa", "s.fa", format="bed")
    assert (copied / "s.fa").read_bytes() == before
    with pytest.raises(OutputIsInput):
        motifnet.cluster("cluster", "cluster", overwrite=True)


def test_options_from_python_are_checked_as_those_of_the_command_line():
    from motifnet.config.train import TrainConfig
    from motifnet.errors import InvalidValue

    config = TrainConfig().with_options("reading", genome="g.fa")
    assert [str(path) for _, path in config.files()] == ["g.fa"]
    with pytest.raises(InvalidValue, match="option is 'max_epoch'; expected one that there is"):
        config.with_options("training", max_epoch=2)
    with pytest.raises(InvalidValue, match="max_epochs is 0"):
        config.with_options("training", max_epochs=0)
