"""Background files of the MEME Suite, and what is wrong with some."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from motifnet.errors import BackgroundFormatError
from motifnet.io.background_file import read_background
from motifnet.symbols import Sequences
from motifnet.symbols.background import Background, word_counts

ORDER_0 = "A 0.4\nC 0.1\nG 0.2\nT 0.3\n"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "some.bg"


@pytest.mark.parametrize("order", [0, 1, 2])
def test_a_model_that_is_written_is_read(order, path):
    rng = np.random.default_rng(order)
    sequences = Sequences.from_codes([rng.choice(4, 5000, p=[0.4, 0.1, 0.2, 0.3]).astype(np.uint8)])
    lines = ["# made by a test"]
    for width in range(1, order + 2):
        counts = word_counts(sequences, width)
        words = ("".join(letters) for letters in itertools.product("ACGT", repeat=width))
        lines += [f"{word} {share:.9e}" for word, share in zip(words, counts / counts.sum(), strict=True)]
    path.write_text("\n".join(lines))
    wanted = Background.fit(sequences, order, strand_symmetric=False, pseudocount=0.0)
    found = read_background(path, strand_symmetric=False)
    for name in ("probabilities", "initial", "transitions"):
        np.testing.assert_allclose(getattr(found, name), getattr(wanted, name), rtol=1e-6)


def test_letters_of_rna_are_read(path):
    path.write_text(ORDER_0.replace("T", "U"))
    assert read_background(path, strand_symmetric=False).probabilities.tolist() == [0.4, 0.1, 0.2, 0.3]


def test_strands_are_made_alike(path):
    path.write_text(ORDER_0)
    np.testing.assert_allclose(read_background(path).probabilities, [0.35, 0.15, 0.15, 0.35])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        ("# nothing\n", "is empty"),
        ("A 0.3 0.3\n", "line 1: holds 'A 0.3 0.3'"),
        ("E 0.3\n", "line 1: holds 'E 0.3'"),
        ("A x\n", "line 1: probability is 'x'"),
        ("A 1.5\n", "line 1: probability is '1.5'"),
        ("A nan\n", "line 1: probability is 'nan'"),
        ("A 1_0\n", "line 1: probability is '1_0'"),
        (ORDER_0 + "a 0.4\n", "line 5: has the word A twice; expected each once"),
        (ORDER_0 + "U 0.4\n", "line 5: has the word T twice"),
        (ORDER_0 + "ACGTACGTACGTACGTAC 0.001\n", "line 5: has a word of 18 bases; expected at most 9"),
        (ORDER_0 + "AAA 1\n", "lacks the word 'AA'"),
        ("A 0\nC 0.3\nG 0.3\nT 0.4\n", "has a base of probability 0"),
        ("A 0.3\nC 0.3\nG 0.4\n", "lacks the word 'T'"),
        ("A 0.3\nC 0.3\nG 0.3\nT 0.3\n", "sum to 1.2"),
        (ORDER_0 + "AA 0.1\n", "lacks the word 'AC'"),
    ],
)
def test_what_is_wrong_is_said(text, said, path):
    path.write_text(text)
    with pytest.raises(BackgroundFormatError, match=said):
        read_background(path)
