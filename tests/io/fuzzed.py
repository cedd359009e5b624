"""Every reader of files beside a whole file of its kind, and what may become of a spoilt one.

A motif format that is registered is here by that, with a file that it wrote itself.
"""

from __future__ import annotations

import json
import logging
import re
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from Bio import bgzf

from motifnet.errors import MotifnetError
from motifnet.hmm.model_file import read_model
from motifnet.hmm.pair_ties import PairTies
from motifnet.io.alignments import read_alignments
from motifnet.io.background_file import read_background
from motifnet.io.bed import read_bed
from motifnet.io.checkpoint import load_checkpoint, save_checkpoint
from motifnet.io.fasta import holds_rna, read_fasta
from motifnet.io.fasta_stream import stream_fasta
from motifnet.io.genome import Genome
from motifnet.io.motif_files import read_motifs, render_motifs
from motifnet.io.motif_format import FORMATS
from motifnet.io.pairs import read_outgroup, read_pairs
from motifnet.io.posteriors import read_posteriors
from motifnet.io.profiles import ProfileRecord, SpacerRecord, read_profile
from motifnet.io.sites import write_sites_tsv
from motifnet.io.sites_table import read_sites_tsv
from motifnet.motifs import Motif, Sites
from motifnet.runs.folder import RunFolder
from motifnet.runs.sources import data_of
from motifnet.symbols import DNA, Interval, Sequences

LONGEST_MESSAGE = 500


class Reader(NamedTuple):
    """A reader and a file that it reads.

    Parameters
    ----------
    seed : bytes
        A whole file.
    name : str
        Of the file that is read.
    read : callable
        Of the path; gives how many records were read, or None where they are not counted.
    at_least : callable
        Of bytes: how many records a reader must give that gives any.
    """

    seed: bytes
    name: str
    read: Callable[[Path], int | None]
    at_least: Callable[[bytes], int] = lambda _data: 0


