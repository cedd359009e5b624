"""The workflow itself, run by Snakemake: style, refusals, and a real run on tiny data."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WORKFLOW = ROOT / "workflows" / "discover"
PROGRAMS = Path(sys.executable).parent
LIMIT = 240  # seconds after which a hanging program fails its test
RUN_FILES = {
    "report.html", "motifs.meme", "motifs.jaspar", "repeats.meme", "motifs.tsv", "companions.tsv",
    "matches.tsv", "sites.bed", "sites.tsv", "metrics.json", "model.pt", "run.json", "logos",
}  # fmt: skip


def program(name: str) -> str:
    """The path of a program of this environment; the test is skipped where it is missing."""
    found = shutil.which(name, path=PROGRAMS)
    if found is None:
        pytest.skip(f"{name} is not installed; it comes with: pip install 'motifnet[workflow,dev]'")
    return found


def environment(cache: Path) -> dict[str, str]:
    """The programs of this environment first, and no traces in the home folder."""
    path = f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "XDG_CACHE_HOME": str(cache / ".cache")}


def snakemake(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the workflow in a folder that holds ``config/``; both streams come back as ``stdout``."""
    return subprocess.run(
        [
            program("snakemake"),
            "--snakefile",
            WORKFLOW / "workflow" / "Snakefile",
            "--cores",
            "2",
            *arguments,
        ],
        cwd=folder,
        env=environment(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=LIMIT,
    )


def case_in(folder: Path) -> Path:
    """A copy of the test case, with data."""
    program("snakemake")
    shutil.copytree(WORKFLOW / ".test" / "config", folder / "config")
    maker = ["sh", WORKFLOW / ".test" / "make_data.sh"]
    subprocess.run(maker, cwd=folder, env=environment(folder), check=True, capture_output=True, timeout=LIMIT)
    return folder


def rows(path: Path) -> list[dict[str, str]]:
    header, *lines = (line.split("\t") for line in path.read_text().splitlines())
    return [dict(zip(header, line, strict=True)) for line in lines]


@pytest.fixture(scope="module")
def case(tmp_path_factory) -> Path:
    """The test case before it has run."""
    return case_in(tmp_path_factory.mktemp("case"))


@pytest.fixture(scope="module")
def finished(tmp_path_factory) -> Path:
    """The test case after it has run."""
    folder = case_in(tmp_path_factory.mktemp("finished"))
    ran = snakemake(folder, "--show-failed-logs")
    assert ran.returncode == 0, ran.stdout
    return folder


def test_snakemake_finds_nothing_to_improve(case):
    linted = snakemake(case, "--lint")
    assert linted.returncode == 0, linted.stdout


def test_the_format_is_that_of_snakefmt():
    checked = subprocess.run(
        [program("snakefmt"), "--check", WORKFLOW / "workflow"], capture_output=True, text=True, timeout=LIMIT
    )
    assert checked.returncode == 0, checked.stderr


def test_every_sample_is_planned_as_the_workflow_comes(tmp_path):
    folder = tmp_path / "workflows" / "discover"
    shutil.copytree(WORKFLOW / "config", folder / "config")
    shutil.copytree(ROOT / "data", tmp_path / "data")
    planned = snakemake(folder, "--dry-run")
    assert planned.returncode == 0, planned.stdout
    assert planned.stdout.count("rule train:") == planned.stdout.count("rule logos:") == 1


def test_options_reach_the_command_as_they_are_typed(tmp_path):
    (tmp_path / "config").mkdir()
    for name in ("g.fa", "rep.1.bed.gz", "db.meme", "own.fa"):
        (tmp_path / name).touch()
    (tmp_path / "config" / "config.yaml").write_text(
        "motifnet:\n"
        "  reading: {genome: g.fa, mask_lowercase: true}\n"
        "  training: {device: cuda, threads: 0, seed: 0}\n"
        "  discovery: {motif_db: [db.meme, jaspar]}\n"
    )
    (tmp_path / "config" / "samples.tsv").write_text(
        "sample\ttask\tpeaks\tcontrol\ns\tfirst\trep.1.bed.gz\town.fa\n"
    )
    planned = snakemake(tmp_path, "--dry-run", "--printshellcmds")
    assert planned.returncode == 0, planned.stdout
    assert (
        "motifnet train results/targets/s/first.bed.gz --output results/runs/s --resume --overwrite"
        " --threads 2 --genome g.fa --mask-lowercase --control own.fa --device cuda --motif-db db.meme"
        " --motif-db jaspar"
    ) in planned.stdout
    assert "gpu=1" in planned.stdout
    assert "rule index_genome" in planned.stdout


def test_a_misspelt_option_is_refused_with_the_right_one(case):
    refused = snakemake(case, "--dry-run", "--config", "motifnet={training: {max_epoch: 3}}")
    assert refused.returncode == 1
    assert (
        "config: motifnet.training: no option named 'max_epoch'; did you mean 'max_epochs'?" in refused.stdout
    )


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ("sample\ttask\tpeaks\tcontrl\ns\tt\tx\ty\n", "line 2: no column named 'contrl'; did you mean"),
        ("sample\ttask\tpeaks\ns\tt\tx.fa\ns\tu\t\n", "line 3: 'peaks' is a required property"),
        ("sample\ttask\tpeaks\ns\tt\tx.fa\ns\tt\ty.fa\n", "sample s has the task t more than once"),
        ("sample\ttask\tpeaks\tcontrol\ns\tt\tx\tz\ns\tu\ty\t\n", "sample s has several controls (none, z)"),
        ("sample\ttask\tpeaks\n", "has no rows"),
    ],
    ids=["column", "empty", "twice", "controls", "rows"],
)  # fmt: skip
def test_a_table_that_makes_no_sense_is_refused(case, tmp_path, table, sentence):
    path = tmp_path / "samples.tsv"
    path.write_text(table)
    refused = snakemake(case, "--dry-run", "--config", f"samples={path}")
    assert refused.returncode == 1
    assert sentence in refused.stdout


