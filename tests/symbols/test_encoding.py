"""One-hot features of codes, of text and of tensors."""

import numpy as np
import pytest
import torch

from motifnet.errors import InvalidValue, ShapeMismatch
from motifnet.symbols import Sequences, one_hot

CODES = np.array([[0, 1, 2, 3], [3, 4, 0, 4]], np.uint8)
PLAIN = np.stack([base == CODES for base in range(4)], 1)


def test_a_base_is_a_one_and_the_unknown_is_nothing():
    found = one_hot(CODES)
    assert (found.shape, found.dtype) == ((2, 4, 4), np.float32)
    np.testing.assert_array_equal(found, PLAIN)
    assert one_hot(CODES, np.float64).dtype == np.float64


def test_a_tensor_gives_a_tensor():
    found = one_hot(torch.from_numpy(CODES), torch.bfloat16)
    assert found.dtype == torch.bfloat16
    np.testing.assert_array_equal(found.float().numpy(), PLAIN)
    assert one_hot(torch.from_numpy(CODES)).dtype == torch.float32


def test_sequences_are_padded_to_the_longest():
    texts = ["ACGT", "TN"]
    expected = one_hot(CODES)
    expected[1, :, 2] = 0
    for given in (texts, np.array(texts), Sequences.from_text(texts)):
        np.testing.assert_array_equal(one_hot(given), expected)


def test_the_reverse_complement_is_a_flip():
    np.testing.assert_array_equal(one_hot(["ACCTG", "GGATN"])[:, ::-1, ::-1], one_hot(["CAGGT", "NATCC"]))


def test_what_is_no_batch_is_refused():
    with pytest.raises(ShapeMismatch, match=r"\(batch, length\)"):
        one_hot(CODES[0])
    with pytest.raises(InvalidValue):
        one_hot("ACGT")
