"""What is wrong with a command line is one line, which names what was meant; help and version answer."""

from __future__ import annotations

import resource
import subprocess
import sys

import pytest

from motifnet import __version__
from motifnet.cli import main

SEE = "(see motifnet {} --help)"


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("trian in.fa", "UnknownName: no command named 'trian'; did you mean 'train'? (known: align, "),
        (
            "train in.fa -o x --controls c.fa",
            "UnknownName: no option named '--controls'; did you mean '--control'? " + SEE.format("train"),
        ),
        ("scan m.meme in.fa -o x --thread 2", "'--thread'; did you mean '--threads'? " + SEE.format("scan")),
        ("convert in.meme", "WrongCall: motifnet convert needs --output " + SEE.format("convert")),
        ("train -o x", "WrongCall: motifnet train needs TARGETS " + SEE.format("train")),
        ("simulate in.fa -o x", "WrongCall: got unexpected extra argument (in.fa) " + SEE.format("simulate")),
        (
            "logos in.meme -o x --format gif",
            "WrongCall: --format: 'gif' is not one of 'svg', 'png', 'pdf' " + SEE.format("logos"),
        ),
        ("scan m.meme in.fa -o x --max-p 7", "WrongCall: --max-p: 7.0 is not in the range 0<x<=1 "),
        ("train in.fa -o x --seed ten", "WrongCall: --seed: 'ten' is not a valid integer"),
        ("train nosuch.fa -o x", "MissingFile: file nosuch.fa does not exist; give the path of a file that"),
        ("align a.fa -o x --parameters no.json", "MissingFile: file a.fa does not exist"),
        ("help trian", "UnknownName: no command named 'trian'; did you mean 'train'?"),
        (
            "--verson",
            "UnknownName: no option named '--verson'; did you mean '--version'? (see motifnet --help)",
        ),
    ],
)
def test_a_wrong_call_is_one_line_that_names_what_was_meant(line, sentence, capsys):
    with pytest.raises(SystemExit) as stop:
        main(line.split())
    assert stop.value.code == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert sentence in said.err
    assert len(said.err.splitlines()) == 1


@pytest.mark.parametrize("line", ["help", "--help", "-h", ""])
def test_help_is_asked_for_in_several_ways(line, capsys):
    main(line.split())
    said = capsys.readouterr().out
    assert said.startswith("Usage: motifnet ")
    assert "\n  train     Find motifs in peaks" in said


def test_help_of_a_command_is_in_sections(capsys):
    main(["help", "train"])
    said = capsys.readouterr().out
    assert said.startswith("Usage: motifnet train ")
    headings = [line for line in said.splitlines() if line[:1] not in ("", " ") and line.endswith(":")]
    assert headings[:2] == ["The run:", "What to read, and how:"]
    assert len(headings) >= 7
    assert said.index("The run:") < said.index("--threads") < said.index("What to read")


@pytest.mark.parametrize("line", ["version", "--version", "-V"])
def test_the_version_is_asked_for_in_several_ways(line, capsys):
    main([line])
    assert capsys.readouterr().out == f"motifnet, version {__version__}\n"


def test_a_path_that_is_not_there_is_told_before_anything_heavy_is_imported():
    code = (
        "import sys\nfrom motifnet.cli import main\n"
        "try:\n    main(['train', 'nosuch.fa', '-o', 'x'])\nexcept SystemExit as stop:\n"
        "    assert stop.code == 2\n"
        "heavy = {'torch', 'matplotlib', 'numba', 'numpy', 'scipy', 'sklearn', 'Bio'} & sys.modules.keys()\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    seconds = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(
            [sys.executable, "-m", "motifnet", "train", "nosuch.fa", "-o", "x"], capture_output=True
        )
        seconds.append(resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before.ru_utime)
    assert min(seconds) < 0.4
