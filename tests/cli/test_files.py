"""What every command does with files: none of the user's is lost, pipes are read, and every end is told."""

from __future__ import annotations

import errno
import io
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from motifnet.cli import group, main
from tests.cli.calls import CALLS, MAKES_RUN, PYTHON, WRITES, WRITES_FILE, state


def refused(arguments: list[str], capsys: pytest.CaptureFixture) -> str:
    """The one line that a refused command says."""
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 2
    said = capsys.readouterr()
    assert said.out == ""
    (line,) = (line for line in said.err.splitlines() if not line.startswith("warning: "))
    return line


READ = [(name, i) for name in WRITES_FILE for i in range(len(CALLS[name].inputs))]


@pytest.mark.parametrize(("name", "i"), READ)
def test_an_output_that_is_an_input_is_refused(here: Path, capsys, name: str, i: int):
    """Under its own name, through a link, and as a second name of the file; also with --overwrite."""
    call = CALLS[name]
    source = call.inputs[i]
    (here / "link").symlink_to(source)
    os.link(source, "second")
    before = state(here)
    for output in (source, "./" + source, "link", "second"):
        for more in ([], ["--overwrite"]):
            assert "is also an input; choose another name" in refused([*call.of(output), *more], capsys)
    assert state(here) == before


@pytest.mark.parametrize("name", MAKES_RUN)
def test_a_run_does_not_replace_the_run_that_it_reads(here: Path, capsys, name: str):
    """Its input is what the run in its folder wrote."""
    call, given, file = CALLS[name], CALLS[name].inputs[-1], "out/families.meme"
    if given == "trained/run.json":  # a run is named by its folder
        given, file = "trained", "out"
        shutil.copytree(here / "trained", here / "out")
    else:
        main(["cluster", "m.meme", "n.meme", "-o", "out"])
    capsys.readouterr()
    before = state(here)
    arguments = [argument.replace(given, file) for argument in call.of()]
    said = refused([*arguments, "--overwrite"], capsys)
    assert f"output {file} is also an input" in said
    assert state(here) == before


def test_a_simulation_does_not_replace_the_motifs_that_it_plants(here: Path, capsys):
    main(["simulate", "-o", "made", "--motif-file", "m.meme", "--n-targets", "4"])
    capsys.readouterr()
    before = state(here)
    arguments = [
        "simulate",
        "-o",
        "made",
        "--motif-file",
        "made/motifs.meme",
        "--n-targets",
        "4",
        "--overwrite",
    ]
    assert "made/motifs.meme is also an input" in refused(arguments, capsys)
    assert state(here) == before


@pytest.mark.parametrize("name", WRITES)
def test_what_is_there_is_replaced_only_where_asked(here: Path, capsys, name: str):
    """And never what the command did not write."""
    call = CALLS[name]
    main(call.of())
    capsys.readouterr()
    written = state(here)
    if call.output in ("out", "logos"):
        for mine in ("pairs.tsv", "tree.png", "notes.txt", "logos/mine.svg"):
            path = here / call.output / mine
            if not path.exists():
                path.parent.mkdir(exist_ok=True)
                path.write_text("mine")
    mine = {path: digest for path, digest in state(here).items() if path not in written}
    before = state(here)
    assert "--overwrite" in refused(call.of(), capsys)
    assert state(here) == before
    main([*call.of(), "--overwrite"])
    after = state(here)
    assert after.keys() == before.keys()
    assert {path: after[path] for path in mine} == mine


def test_a_simulation_without_controls_leaves_none_of_another(here: Path):
    main(
        [
            "simulate",
            "-o",
            "made",
            "--motif",
            "TGACTCA",
            "--n-targets",
            "4",
            "--n-controls",
            "4",
            "--seed",
            "1",
        ]
    )
    main(["simulate", "-o", "made", "--motif", "TGACTCA", "--n-targets", "4", "--seed", "2", "--overwrite"])
    left = sorted(path.name for path in Path("made").iterdir())
    assert left == ["motifs.meme", "report.html", "run.json", "targets.fa", "truth.tsv"]


def test_pipes_of_one_name_are_two(here: Path, capsys):
    """Pipes with a name, in two folders."""
    for folder, record in (("one", "first"), ("two", "second")):
        Path(folder).mkdir()
        os.mkfifo(f"{folder}/y.fa")
        text = f">{record}\nACGT{'TGACTCAG'}ACGT\n"
        line = ["bash", "-c", f"printf '{text}' > {folder}/y.fa"]
        subprocess.Popen(line, start_new_session=True).returncode = 0
    main(["scan", "m.meme", "one/y.fa", "two/y.fa", "-o", "-", "-q", "--max-p", "1e-3"])
    found = {line.split("\t")[0] for line in capsys.readouterr().out.splitlines()}
    assert found == {"first", "second"}