class Told(logging.Handler):
    """What was logged; a record that is left out is told."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


def outcome(reader: Reader, data: bytes, folder: Path) -> str:
    """``"read"`` or ``"refused"``; anything else, and records that are lost in silence, is an error."""
    path = folder / reader.name
    path.write_bytes(data)
    log, told = logging.getLogger("motifnet"), Told()
    log.addHandler(told)
    try:
        n = reader.read(path)
    except MotifnetError as problem:
        sentence = str(problem).replace(str(path), "")
        assert len(sentence) < LONGEST_MESSAGE, sentence
        assert "\n" not in sentence
        return "refused"
    finally:
        log.removeHandler(told)
    if n is not None:
        assert n >= reader.at_least(data) or told.messages, f"{n} of {reader.at_least(data)} records"
    return "read"


def _motifs() -> list[Motif]:
    rng = np.random.default_rng(3)
    widths = (5, 8, 6)
    return [
        Motif(f"M{i}.1", rng.multinomial(30, rng.dirichlet([0.5] * 4), w).T, alt_name=f"X{i}")
        for i, w in enumerate(widths)
    ]


def _count(pattern: str) -> Callable[[bytes], int]:
    found = re.compile(pattern.encode(), re.MULTILINE)
    return lambda data: len(found.findall(data.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")))


_HEADS = {
    "meme": _count(r"^[ \t]*letter-probability matrix"),
    "transfac": _count(r"^[ \t]*P0\b"),
    "cisbp": _count(r"^[ \t]*Pos\b[^\n]*\n[ \t]*\d"),
    **dict.fromkeys(("encode", "homer", "jaspar", "pfm"), _count(r"^[ \t]*>")),
}
"""Heads of matrices, where each surely begins one; a line of UniPROBE may make rows those of another."""


def _n_motifs(format: str | None, path: Path) -> int:
    return len(read_motifs(path, format))


def _n_streamed(path: Path) -> int:
    return sum(len(stretch.begins) for stretch in stream_fasta(path, 64, degap=True))


def _n_contigs(path: Path) -> int:
    """Contigs of a genome, whose bases are those that a reader of whole files finds."""
    path.with_name(path.name + ".fai").unlink(missing_ok=True)
    with Genome(path) as genome:
        read = {name: genome.codes(name).tolist() for name in genome.contigs}
    whole = read_fasta(path)
    assert read == {name: whole[i].tolist() for i, name in enumerate(whole.names)}
    return len(read)


def _with_index(path: Path) -> None:
    """Read a genome whose index is the file."""
    genome = path.with_name("g.fa")
    genome.write_bytes(_GENOME)
    with Genome(genome) as opened:
        assert {name: DNA.decode(opened.codes(name)) for name in opened.contigs} == {
            "chr1": "ACGTTGCAACGTACGTGGCA", "chr2": "TTTTGGGGCC", "chr3": "ACACACACACACA",
        }  # fmt: skip


_GENOME = b">chr1 first\nACGTTGCA\nACGTACGT\nGGCA\n>chr2\nTTTTGGGG\nCC\n>chr3\nACACACACACACA\n"
_FASTA = b">chr1:10-18 first\nACGTTGCA\n>b\nACGTNNRY\nacgt\n>c range=chr2:5-8 strand=-\nGG\nUU\n"
_BED = b"track name=x\n#c\n" + b"".join(
    b"chr1\t%d\t%d\tp%d\t5\t+\n" % (i, i + 30, i) for i in range(0, 400, 20)
)
_NARROW = b"".join(b"chr1\t%d\t%d\tp\t573\t.\t13.9\t-1\t2.5\t%d\n" % (i, i + 90, i) for i in range(0, 60, 3))
_BACKGROUND = b"# order 1\n" + b"".join(b"%s 0.25\n" % base for base in (b"A", b"C", b"G", b"T"))
_BACKGROUND += b"".join(b"%c%c 0.0625\n" % (a, b) for a in b"ACGT" for b in b"ACGT")
_RECORD = {
    "command": "motifnet train x",
    "inputs": {"targets": [{"path": "x.fa", "bytes": 9, "sha256": "0a" * 32}]},
    "versions": {"motifnet": "0.1.0"},
}


def _written(write: Callable[[Path], None]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder, "x"))
        return Path(folder, "x").read_bytes()


def _write_sites(path: Path) -> None:
    two = Sequences.from_codes(
        [DNA.encode("GGTGACC"), DNA.encode("CCTCACC")], ["a", "b"], [Interval("chr1", 5, 12, "-"), None]
    )
    places = np.array([0, 1]), np.array([2, 2]), np.array([False, True]), np.array([7.5, 6])
    write_sites_tsv(path, [(Motif("TGAC", np.ones((4, 4))), Sites(two, 4, *places))])


def _write_database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE MATRIX (ID, COLLECTION, BASE_ID, VERSION, NAME)")
        connection.execute("CREATE TABLE MATRIX_DATA (ID, row, col, val)")
        connection.execute("INSERT INTO MATRIX VALUES (1, 'CORE', 'MA1', 1, 'X')")
        cells = [(1, base, place, 3 + place) for base in "ACGT" for place in range(1, 7)]
        connection.executemany("INSERT INTO MATRIX_DATA VALUES (?, ?, ?, ?)", cells)
        connection.commit()


def _write_bgzip(path: Path) -> None:
    with bgzf.BgzfWriter(path, "wb") as handle:
        for i in range(0, len(_GENOME), 30):
            handle.write(_GENOME[i : i + 30])
            handle.flush()


def _uncounted(read: Callable[[Path], object]) -> Callable[[Path], None]:
    def reading(path: Path) -> None:
        read(path)

    return reading


def _n_sites(path: Path) -> int:
    return sum(map(len, read_sites_tsv(path).values()))


_MAF = (
    b"##maf version=1\n# made by hand\n\na score=1\ns hg18.chr1 10 5 + 100 ACG-TA\n"
    b"s mm9.chr2 20 5 - 200 AC-GTA\n"
    b"i mm9.chr2 N 0 C 0\nq mm9.chr2 99-999\n\na\ns hg18.chr1 20 3 + 100 AC-G\ns mm9.chr2 9 4 + 200 ACTG\n"
    b"e rn4.chr1 1 2 + 30 I\n\n"
)
_ALIGNED = b">a first\nAC-GT\n>b\nACTG-\n\n>c\nGG\n>d\nG-\n"
_PAIRS = b"# by hand\nname\tx\ty\none\tACGTAC\tACT\ntwo\tGGA\tGGTA\nthree\tTTTT\tTT\n"
_POSTERIORS = b"x_name\ty_name\tx_position\ty_position\tprobability\n" + b"".join(
    b"a\tb\t%d\t%d\t0.9%d\n" % (i, i, i) for i in range(9)
)
_ROW = (0.1, 0.2, 0.3, 0.4)
_PROFILE = ProfileRecord(
    gap_tie="spacer", insert_tie="background", strand="both", background=_ROW, transitions=(_ROW,),
    match=(_ROW, _ROW), insert=(_ROW, _ROW), gaps=(_ROW, _ROW),
    spacer=SpacerRecord(before=1, shortest=2, probabilities=(0.25, 0.75)),
)  # fmt: skip


def _pair_model() -> bytes:
    """A pair HMM without a digest, which would tell of every change at once."""
    ones, ties = [[0.25] * 4] * 2, PairTies.of([], n_classes=1).arrays()
    content = {
        "format": "motifnet pair HMM", "version": 1, "match": [[0.0625] * 4] * 4, "insert": ones,
        "open": [[0.01], [0.02]], "extend": [[0.3], [0.4]], "end": 0.001,
        "ties": {name: repr(tie) for name, tie in ties.items()}, "n_free": 24, "substitution": None,
        "log_likelihood": -12.5,
        "standard_errors": {
            "match": [[None] * 4] * 4, "insert": [[0.1] * 4] * 2, "open": [[0.1]] * 2, "extend": [[0.1]] * 2,
        },
    }  # fmt: skip
    return json.dumps(content, indent=1).encode()


def _checkpoint(path: Path) -> None:
    save_checkpoint(path, "model", {"weights": {"a": torch.arange(40.0).reshape(5, 8)}, "epoch": 3})


def _same_weights(path: Path) -> None:
    """Of a checkpoint: what is read is what was saved."""
    content = load_checkpoint(path, "model")
    assert content["epoch"] == 3
    assert torch.equal(content["weights"]["a"], torch.arange(40.0).reshape(5, 8))


_CONTENT = _count(r"^(?!#|track[ \t]|browser[ \t])[^\n]*\S")
_RECORDS = _count(r"^>")


def _n_third(path: Path) -> int:
    table = path.with_name("pairs.tsv")
    table.write_bytes(_PAIRS)
    return len(read_outgroup(path, read_pairs(table), table))


READERS: dict[str, Reader] = {
    f"motifs: {format}": Reader(
        render_motifs(_motifs(), format).encode(),
        "m.txt",
        partial(_n_motifs, format),
        _HEADS.get(format, lambda _data: 0),
    )
    for format in FORMATS
}
READERS |= {
    f"motifs: {format}, told": Reader(
        render_motifs(_motifs(), format).encode(), "m.txt", partial(_n_motifs, None)
    )
    for format in FORMATS
}
READERS |= {
    "jaspar_sqlite": Reader(_written(_write_database), "db", partial(_n_motifs, None)),
    "bed": Reader(_BED, "in.bed", lambda path: len(read_bed(path)), _CONTENT),
    "narrowPeak": Reader(_NARROW, "in.narrowPeak", lambda path: len(read_bed(path)), _CONTENT),
    "fasta": Reader(_FASTA, "in.fa", lambda path: len(read_fasta(path)), _RECORDS),
    "fasta, stream": Reader(_FASTA, "in.fa", _n_streamed, _RECORDS),
    "fasta, RNA": Reader(_FASTA, "in.fa", _uncounted(holds_rna)),
    "genome": Reader(_GENOME, "g2.fa", _n_contigs, _RECORDS),
    "genome, bgzip": Reader(_written(_write_bgzip), "g3.fa.gz", _n_contigs),
    "genome, index": Reader(
        b"chr1\t20\t12\t8\t9\nchr2\t10\t41\t8\t9\nchr3\t13\t59\t13\t14\n", "g.fa.fai", _with_index
    ),
    "background": Reader(_BACKGROUND, "b.bg", _uncounted(read_background)),
    "sites.tsv": Reader(_written(_write_sites), "sites.tsv", _n_sites, lambda data: data.count(b"\n") - 1),
    "run.json": Reader(
        json.dumps(_RECORD, indent=2).encode(),
        "run.json",
        _uncounted(lambda path: data_of(RunFolder(path.parent))),
    ),
}

READERS |= {
    "maf": Reader(_MAF, "in.maf", lambda path: len(read_alignments(path)), _count("^a")),
    "aligned fasta": Reader(_ALIGNED, "in.afa", lambda path: len(read_alignments(path))),
    "pairs": Reader(_PAIRS, "pairs.tsv", lambda path: len(read_pairs(path))),
    "pairs, maf": Reader(_MAF, "in.maf", lambda path: len(read_pairs(path)), _count("^a")),
    "pairs, fasta": Reader(_FASTA + b">d\nA\n", "in.fa", lambda path: len(read_pairs(path))),
    "outgroup": Reader(b">two\nGGAC\n>one\nACGT\n>three\nTNT\n", "third.fa", _n_third),
    "posteriors": Reader(_POSTERIORS, "posteriors.tsv", _uncounted(read_posteriors)),
    "profile": Reader(
        _PROFILE.model_dump_json(indent=1, exclude={"digest"}).encode(),
        "model.json",
        _uncounted(read_profile),
    ),
    "pair model": Reader(_pair_model(), "model.json", _uncounted(read_model)),
    "checkpoint": Reader(_written(_checkpoint), "model.pt", _same_weights),
}

CALLED = {"read_entries", "stream_bed", "read_jaspar_sqlite", "read_json_model", "load_database"}
"""Readers that those above call."""
