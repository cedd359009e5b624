"""File formats: text and bytes at the edge, sequences, peaks, genomes and motifs inside.

What a file is, its content tells: FASTA, BED and motif files may be gzip or plain whatever
their names say. Every reader raises an error that carries the path and the line of what is
wrong. Every writer writes to a temporary name and renames at the end, so that a file that is
there is whole. Intervals are 0-based and half-open; 1-based coordinates exist only within the
readers and writers of formats that use them.

A motif format is one module of :mod:`motifnet.io.motif_formats`, and a format of alignments one of
:mod:`motifnet.io.alignment_formats`: each registers itself.
"""

from motifnet.io.bed import Peak, read_bed, write_bed
from motifnet.io.databases import Database, load_database
from motifnet.io.fasta import read_fasta, write_fasta
from motifnet.io.genome import Genome
from motifnet.io.motif_files import read_motifs, write_meme, write_motifs
from motifnet.io.motif_format import FORMATS, MotifFormat
from motifnet.io.sites import write_sites_bed, write_sites_tsv
from motifnet.io.text import atomic_path, atomic_write, numbered_lines, open_text, sha256

__all__ = [
    "FORMATS",
    "Database",
    "Genome",
    "MotifFormat",
    "Peak",
    "atomic_path",
    "atomic_write",
    "load_database",
    "numbered_lines",
    "open_text",
    "read_bed",
    "read_fasta",
    "read_motifs",
    "sha256",
    "write_bed",
    "write_fasta",
    "write_meme",
    "write_motifs",
    "write_sites_bed",
    "write_sites_tsv",
]