PIPED = [
    (["scan", "m.meme", "-", "-o", "-", "-q"], "s.fa", ["scan", "m.meme", "s.fa", "-o", "-", "-q"]),
    (["scan", "-", "s.fa", "-o", "-", "-q"], "m.meme", ["scan", "m.meme", "s.fa", "-o", "-", "-q"]),
    (
        ["convert", "-", "-o", "-", "--format", "homer"],
        "m.meme",
        ["convert", "m.meme", "-o", "-", "--format", "homer"],
    ),
    (["compare", "/dev/stdin", "n.meme", "-o", "-"], "m.meme", ["compare", "m.meme", "n.meme", "-o", "-"]),
]


@pytest.mark.parametrize(("piped", "source", "plain"), PIPED)
def test_a_pipe_is_read_as_a_file_is(here: Path, piped, source, plain):
    with open(source, "rb") as stream, subprocess.Popen(["cat"], stdin=stream, stdout=subprocess.PIPE) as cat:
        found = subprocess.run([*PYTHON, *piped], stdin=cat.stdout, capture_output=True, check=True)
    wanted = subprocess.run([*PYTHON, *plain], capture_output=True, check=True)
    assert found.stdout == wanted.stdout
    assert found.stdout.count(b"\n") > 1


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
def test_pipes_of_all_inputs_of_all_commands(here: Path):
    """Process substitution, gzip among it, in the place of each file: the same results."""
    python = " ".join(PYTHON)
    for name, call in ((name, CALLS[name]) for name in WRITES):
        line = call.arguments
        for source in call.inputs:
            packed = "cat" if source in ("m.meme", "names.txt") else "gzip -c"
            line = line.replace(source, f"<({packed} {source})", 1)
        output = f"{name.replace(' ', '-')}_{call.output}"
        done = subprocess.run(
            ["bash", "-c", f"{python} {line.replace('OUT', output)}"],
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, (name, done.stderr)
        assert "Traceback" not in done.stderr
        assert (here / output).exists()


def ended(arguments: list[str], number: int, ready: Path) -> subprocess.CompletedProcess:
    """A command that gets a signal once it has begun to work."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen([*PYTHON, *arguments], text=True, **pipes) as running:
        deadline = time.monotonic() + 60
        while not ready.exists() and running.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        running.send_signal(number)
        out, err = running.communicate(timeout=60)
    return subprocess.CompletedProcess(arguments, running.returncode, out, err)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_ends_in_one_line_and_leaves_nothing(here: Path, number: signal.Signals):
    before = state(here)
    done = ended(CALLS["enrich"].of(), number, here / "out" / ".work" / "lock")
    assert done.returncode == 128 + number
    (said,) = done.stderr.split("\n")[:-1] if number != signal.SIGINT else [done.stderr.strip()]
    assert said == ("Interrupted" if number == signal.SIGINT else f"Ended by {number.name}")
    assert state(here) == before
    assert not (here / "out").exists()


def test_a_reader_that_goes_away(here: Path):
    arguments = ["scan", "m.meme", "s.fa", "-o", "-", "-q", "--max-p", "0.2"]
    read, write = os.pipe()
    with (
        open(read, "rb") as reader,
        subprocess.Popen([*PYTHON, *arguments], stdout=write, stderr=subprocess.PIPE, text=True) as running,
    ):
        os.close(write)
        assert reader.readline().startswith(b"target")
        reader.close()
        assert running.stderr.read() == "Ended, since what reads the output closed it\n"
    assert running.returncode == 128 + signal.SIGPIPE


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
@pytest.mark.parametrize(
    "arguments",
    ["scan m.meme s.fa -o - -q", "convert m.meme -o - --format pfm", "compare m.meme n.meme -o -"],
)
def test_a_full_device(here: Path, arguments: str):
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [*PYTHON, *arguments.split()], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 2
    said = [line for line in done.stderr.splitlines() if not line.startswith("warning: ")]
    assert said == ["DiskFull: no space left on the disk of the output; free some, then run again"]


@pytest.mark.parametrize("name", WRITES)
def test_a_disk_that_runs_full_leaves_what_was_there(here: Path, monkeypatch, capsys, name: str):
    """Of results that were half written nothing is left on it."""
    before = state(here)
    replace = os.replace

    def full(source, target):
        if name not in MAKES_RUN or ".work/new" in str(target):
            raise OSError(errno.ENOSPC, "No space left on device")
        replace(source, target)

    monkeypatch.setattr(os, "replace", full)
    said = refused(CALLS[name].of(), capsys)
    assert said.startswith("DiskFull: no space left on the disk of ")
    can_go_on = any(option.name == "resume" for option in group.all_commands()[name].params)
    assert said.endswith("go on with --resume" if can_go_on else "then run again")
    # What is finished of a run lies in its folder.
    assert {path for path in state(here) if not path.startswith("out/.work")} == before.keys()


CONTAINER = """
set -e
mount --bind {root} {root} && mount -o remount,ro,bind {root}
mount --bind {site} {site} && mount -o remount,ro,bind {site}
{more}
cd {here}
# A foreign user who may read everything, for the interpreter may stand in a home that is closed to others.
exec setpriv --reuid 54321 --regid 54321 --clear-groups \\
    --inh-caps +dac_read_search --ambient-caps +dac_read_search \\
    env -i PATH="$PATH" HOME=/proc/none TMPDIR={temporary} PYTHONPATH={root} {python} -m motifnet {call}
"""
NOTHING_WRITABLE = """
mkdir -p {aside} && mount --bind {here} {aside}
mount --bind /tmp /tmp && mount -o remount,ro,bind /tmp
mount --move {aside} {here}
mount -t tmpfs -o ro tmpfs /var/tmp
mount -t tmpfs -o ro tmpfs /dev/shm
"""


def _may_unshare() -> bool:
    if not (shutil.which("unshare") and shutil.which("setpriv")):
        return False
    tried = "mount --bind /tmp /tmp && setpriv --reuid 54321 --inh-caps +dac_read_search true"
    return subprocess.run(["unshare", "-m", "bash", "-c", tried], capture_output=True).returncode == 0


unshared = pytest.mark.skipif(not _may_unshare(), reason="mounts of one's own are not permitted here")


@pytest.fixture(scope="module")
def temporary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for temporary files of the foreign user, with the kernels that other tests have compiled."""
    from motifnet.caches import kernel_folder

    folder = tmp_path_factory.mktemp("temporary")
    own = folder / "motifnet-54321"
    compiled = kernel_folder()
    shutil.copytree(compiled, own / compiled.name)
    for path in (own, *own.rglob("*")):
        os.chown(path, 54321, 54321)
    own.chmod(0o700)
    return folder


def in_container(here: Path, temporary: Path, call: str, more: str = "") -> subprocess.CompletedProcess:
    """A call as in a container: a read-only installation, no home, a user whom the system does not know."""
    import numba

    import motifnet

    here.chmod(0o777)
    temporary.chmod(0o777)
    root, site = Path(motifnet.__file__).parents[1], Path(numba.__file__).parents[1]
    script = CONTAINER.format(
        root=root, site=site, here=here, python=sys.executable, call=call, more=more, temporary=temporary
    )
    return subprocess.run(["unshare", "-m", "bash", "-c", script], capture_output=True, text=True)


@unshared
@pytest.mark.parametrize("name", WRITES)  # what runs in a folder of pytest's own is closed to others there
def test_every_command_runs_from_a_read_only_installation(here: Path, temporary: Path, name: str):
    call = CALLS[name]
    done = in_container(here, temporary, call.arguments.replace("OUT", call.output))
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert (here / call.output).exists()


@unshared
def test_where_nothing_can_be_written_kernels_are_compiled_for_the_run(here: Path, temporary: Path):
    closed = NOTHING_WRITABLE.format(here=here, aside="/mnt/motifnet-test")
    done = in_container(here, temporary, CALLS["scan"].arguments.replace("OUT", "hits.bed"), closed)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert "warning: no folder can be written to for compiled kernels" in done.stderr
    assert (here / "hits.bed").exists()


def test_a_signal_within_a_compiled_loop_ends_as_any_other(here: Path, monkeypatch, capsys):
    """What is raised there comes out as an error of the interpreter, with the signal as its cause."""

    def disturbed(*_arguments: object, **_more: object) -> None:
        try:
            signal.raise_signal(signal.SIGTERM)
        except BaseException as asked:
            raise SystemError("<built-in function> returned a result with an exception set") from asked

    monkeypatch.setattr("motifnet.runs.decode.refine", disturbed)
    with pytest.raises(SystemExit) as stop:
        main(CALLS["decode"].of())
    assert stop.value.code == 128 + signal.SIGTERM
    assert capsys.readouterr().err == "Ended by SIGTERM\n"
    assert not (here / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("scan m.meme s.fa -o no/such/hits.bed", "UnwritableFolder: cannot write to no/such (No such file"),
        ("scan m.meme s.fa -o /dev/null --format bed", "expected a file, not a pipe or device"),
        ("scan m.meme x.fa --genome s.fa -o s.fa.fai --format bed", "output s.fa.fai is also an input"),
        ("compare - - -o t.tsv", "standard input is another input already"),
        ("train s.fa -o run --max-epochs 0", "0 is not in the range x>=1 (see motifnet train --help)"),
    ],
)
def test_a_slip_of_the_user_is_one_line_before_any_work(here: Path, capsys, monkeypatch, arguments, said):
    with open("m.meme", "rb") as stream:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(stream))
        assert said in refused(arguments.split(), capsys)
