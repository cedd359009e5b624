"""Every file of the real data can be read."""

import pytest

from motifnet.io import Genome, read_bed, read_fasta, read_motifs


def test_every_sequence_set(real_data):
    paths = sorted(real_data.glob("tf/*.fa.gz")) + sorted(real_data.glob("rbp/*.fasta.gz"))
    assert len(paths) >= 30
    for path in paths:
        sequences = read_fasta(path)
        assert len(sequences) >= 16, path
        assert (sequences.codes < 4).mean() > 0.5, path


def test_two_formats_of_jaspar_2022_and_2018_agree(real_data):
    by_column = {
        motif.name.split("_")[0]: motif for motif in read_motifs(real_data / "motifdb/JASPAR2022.pfm.gz")
    }
    meme = read_motifs(real_data / "motifdb/JASPAR2018_CORE_non-redundant.meme.gz")
    shared = [(by_column[motif.name], motif) for motif in meme if motif.name in by_column]
    assert len(shared) > 500
    for ours, other in shared:
        assert ours.width == other.width
        assert abs(ours.probabilities - other.probabilities).max() < 0.01, ours.name


@pytest.mark.parametrize(
    ("genome", "peaks", "n"),
    [
        ("yeast/sacCer3.fa.gz", "yeast/bed/*.bed", 28),
        ("human_encode/hg_ENm001_ENm002.fa.gz", "human_encode/bed/*.narrowPeak", 7),
    ],
)
def test_every_peak_lies_in_its_genome(real_data, genome, peaks, n, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    paths = sorted(real_data.glob(peaks))
    assert len(paths) >= n
    with Genome(real_data / genome) as opened:
        for path in paths:
            rows = read_bed(path)
            sequences = opened.fetch([row.interval for row in rows])
            assert sequences.lengths.tolist() == [row.interval.length for row in rows]
            assert all(row.summit is not None for row in rows) == path.name.endswith("narrowPeak")


def test_the_case_of_the_human_piece_is_kept(real_data, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with Genome(real_data / "human_encode/hg_ENm001_ENm002.fa.gz") as genome:
        assert 0.3 < genome.lowercase("ENm001").mean() < 0.5