def test_each_sample_gets_a_whole_run_folder(finished):
    runs = sorted(path.name for path in (finished / "results" / "runs").iterdir())
    assert runs == ["ap1", "pair"]
    for run in runs:
        assert {path.name for path in (finished / "results" / "runs" / run).iterdir()} == RUN_FILES
        assert "device: cpu" in (finished / "logs" / "train" / f"{run}.log").read_text()
        assert (finished / "benchmarks" / "train" / f"{run}.tsv").is_file()


def test_the_summary_names_the_planted_motifs(finished):
    found = {(row["sample"], row["task"]): row for row in rows(finished / "results" / "summary.tsv")}
    assert set(found) == {("ap1", "ap1"), ("pair", "ap1"), ("pair", "gata")}
    for (_, task), row in found.items():
        planted = {"ap1": ("TGASTCA", "TGAGTCA", "TGACTCA"), "gata": ("AGATAAG", "CTTATCT")}[task]
        assert any(word in row["consensus"] for word in planted)
        assert float(row["auroc"]) > 0.75
    assert {row["sample"] for row in rows(finished / "results" / "motifs.tsv")} == {"ap1", "pair"}


def test_logos_are_drawn_in_the_formats_asked_for(finished):
    drawn = {path for path in (finished / "results" / "logos").glob("*/*.*") if path.name[0] != "."}
    assert {path.suffix for path in drawn} == {".svg", ".png"}
    n_significant = sum(row["significant"] == "yes" for row in rows(finished / "results" / "motifs.tsv"))
    assert len(drawn) == 2 * n_significant > 0


def test_a_second_run_has_nothing_to_do(finished):
    again = snakemake(finished)
    assert again.returncode == 0
    assert "Nothing to be done" in again.stdout


def test_the_report_holds_every_sample(finished):
    page = finished / "report.html"
    made = snakemake(finished, "--report", page.name)
    assert made.returncode == 0, made.stdout
    assert made.stdout.count("Adding report.html") == 2
    assert page.stat().st_size > 100_000


def test_all_that_a_run_leaves_is_declared(finished, tmp_path):
    # What were not declared would stay behind when a sample is run anew, and motifnet refuses to
    # write into a folder that holds files of which it knows nothing.
    copy = shutil.copytree(finished, tmp_path / "copy", symlinks=True)
    deleted = snakemake(copy, "--delete-all-output")
    assert deleted.returncode == 0, deleted.stdout
    assert not [path for path in (copy / "results").rglob("*") if not path.is_dir()]
