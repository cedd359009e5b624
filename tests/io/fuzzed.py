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
from Bio import bgzf

from motifnet.errors import MotifnetError
from motifnet.io.background_file import read_background
from motifnet.io.bed import read_bed
from motifnet.io.fasta import holds_rna, read_fasta
from motifnet.io.fasta_stream import stream_fasta
from motifnet.io.formats import FORMATS
from motifnet.io.genome import Genome
from motifnet.io.hits import write_sites_tsv
from motifnet.io.motif_files import read_motifs, render_motifs
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
    "uniprobe": lambda _data: 0,  # a line may make rows those of another matrix
}
_BLOCKS = _count(r"^[ \t]*>")


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
_RECORD = {"command": "motifnet train x", "checksums": {"x.fa": "0a" * 32}, "versions": {"motifnet": "0.1.0"}}


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


_CONTENT = _count(r"^(?!#|track[ \t]|browser[ \t])[^\n]*\S")
_RECORDS = _count(r"^>")

READERS: dict[str, Reader] = {
    f"motifs: {format}": Reader(
        render_motifs(_motifs(), format).encode(),
        "m.txt",
        partial(_n_motifs, format),
        _HEADS.get(format, _BLOCKS),
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

ELSEWHERE = {
    "read_alignments", "read_pairs", "read_posteriors", "read_profile", "load_checkpoint",
    "read_entries", "stream_bed", "read_jaspar_sqlite", "load_database",
}  # fmt: skip
"""Readers that have tests of their own against spoilt files, or that readers above call."""
