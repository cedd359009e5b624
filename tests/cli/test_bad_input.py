"""Bad input gets one line (what, where, what would be right), exit code 2, and nothing half-written."""

from __future__ import annotations

import errno
import gzip
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import torch

from motifnet.cli import main
from motifnet.io.checkpoint import load_checkpoint
from motifnet.runs.folder import RunFolder

PEAK = "chr1\t1000\t1200\tp{}\n"


@pytest.fixture
def genome(tmp_path: Path) -> Path:
    rng = np.random.default_rng(0)
    path = tmp_path / "genome.fa"
    path.write_text(
        "".join(f">{name}\n{''.join(rng.choice(list('ACGT'), 5000))}\n" for name in ("chr1", "chr2"))
    )
    return path


def fasta(path: Path, sequences: list[str]) -> Path:
    path.write_text("".join(f">s{i}\n{text}\n" for i, text in enumerate(sequences)))
    return path


def random_sequences(n: int, length: int, seed: int = 0) -> list[str]:
    rng = np.random.default_rng(seed)
    return ["".join(rng.choice(list("ACGT"), length)) for _ in range(n)]


def refused(capsys: pytest.CaptureFixture, arguments: list[object]) -> str:
    """The one line that a refused command says."""
    with pytest.raises(SystemExit) as stop:
        main([str(argument) for argument in arguments])
    assert stop.value.code == 2
    said = capsys.readouterr().err
    assert "Traceback" not in said
    return [line for line in said.splitlines() if line.strip()][-1]


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


CASES = {
    "empty file": ("in.fa", "", "in.fa", "empty"),
    "binary file": ("in.fa", bytes(range(256)) * 8, "in.fa", "binary"),
    "protein": ("in.fa", ">p\nMKVLILACLVALALAREEFPWQ\n", "line 2", "protein"),
    "no header": ("in.fa", "ACGTACGT\n", "in.fa", ">"),
    "truncated gzip": ("in.fa.gz", gzip.compress(b">s\n" + b"ACGT" * 5000)[:-40], "in.fa.gz", "compressed"),
    "end before start": ("in.bed", "chr1\t100\t90\n", "line 1", "end (90) is smaller than start (100)"),
    "no number": ("in.bed", "chr1\t1\t50\nchr1\tx\t90\n", "line 2", "x"),
    "BED without genome": ("in.bed", PEAK.format(1), "in.bed", "--genome"),
}


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ("--family shalow", "UnknownName: no family named 'shalow'; did you mean 'shallow'?"),
        ("--target counts", "UnknownName: no target named 'counts' (known: binary)"),
        (
            "--family deep --family-option pool=max",
            "UnknownName: no option of the family 'deep' named 'pool' "
            "(known: activation, block_width, dilations, dropout)",
        ),
        (
            "--family deep --family-option dropout=2",
            "InvalidValue: dropout of the family 'deep' is '2'; expected less than 1",
        ),
        (
            "--family-option max",
            "InvalidValue: family_option is 'max'; expected NAME=VALUE, such as dropout=0.2",
        ),
        ("--tie palindrom", "UnknownName: no tie of a filter named 'palindrom'; did you mean 'palindrome'?"),
        ("--tie strand_bias", "(known: direct_repeat, inverted_repeat, palindrome)"),
        (
            "--tie inverted_repeat,spacer=3",
            "InvalidValue: filter_width is 24; expected 23 or 25 with --tie inverted_repeat,spacer=3",
        ),
        ("--tie palindrome:17", "expected ties of at most 16 filters (--n-filters)"),
        (
            "--tie palindrome --filter-width 40",
            "InvalidValue: filter_width is 40; expected at most --max-width (30) with --tie",
        ),
    ],
)
def test_a_model_or_target_that_is_not_there(options: str, sentence: str, tmp_path: Path, capsys):
    path = fasta(tmp_path / "in.fa", random_sequences(20, 60))
    said = refused(capsys, ["train", path, "-o", tmp_path / "run", *options.split()])
    assert sentence in said
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("name", CASES)
def test_a_file_that_cannot_be_read(name: str, tmp_path: Path, capsys):
    file_name, content, where, hint = CASES[name]
    path = write(tmp_path / file_name, content)
    said = refused(capsys, ["train", path, "-o", tmp_path / "run"])
    assert where in said
    assert hint in said
    assert not (tmp_path / "run").exists()


def test_a_missing_file(tmp_path: Path, capsys):
    said = refused(capsys, ["train", tmp_path / "none.fa", "-o", tmp_path / "run"])
    assert "none.fa does not exist" in said


