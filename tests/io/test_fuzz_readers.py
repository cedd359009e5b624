"""Whatever a file holds, a reader gives what it holds or one sentence, and loses no record in silence."""

import importlib
import inspect
import pkgutil
import time

import pytest
from fuzzed import CALLED, READERS, outcome
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mutations import mutated

import motifnet.io
from motifnet.io.motif_format import FORMATS


def test_every_reader_is_fuzzed():
    found = {
        name
        for module in pkgutil.iter_modules(motifnet.io.__path__)
        for name, thing in vars(importlib.import_module(f"motifnet.io.{module.name}")).items()
        if inspect.isfunction(thing) and name.startswith(("read_", "load_", "stream_"))
    }
    fuzzed = {
        "read_motifs", "read_bed", "read_fasta", "stream_fasta", "read_background", "read_sites_tsv",
        "read_alignments", "read_pairs", "read_outgroup", "read_posteriors", "read_profile",
        "load_checkpoint",
    }  # fmt: skip
    assert found == fuzzed | CALLED
    assert {f"motifs: {name}" for name in FORMATS} <= set(READERS)
    assert len(READERS) >= 2 * len(FORMATS) + 10


@pytest.mark.parametrize("name", list(READERS))
def test_the_whole_file_is_read(name, tmp_path):
    reader = READERS[name]
    assert outcome(reader, reader.seed, tmp_path) == "read"
    n = reader.read(tmp_path / reader.name)
    assert n is None or n >= max(1, reader.at_least(reader.seed))


@pytest.mark.parametrize("name", list(READERS))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(random=st.randoms(use_true_random=False))
def test_a_spoilt_file_is_read_or_refused_in_one_sentence(name, random, tmp_path):
    reader = READERS[name]
    began = time.process_time()
    assert outcome(reader, mutated(reader.seed, random), tmp_path) in ("read", "refused")
    assert time.process_time() - began < 5


LONG = {
    "word": b"A" * 300_000,
    "number": b"9" * 300_000,
    "spaces": b" " * 300_000,
    "numbers": b"1 " * 150_000,
    "places": b"a:1-" * 75_000,
    "equals": b"a= " * 100_000,
    "comments": b"#" * 300_000,
    "brackets": b"A [" * 100_000,
    "headers": b">" * 300_000,
}


@pytest.mark.parametrize("kind", list(LONG))
@pytest.mark.parametrize("name", list(READERS))
def test_long_lines_take_no_longer_than_they_are(name, kind, tmp_path):
    reader = READERS[name]
    middle = reader.seed.find(b"\n", len(reader.seed) // 2) + 1
    for at in (0, middle, middle + 3, len(reader.seed)):
        began = time.process_time()
        outcome(reader, reader.seed[:at] + LONG[kind] + reader.seed[at:], tmp_path)
        assert time.process_time() - began < 3
