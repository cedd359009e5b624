"""Every error is one sentence in one grammar, with fields, and also a builtin error."""

import inspect
from pathlib import Path

import pytest

from motifnet import errors

# The error, the builtin that a Python programmer would catch, its sentence, and a field of it.
EXAMPLES = [
    (
        errors.FileFormatError("a.txt", "is empty; expected a table"),
        ValueError,
        "a.txt: is empty; expected a table",
        ("line", None),
    ),
    (
        errors.FastaFormatError("a.fa", "'E' is no base; expected DNA", 3),
        ValueError,
        "a.fa line 3: 'E' is no base; expected DNA",
        ("line", 3),
    ),
    (
        errors.BedFormatError("peaks.bed", "end (90) is smaller than start (100)", 12),
        ValueError,
        "peaks.bed line 12: end (90) is smaller than start (100)",
        ("path", Path("peaks.bed")),
    ),
    (
        errors.MotifFormatError("a.meme", "motif 'x' has no matrix", 7),
        ValueError,
        "a.meme line 7: motif 'x' has no matrix",
        ("problem", "motif 'x' has no matrix"),
    ),
    (
        errors.AlignmentFormatError("a.maf", "block has no row; was the file cut short?", 9),
        ValueError,
        "a.maf line 9: block has no row; was the file cut short?",
        ("line", 9),
    ),
    (
        errors.BackgroundFormatError("yeast.bg", "lacks the word 'T'; expected all 4 words of 1 bases"),
        ValueError,
        "yeast.bg: lacks the word 'T'; expected all 4 words of 1 bases",
        ("line", None),
    ),
    (
        errors.CheckpointError("model.pt", "is not a checkpoint of motifnet"),
        ValueError,
        "model.pt: is not a checkpoint of motifnet",
        ("line", None),
    ),
    (
        errors.WrongCall("motifnet train", "motifnet train needs TARGETS"),
        TypeError,
        "motifnet train needs TARGETS (see motifnet train --help)",
        ("command", "motifnet train"),
    ),
    (
        errors.ChangedInput("peaks.fa", "targets"),
        ValueError,
        "peaks.fa has changed since the run read it as targets; put back what it was, or make the run again",
        ("role", "targets"),
    ),
    (
        errors.NotOfRun("run", "decode", "controls"),
        ValueError,
        "run is a run of motifnet decode, which has no controls",
        ("what", "controls"),
    ),
    (
        errors.UnknownContig("peaks.bed", 3, "chr1", "hg38.fa", ["1", "2", "3", "4"]),
        KeyError,
        "peaks.bed line 3: contig 'chr1' is not in hg38.fa (which has '1', '2', '3', ...); "
        "rename one of the two",
        ("contig", "chr1"),
    ),
    (
        errors.UnknownName("tie", "palindrom", ["palindrome", "direct"]),
        KeyError,
        "no tie named 'palindrom'; did you mean 'palindrome'? (known: direct, palindrome)",
        ("known", ["direct", "palindrome"]),
    ),
    (
        errors.ShapeMismatch("one_hot", (8, 1000, 4), "(batch, 4, length)", "Was it (batch, length, 4)?"),
        ValueError,
        "one_hot has shape (8, 1000, 4); expected (batch, 4, length). Was it (batch, length, 4)?",
        ("shape", (8, 1000, 4)),
    ),
    (
        errors.InvalidValue("share", 1.5, "0 to 1"),
        ValueError,
        "share is 1.5; expected 0 to 1",
        ("value", 1.5),
    ),
    (
        errors.MissingFile("no/such.fa", "genome"),
        FileNotFoundError,
        "genome no/such.fa does not exist; give the path of a file that can be read",
        ("path", Path("no/such.fa")),
    ),
    (
        errors.UnwritableFolder("runs", "it is a file"),
        PermissionError,
        "cannot write to runs (it is a file); choose another output folder",
        ("path", Path("runs")),
    ),
    (
        errors.DiskFull("runs/a"),
        OSError,
        "no space left on the disk of runs/a; free some, then run again",
        ("path", Path("runs/a")),
    ),
    (
        errors.FolderInUse("runs/a", "another run, process 7 on here for 3 minutes (motifnet train x)"),
        BlockingIOError,
        "runs/a is in use by another run, process 7 on here for 3 minutes (motifnet train x); "
        "wait until it ends, or choose another folder",
        ("path", Path("runs/a")),
    ),
    (
        errors.OutputExists("hits.bed"),
        FileExistsError,
        "output hits.bed is there already; use --overwrite to replace it, or another name",
        ("path", Path("hits.bed")),
    ),
    (
        errors.OutputIsInput("link.fa", "peaks.fa"),
        ValueError,
        "output link.fa, which is peaks.fa, is also an input; choose another name",
        ("source", Path("peaks.fa")),
    ),
    (
        errors.RunExists("runs/a", "a finished run", "use --overwrite to replace it"),
        FileExistsError,
        "runs/a holds a finished run; use --overwrite to replace it",
        ("path", Path("runs/a")),
    ),
    (
        errors.TooFewSequences("targets of a", 3, 10, "Removed: 2 too short"),
        ValueError,
        "targets of a: 3 sequences; at least 10 are needed. Removed: 2 too short",
        ("needed", 10),
    ),
    (
        errors.TooFewControls("controls in the test part", 0, 1),
        ValueError,
        "controls in the test part: 0 sequences; at least 1 are needed",
        ("n", 0),
    ),
    (
        errors.DeviceUnavailable("cuda", ["cpu"]),
        RuntimeError,
        "device 'cuda' is not available here (available: cpu); use --device auto",
        ("available", ("cpu",)),
    ),
    (
        errors.MissingExtra("pyjaspar", "jaspar", "the JASPAR database"),
        ImportError,
        "the JASPAR database needs the package 'pyjaspar'; install it with: pip install 'motifnet[jaspar]'",
        ("extra", "jaspar"),
    ),
    (
        errors.NotEnoughMemory("pair a", 3.2, 2, "align its parts"),
        MemoryError,
        "pair a takes about 3.2 GB; 2 GB are allowed: align its parts",
        ("needed", 3.2),
    ),
    (
        errors.LikelihoodFell(3, -10.0, -11.0),
        ArithmeticError,
        "round 3 lowered the objective from -10.000000 to -11.000000; expected it to rise: "
        "please report this, with the input",
        ("number", 3),
    ),
    (
        errors.UntiedFitWorse(-1000.5, -1000.0),
        ArithmeticError,
        "the log-likelihood of the untied fit is -1000.500000; expected at least that of the tied one, "
        "-1000.000000: fit it again from the tied parameters",
        ("tied", -1000.0),
    ),
    (
        errors.InexactPosterior(0.5, 1e-8),
        ArithmeticError,
        "sums over the alignments of a pair are 0.5 away from what they must be; expected at most 1e-08: "
        "please report this, with the input",
        ("deviation", 0.5),
    ),
    (
        errors.NotEquivariant("Conv", 0.5, 1e-5),
        AssertionError,
        "Conv: |f(reverse complement of x) - reverse complement of f(x)| is 0.5; expected at most 1e-05",
        ("error", 0.5),
    ),
]


@pytest.mark.parametrize(
    ("error", "builtin", "sentence", "field"),
    EXAMPLES,
    ids=[type(example[0]).__name__ for example in EXAMPLES],
)
def test_an_error_is_a_sentence_with_fields_and_a_builtin_error(error, builtin, sentence, field):
    assert isinstance(error, errors.MotifnetError)
    assert isinstance(error, builtin)
    assert str(error) == sentence
    assert getattr(error, field[0]) == field[1]


def test_every_error_has_an_example():
    classes = [found for _, found in inspect.getmembers(errors, inspect.isclass)]
    typed = {found for found in classes if issubclass(found, errors.MotifnetError)} - {errors.MotifnetError}
    assert typed == {type(example[0]) for example in EXAMPLES}
    assert len(typed) >= 18


def test_a_name_that_resembles_none_gets_no_hint():
    assert str(errors.UnknownName("tie", "xyz", ["palindrome"])) == "no tie named 'xyz' (known: palindrome)"


def test_a_folder_where_a_file_is_expected_is_said(tmp_path):
    assert "is a folder; give the path of a file" in str(errors.MissingFile(tmp_path, "genome"))