def test_a_missing_genome(tmp_path: Path, capsys):
    peaks = write(tmp_path / "in.bed", PEAK.format(1))
    said = refused(capsys, ["train", peaks, "--genome", tmp_path / "hg.fa", "-o", tmp_path / "run"])
    assert "hg.fa does not exist" in said


def test_another_naming_of_contigs(tmp_path: Path, genome: Path, capsys):
    peaks = write(tmp_path / "in.bed", "1\t100\t200\n")
    said = refused(capsys, ["train", peaks, "--genome", genome, "-o", tmp_path / "run"])
    assert "in.bed line 1: contig '1' is not in" in said
    assert "'chr1', 'chr2'" in said


def test_an_interval_off_the_contig(tmp_path: Path, genome: Path, capsys):
    peaks = write(tmp_path / "in.bed", "chr1\t100\t200\nchr2\t4900\t5900\n")
    said = refused(capsys, ["train", peaks, "--genome", genome, "-o", tmp_path / "run"])
    assert "in.bed line 2" in said
    assert "5900" in said
    assert "5000" in said


@pytest.mark.parametrize(
    ("sequences", "hint"),
    [
        (["ACGT" * 30], "1 sequence"),
        (["N" * 200] * 30, "unknown"),
        (random_sequences(50, 12), "too short"),
    ],
    ids=["one sequence", "all N", "shorter than the filter"],
)
def test_sequences_from_which_nothing_can_be_learnt(sequences: list[str], hint: str, tmp_path: Path, capsys):
    path = fasta(tmp_path / "in.fa", sequences)
    said = refused(capsys, ["train", path, "-o", tmp_path / "run"])
    assert hint in said
    assert "TooFewSequences: targets of in" in said
    assert not (tmp_path / "run").exists()


def test_an_output_that_is_a_file(tmp_path: Path, capsys):
    path = fasta(tmp_path / "in.fa", random_sequences(30, 100))
    said = refused(capsys, ["train", path, "-o", tmp_path / "in.fa" / "run"])
    assert said.startswith("UnwritableFolder: cannot write to")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission(tmp_path: Path, capsys):
    path = fasta(tmp_path / "in.fa", random_sequences(30, 100))
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    said = refused(capsys, ["train", path, "-o", closed / "run"])
    assert "no permission to write" in said


