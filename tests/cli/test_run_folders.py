"""Run folders are taken wherever a file of motifs, or of a model, is."""

import json

import pytest

from motifnet.cli import main
from motifnet.errors import MotifFormatError
from motifnet.io.motif_files import read_motifs


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A run folder with two motifs, made by simulate, and a folder that is none of a run."""
    folder = tmp_path_factory.mktemp("made")
    planted = ["--motif", "TGACTCAGC:0.9", "--motif", "GGATAACC:0.5"]
    main(["simulate", "-o", str(folder / "run"), *planted, "--n-targets", "40", "--length", "40", "-q"])
    (folder / "hollow").mkdir()
    return folder


CALLS = {
    "scan": "scan {} RUN/targets.fa -o out.bed",
    "decode": "decode {} RUN/targets.fa -o out --rate 0.01",
    "profile": "profile RUN/targets.fa --start {} -o out --gaps never --max-rounds 2 --width fixed",
    "simulate": "simulate --motif-file {} -o out --n-targets 5",
    "compare": "compare {} {} -o out.tsv",
    "cluster": "cluster {} -o out",
    "convert": "convert {} -o out.jaspar",
    "logos": "logos {} -o out",
}


def words(name, source, made):
    return CALLS[name].replace("{}", str(source)).replace("RUN", str(made / "run")).split()


@pytest.mark.parametrize("name", CALLS)
def test_a_run_folder_is_as_good_as_its_file_of_motifs(name, made, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    main([*words(name, made / "run", made), "-q"])
    assert list(tmp_path.iterdir())
    if (tmp_path / "out" / "run.json").is_file() and name != "cluster":
        record = json.loads((tmp_path / "out" / "run.json").read_text())
        assert str(made / "run" / "motifs.meme") in str(record["inputs"])


@pytest.mark.parametrize("name", ["scan", "decode", "profile", "simulate", "cluster", "logos"])
def test_a_folder_of_no_run_is_refused(name, made, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit):
        main([*words(name, made / "hollow", made), "-q"])
    assert (
        f"{MotifFormatError.__name__}: {made / 'hollow'}: is a folder without motifs.meme"
        in capsys.readouterr().err
    )


def test_known_motifs_may_be_those_of_a_run(made, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    few = ["--n-motifs", "1", "--max-epochs", "1", "--n-filters", "4", "--filter-width", "10", "-q"]
    main(["train", str(made / "run" / "targets.fa"), "-o", "run", "--motif-db", str(made / "run"), *few])
    record = json.loads((tmp_path / "run" / "run.json").read_text())
    assert record["config"]["discovery"]["motif_db"] == [str(made / "run" / "motifs.meme")]


def test_pairs_are_aligned_by_the_model_of_a_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pairs.fa").write_text(">a\nACGTTGCAACGTGCAGTC\n>b\nACGTTGCAACGTCAGTC\n")
    main(["align", "pairs.fa", "-o", "one", "--gap-classes", "1", "-q"])
    main(["align", "pairs.fa", "-o", "two", "--parameters", "one", "-q"])
    texts = [(tmp_path / run / "alignments.maf").read_text() for run in ("one", "two")]
    assert texts[0] == texts[1]
    record = json.loads((tmp_path / "two" / "run.json").read_text())
    assert record["config"]["pair_model"]["parameters"] == "one/model.json"


def test_a_motif_is_the_same_in_the_table_its_file_and_a_family_of_its_own(made, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    main(["cluster", str(made / "run"), "-o", "families", "-q"])
    before = read_motifs(made / "run" / "motifs.meme")
    after = {motif.alt_name: motif for motif in read_motifs("families/families.meme")}
    assert len(after) == len(before) == 2
    for motif in before:
        assert after[motif.name].consensus == motif.consensus
        assert after[motif.name].n_sites == motif.n_sites
