"""The outlines are those of the font, and the colours can be told apart."""

import itertools

import numpy as np
import pytest

from motifnet.errors import UnknownName
from motifnet.motifs.logo_letters import SCHEMES, colours
from motifnet.report.drawing.glyphs import BASES, OUTLINES, outline

# How colours look to the colour-blind, on linear RGB: Machado, Oliveira and Fernandes 2009, severity 1.
_BLINDNESS = {
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


@pytest.mark.parametrize("base", BASES)
def test_stored_outline_is_that_of_the_font(base):
    assert outline(base) == OUTLINES[base]


def test_unknown_scheme_is_named():
    with pytest.raises(UnknownName, match="no colour scheme named 'clasic'; did you mean 'classic'"):
        colours("clasic")


@pytest.mark.parametrize("blindness", _BLINDNESS)
def test_safe_colours_differ_for_the_colour_blind(blindness):
    # A difference of 10 is seen at a glance; the classic colours fall to 14 for the commonest blindness.
    assert _least_difference("colour-blind-safe", _BLINDNESS[blindness]) > 30


def test_every_scheme_has_four_colours():
    assert len(SCHEMES) >= 2
    assert all(len(set(scheme)) == 4 for scheme in SCHEMES.values())


def _least_difference(scheme, blindness):
    seen = [_lab(np.array(blindness) @ _linear(colour)) for colour in colours(scheme)]
    return min(np.linalg.norm(a - b) for a, b in itertools.combinations(seen, 2))


def _linear(colour):
    value = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def _lab(linear):
    """CIELAB, where a distance of 1 is just seen."""
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    x, y, z = np.cbrt(to_xyz @ np.clip(linear, 1e-3, 1) / np.array([0.9505, 1, 1.089]))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])