@pytest.mark.parametrize("asked", ["fast", "gpu"])
def test_a_kernel_that_cannot_be_had_is_said_before_anything_is_read(asked, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("MOTIFNET_KERNELS", asked)
    (tmp_path / "no.fa").write_text("what would be refused if it were read")
    said = refused(capsys, ["train", tmp_path / "no.fa", "-o", tmp_path / "run", "--device", "cpu"])
    assert f"InvalidValue: MOTIFNET_KERNELS is '{asked}'; expected one" in said
    assert not (tmp_path / "run").exists()


def test_a_finished_run_is_not_replaced(tmp_path: Path, capsys):
    path = fasta(tmp_path / "in.fa", random_sequences(30, 100))
    (tmp_path / "run").mkdir()
    write(tmp_path / "run" / "run.json", '{"versions": {"motifnet": "0"}}')
    said = refused(capsys, ["train", path, "-o", tmp_path / "run"])
    assert "--overwrite" in said


def test_a_record_of_another_program_is_no_run(tmp_path: Path, capsys):
    path = fasta(tmp_path / "in.fa", random_sequences(30, 100))
    (tmp_path / "run").mkdir()
    write(tmp_path / "run" / "run.json", '{"pipeline": "of somebody else"}')
    said = refused(capsys, ["train", path, "-o", tmp_path / "run", "--overwrite"])
    assert "files that are no run of motifnet" in said


def test_an_interrupted_run_is_not_replaced(tmp_path: Path, capsys):
    path = fasta(tmp_path / "in.fa", random_sequences(30, 100))
    with RunFolder(tmp_path / "run").taken(overwrite=False) as run:
        run.begin({}, overwrite=False, resume=False)
        run.save("piece", {"x": 1})
    assert "--resume" in refused(capsys, ["train", path, "-o", tmp_path / "run"])


def test_a_folder_of_other_files_is_not_touched(tmp_path: Path, capsys):
    path = fasta(tmp_path / "in.fa", random_sequences(30, 100))
    said = refused(capsys, ["train", path, "-o", tmp_path, "--overwrite"])
    assert "files that are no run of motifnet" in said
    assert path.exists()


def test_cuda_without_cuda(tmp_path: Path, capsys, monkeypatch):
    monkeypatch.setattr("torch.cuda.device_count", lambda: 0)
    path = fasta(tmp_path / "in.fa", random_sequences(30, 100))
    said = refused(capsys, ["train", path, "-o", tmp_path / "run", "--device", "cuda"])
    assert said.startswith("DeviceUnavailable: device 'cuda' is not available here")


def test_an_unknown_model(tmp_path: Path, capsys):
    path = fasta(tmp_path / "in.fa", random_sequences(30, 100))
    said = refused(capsys, ["train", path, "-o", tmp_path / "run", "--family", "shalow"])
    assert "did you mean 'shallow'?" in said


def test_an_option_out_of_bounds(tmp_path: Path, capsys):
    said = refused(capsys, ["train", tmp_path / "in.fa", "-o", tmp_path / "run", "--n-filters", "0"])
    assert "--n-filters" in said
    assert "1<=x<=4096" in said


def test_options_that_contradict_each_other(tmp_path: Path, capsys):
    said = refused(
        capsys,
        ["train", tmp_path, "-o", tmp_path / "run", "--min-width", "20", "--max-width", "10"],
    )
    assert said == "InvalidValue: min_width is 20; expected at most max_width (10)"


def test_two_files_of_one_name(tmp_path: Path, capsys):
    (tmp_path / "b").mkdir()
    paths = [fasta(tmp_path / folder / "in.fa", random_sequences(30, 100)) for folder in (".", "b")]
    assert "each names a task" in refused(capsys, ["train", *paths, "-o", tmp_path / "run"])


def test_a_database_that_is_none(tmp_path: Path, capsys):
    path = fasta(tmp_path / "in.fa", random_sequences(30, 100))
    database = write(tmp_path / "db.meme", "nothing to see\n")
    said = refused(capsys, ["train", path, "-o", tmp_path / "run", "--motif-db", database])
    assert "db.meme" in said


def test_a_full_disk(tmp_path: Path, capsys, monkeypatch):
    path = fasta(tmp_path / "in.fa", random_sequences(40, 60))

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("motifnet.runs.write.render_run", full)
    said = refused(
        capsys, ["train", path, "-o", tmp_path / "run", "--max-epochs", "1", "--cross-fit-below", "0", "-q"]
    )
    assert said.startswith("DiskFull: no space left")
    assert "--resume" in said
    assert [item.name for item in (tmp_path / "run").iterdir()] == [".work"]


def test_an_interrupted_run_goes_on(tmp_path: Path, capsys):
    """Ctrl-C leaves nothing that looks whole; a resumed run ends where an uninterrupted one does."""
    path = fasta(tmp_path / "in.fa", random_sequences(300, 120))
    options = ["--max-epochs", "30", "--patience", "30", "--cross-fit-below", "0", "--threads", "1", "-q"]
    command = ["train", str(path), "-o", str(tmp_path / "run"), *options]
    running = subprocess.Popen(
        [sys.executable, "-m", "motifnet", *command], stderr=subprocess.PIPE, text=True
    )
    checkpoint = tmp_path / "run" / ".work" / "all.training.pt"
    deadline = time.monotonic() + 120
    while not checkpoint.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    running.send_signal(signal.SIGINT)
    said = running.communicate(timeout=60)[1]
    assert running.returncode == 130
    assert "--resume" in said
    assert [item.name for item in (tmp_path / "run").iterdir()] == [".work"]

    assert checkpoint.exists()
    assert "differs in --tie" in refused(capsys, [*command, "--resume", "--tie", "palindrome"])
    main([*command, "--resume"])
    main(["train", str(path), "-o", str(tmp_path / "whole"), *options])
    resumed, whole = (weights(tmp_path / name / "model.pt") for name in ("run", "whole"))
    assert resumed.keys() == whole.keys()
    assert all(torch.equal(resumed[name], whole[name]) for name in whole)


def weights(path: Path) -> dict[str, torch.Tensor]:
    return load_checkpoint(path, "model")["state_dict"]


def test_nothing_is_said_of_the_device_before_inputs_are_read(tmp_path, capsys):
    bad = write(tmp_path / "bad.fa", ">a\nACGT\n")
    with pytest.raises(SystemExit, match="2"):
        main(["train", str(bad), "-o", str(tmp_path / "run")])
    said = capsys.readouterr()
    assert "TooFewSequences" in said.err
    assert "device" not in said.out + said.err
