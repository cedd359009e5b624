"""``motifnet decode``: files in, sites with probabilities out; bad input gets one line."""

from __future__ import annotations

import csv
import json
import re
from itertools import pairwise

import numpy as np
import pytest

from motifnet.cli import main
from motifnet.datasets.simulate import Planted, motif_from_word, simulate
from motifnet.io.decoded import DecodedMotif, write_track
from motifnet.io.fasta import write_fasta
from motifnet.io.motif_files import read_motifs, write_meme
from motifnet.motifs import Motif, Sites
from motifnet.symbols import Sequences
from motifnet.symbols.background import Background

HEADER_ONLY = "MEME version 4\n\nALPHABET= ACGT\n\nstrands: + -\n"


@pytest.fixture
def folder(tmp_path):
    """A folder with 200 sequences, half of which have a site of each of two motifs, and the motifs."""
    planted = [Planted(motif_from_word(word), 0.5) for word in ("WGATAAGR", "TGASTCAY")]
    made = simulate(planted, Background.from_gc(0.42), n_targets=200, n_controls=0, length=150, seed=1)
    write_fasta(tmp_path / "in.fa", made.targets)
    write_meme(tmp_path / "motifs.meme", [one.motif for one in planted])
    (tmp_path / "truth.txt").write_text("\n".join(f"{s.sequence} {s.start} {s.motif}" for s in made.truth))
    return tmp_path


def run(folder, *options):
    arguments = ["decode", folder / "motifs.meme", folder / "in.fa", "-o", folder / "out", "-q", *options]
    main([str(argument) for argument in arguments])
    return folder / "out"


def rows(path):
    with path.open() as handle:
        return list(csv.DictReader(handle, delimiter="\t"))


def refused(capsys, arguments):
    with pytest.raises(SystemExit) as stop:
        main([str(argument) for argument in arguments])
    assert stop.value.code == 2
    said = capsys.readouterr().err
    assert "Traceback" not in said
    return [line for line in said.splitlines() if line.strip()][-1]


def test_planted_sites_are_found_and_probabilities_are_honest(folder):
    out = run(folder)
    truth = {tuple(line.split()[:2]) for line in (folder / "truth.txt").read_text().splitlines()}
    sites = rows(out / "sites.tsv")
    right = [(row["seq_ID"], str(int(row["site_Start"]) - 1)) in truth for row in sites]
    said = [float(row["posterior"]) for row in sites]
    assert len(sites) > 150
    assert np.mean(right) == pytest.approx(np.mean(said), abs=0.06)
    assert min(said) >= 0.5


def test_every_file_is_written_and_fits_the_others(folder):
    out = run(folder, "--bedgraph", "--refine", "--max-rounds", "5")
    assert {path.name for path in out.iterdir()} == {
        "sites.bed", "sites.tsv", "sequences.tsv", "posterior.bedgraph", "motifs.meme", "report.html",
        "run.json",
    }  # fmt: skip
    sites, sequences = rows(out / "sites.tsv"), rows(out / "sequences.tsv")
    assert len((out / "sites.bed").read_text().splitlines()) == len(sites)
    assert len(sequences) == 2 * 200
    assert all(0 <= float(row["P_site"]) <= float(row["expected_sites"]) + 1e-9 for row in sequences)
    assert [motif.consensus for motif in read_motifs(out / "motifs.meme")] == ["WGATAAGR", "TGASTCAY"]
    record = json.loads((out / "run.json").read_text())
    assert record["config"]["decoding"]["max_rounds"] == 5
    assert {role: len(files) for role, files in record["inputs"].items()} == {"motifs": 1, "targets": 1}


@pytest.mark.parametrize("at", ["first", "in the middle", "last"])
def test_a_sequence_without_bases_has_no_site_and_is_not_drawn(at, folder):
    records = [f">{text}" for text in (folder / "in.fa").read_text().split(">")[1:10]]
    records.insert({"first": 0, "in the middle": 4, "last": 9}[at], ">empty\n")
    (folder / "in.fa").write_text("".join(records))
    out = run(folder)
    expected = {row["seq_ID"]: float(row["expected_sites"]) for row in rows(out / "sequences.tsv")}
    assert (len(expected), expected["empty"]) == (10, 0)
    tracks = re.findall(r">(target\d+|empty)</text>", (out / "report.html").read_text())
    assert sorted(tracks) == [f"target{i}" for i in range(1, 10)]


def test_sequences_that_are_all_without_bases_are_refused(folder, capsys):
    (folder / "in.fa").write_text(">empty\n")
    arguments = ["decode", folder / "motifs.meme", folder / "in.fa", "-o", folder / "out"]
    assert "expected at most 0, the longest sequence" in refused(capsys, arguments)


def test_a_track_has_no_overlaps_and_covers_the_sites(folder):
    out = run(folder, "--bedgraph")
    track = [line.split("\t") for line in (out / "posterior.bedgraph").read_text().splitlines()]
    spans = [(name, int(start), int(end)) for name, start, end, _ in track]
    assert spans == sorted(spans)
    assert all(a[0] != b[0] or a[2] <= b[1] for a, b in pairwise(spans))
    covered = {(name, base) for name, start, end in spans for base in range(start, end)}
    for row in rows(out / "sites.tsv"):
        assert (row["seq_ID"], int(row["site_Start"]) - 1) in covered


def motif_with_sites(sequences, width, sites):
    """Sites of a motif: a sequence, a start and a probability each."""
    index, start, posterior = np.array(sites).T
    places = index.astype(int), start.astype(int), np.zeros(len(sites), bool), np.zeros(len(sites))
    return DecodedMotif(Motif("any", np.ones((4, width))), Sites(sequences, width, *places), posterior)


@pytest.mark.parametrize("independent", [True, False])
def test_a_track_is_the_chance_of_a_site_of_any_motif_at_each_base(independent, tmp_path):
    rng = np.random.default_rng(4)
    n, length, widths = 5, 60, (3, 8, 8)
    sequences = Sequences.from_text(["A" * length] * n)
    found, lies_in = [], np.zeros((len(widths), n, length))
    for m, width in enumerate(widths):
        starts = rng.permutation(n * (length - width))[:40]
        sites = [(at % n, at // n, p) for at, p in zip(starts.tolist(), rng.random(40) / 8, strict=True)]
        for sequence, start, probability in sites:
            lies_in[m, sequence, start : start + width] += probability
        found.append(motif_with_sites(sequences, width, sites))
    write_track(tmp_path / "track", found, independent=independent)
    track = np.zeros((n, length))
    for line in (tmp_path / "track").read_text().splitlines():
        name, start, end, value = line.split("\t")
        track[sequences.names.index(name), int(start) : int(end)] += float(value)
    expected = 1 - np.prod(1 - lies_in, axis=0) if independent else lies_in.sum(0)
    assert lies_in.max() < 1
    np.testing.assert_allclose(track, expected.clip(0, 1), atol=5.1e-4)


def test_motifs_that_may_overlap_do_not_add_up_in_a_track(tmp_path):
    sequences = Sequences.from_text(["AAAA"], names=["a"])
    found = [motif_with_sites(sequences, 2, [(0, start, 0.6)]) for start in (0, 1)]
    write_track(tmp_path / "track", found, independent=True)
    assert (tmp_path / "track").read_text() == "a\t0\t1\t0.600\na\t1\t2\t0.840\na\t2\t3\t0.600\n"


@pytest.mark.parametrize("sites", ["any", "zoops"])
def test_the_track_of_a_run_knows_whether_motifs_may_overlap(sites, tmp_path):
    (tmp_path / "in.fa").write_text(">a\nCCCCCCAGATAAGCCCCCC\n")
    write_meme(tmp_path / "motifs.meme", [motif_from_word(word) for word in ("AGATAAG", "NGATAAGC")])
    out = run(tmp_path, "--bedgraph", "--sites", sites, "--rate", "0.01", "--min-posterior", "0.01")
    track = [line.split("\t") for line in (out / "posterior.bedgraph").read_text().splitlines()]
    one, other = (float(row["posterior"]) for row in rows(out / "sites.tsv"))
    either = one + other if sites == "any" else 1 - (1 - one) * (1 - other)
    assert min(one, other) > 0.05
    assert max(float(value) for *_, value in track) == pytest.approx(either, abs=6e-4)


def test_peaks_of_a_genome_have_places_in_it(tmp_path):
    rng = np.random.default_rng(0)
    text = "".join(rng.choice(list("ACGT"), 3000))
    text = text[:1000] + "CTTATCT" + text[1007:]
    (tmp_path / "genome.fa").write_text(f">chr1\n{text}\n")
    (tmp_path / "in.bed").write_text("chr1\t950\t1050\tpeak\nchr1\t960\t1060\tagain\n")
    write_meme(tmp_path / "motifs.meme", [motif_from_word("AGATAAG")])
    arguments = [tmp_path / "motifs.meme", tmp_path / "in.bed", "--genome", tmp_path / "genome.fa"]
    options = ["--window", "0", "--rate", "0.01", "--bedgraph", "-o", tmp_path / "out", "-q"]
    main(["decode", *map(str, [*arguments, *options])])
    site = rows(tmp_path / "out" / "sites.tsv")[0]
    assert (site["chrom"], site["start"], site["end"], site["strand"]) == ("chr1", "1000", "1007", "-")
    track = (tmp_path / "out" / "posterior.bedgraph").read_text().splitlines()
    assert [line.split("\t")[:3] for line in track] == [["chr1", "1000", "1007"]]


@pytest.mark.parametrize(
    "options", [["--sites", "zoops"], ["--sites", "oops"], ["--sites", "clusters"], ["--decoding", "viterbi"]]
)
def test_other_models(folder, options):
    sites = rows(run(folder, *options) / "sites.tsv")
    assert len(sites) > 100


def test_boxes_that_overlap_are_told_where_clusters_are_asked_for(tmp_path):
    rest = "".join(np.random.default_rng(1).choice(list("ACGT"), 2000))
    (tmp_path / "in.fa").write_text(f">a\nCCCCAGACAGACAGACCCCC\n>b\n{rest}\n")
    write_meme(tmp_path / "motifs.meme", [motif_from_word("AGACAGAC")])
    assert len(rows(run(tmp_path, "--rate", "0.001") / "sites.tsv")) <= 1
    out = run(tmp_path, "--sites", "clusters", "--rate", "0.001", "--bedgraph", "--overwrite")
    assert [row["site_Start"] for row in rows(out / "sites.tsv")] == ["5", "9"]
    values = [float(line.split("\t")[3]) for line in (out / "posterior.bedgraph").read_text().splitlines()]
    assert 0.9 < max(values) <= 1


def known_of(folder, names=("WGATAAGR", "TGASTCAY"), contig=""):
    """A BED of all planted sites of some motifs."""
    lines = [line.split() for line in (folder / "truth.txt").read_text().splitlines()]
    planted = [(contig or name, int(start), motif) for name, start, motif in lines if motif in names]
    text = "".join(f"{name}\t{start}\t{start + 8}\t{motif}\n" for name, start, motif in planted)
    (folder / "known.bed").write_text(text)
    return folder / "known.bed"


@pytest.mark.parametrize("sites", ["any", "clusters"])
def test_as_many_sites_are_expected_as_are_known(sites, folder, capsys):
    known = known_of(folder)
    arguments = ["decode", folder / "motifs.meme", folder / "in.fa", "-o", folder / "out"]
    main([*map(str, arguments), "--known-sites", str(known), "--sites", sites])
    out, said = folder / "out", capsys.readouterr().err
    assert re.search(r"WGATAAGR: 1\d\d known sites, one in \d+ bases; log-odds count [01]\.\d\d", said)
    expected = sum(float(row["expected_sites"]) for row in rows(out / "sequences.tsv"))
    # One in 300 bases is so frequent that sites which exclude each other make some difference.
    tolerance = {"any": 0.15, "clusters": 0.02}[sites]
    assert expected == pytest.approx(len(known.read_text().splitlines()), rel=tolerance)
    assert json.loads((out / "run.json").read_text())["config"]["decoding"]["known_sites"] == str(known)


def test_motifs_without_known_sites_are_named(folder, capsys):
    run(folder, "--known-sites", known_of(folder, ("TGASTCAY",)))
    assert "has no site in the sequences of WGATAAGR, whose rate is learnt without" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("names", "contig", "options", "said"),
    [
        (("TGASTCAY",), "chrUn", [], "sites of known.bed in the sequences is 0; expected one or more"),
        (("TGASTCAY",), "", ["--refine"], "expected no --refine with --known-sites"),
        (("TGASTCAY",), "", ["--sites", "zoops"], "expected 'any' or 'clusters' with --known-sites"),
    ],
)
def test_known_sites_that_teach_nothing_are_refused(names, contig, options, said, folder, capsys):
    known = known_of(folder, names, contig)
    arguments = ["decode", folder / "motifs.meme", folder / "in.fa", "-o", folder / "out"]
    assert said in refused(capsys, [*arguments, "--known-sites", known, *options]).replace(f"{folder}/", "")


def test_known_sites_of_other_motifs_are_refused(folder, capsys):
    (folder / "known.bed").write_text("target1\t10\t18\tFur\n")
    arguments = ["decode", folder / "motifs.meme", folder / "in.fa", "-o", folder / "out"]
    said = refused(capsys, [*arguments, "--known-sites", folder / "known.bed"])
    assert re.search(r"names in column 4 of \S+known.bed is '?Fur'?; expected names of motifs", said)


def test_clusters_are_not_refined(folder, capsys):
    arguments = ["decode", folder / "motifs.meme", folder / "in.fa", "-o", folder / "out"]
    said = refused(capsys, [*arguments, "--sites", "clusters", "--refine"])
    assert "sites is 'clusters'; expected 'any', 'zoops' or 'oops' with --refine" in said


def test_untied_motifs_are_written_for_each_strand(folder):
    out = run(folder, "--strand-tie", "untied", "--refine", "--max-rounds", "3")
    names = [motif.name for motif in read_motifs(out / "motifs.meme")]
    assert names == [
        f"{word}_{strand}" for word in ("WGATAAGR", "TGASTCAY") for strand in ("forward", "reverse")
    ]


def test_no_site_is_an_answer(tmp_path):
    (tmp_path / "in.fa").write_text(">a\nCCCCCCCCCCCCCCCCCCCC\n")
    write_meme(tmp_path / "motifs.meme", [motif_from_word("AGATAAG")])
    out = run(tmp_path)
    assert rows(out / "sites.tsv") == []
    assert (out / "sites.bed").read_text() == ""


def test_a_finished_run_is_replaced_only_where_asked(folder, capsys):
    run(folder)
    again = ["decode", folder / "motifs.meme", folder / "in.fa", "-o", folder / "out"]
    assert "use --overwrite" in refused(capsys, again)
    (folder / "out" / "notes.txt").write_text("mine")
    run(folder, "--overwrite")
    assert (folder / "out" / "notes.txt").read_text() == "mine"


def test_work_that_was_killed_does_not_stand_in_the_way(folder):
    (folder / "out" / ".work" / "new").mkdir(parents=True)
    run(folder)
    assert not (folder / "out" / ".work").exists()


@pytest.mark.parametrize(
    ("motifs", "sequences", "said"),
    [
        ("", ">a\nACGT\n", "motifs.meme: is empty"),
        (HEADER_ONLY, ">a\nACGT\n", "motifs.meme: holds no motif"),
        (None, "", "in.fa: is empty"),
        (None, ">a\nMKVLILACLVALALAREEFPWQ\n", "looks like protein"),
        (None, ">a\nACGT\n", "width of motif long is 9; expected at most 4, the longest sequence"),
    ],
)
def test_bad_input_is_said_in_one_line(motifs, sequences, said, tmp_path, capsys):
    if motifs is None:
        write_meme(tmp_path / "motifs.meme", [Motif("long", np.ones((4, 9)))])
    else:
        (tmp_path / "motifs.meme").write_text(motifs)
    (tmp_path / "in.fa").write_text(sequences)
    arguments = ["decode", tmp_path / "motifs.meme", tmp_path / "in.fa", "-o", tmp_path / "out"]
    assert said in refused(capsys, arguments)
    assert not (tmp_path / "out").exists()


def test_two_motifs_of_one_name(tmp_path, capsys):
    write_meme(tmp_path / "motifs.meme", [motif_from_word("AGATAAG")] * 2)
    (tmp_path / "in.fa").write_text(">a\nACGTACGTACGT\n")
    arguments = ["decode", tmp_path / "motifs.meme", tmp_path / "in.fa", "-o", tmp_path / "out"]
    assert "a name of its own for each motif" in refused(capsys, arguments)


def test_one_site_at_most_has_no_path(folder, capsys):
    arguments = ["decode", folder / "motifs.meme", folder / "in.fa", "-o", folder / "out"]
    said = refused(capsys, [*arguments, "--sites", "zoops", "--decoding", "viterbi"])
    assert "decoding is 'viterbi'; expected 'posterior' where --sites is not 'any'" in said


def test_a_site_that_several_windows_show_is_once_in_the_genome(tmp_path):
    rng = np.random.default_rng(4)
    bases = "".join(rng.choice(list("ACGT"), 400))
    (tmp_path / "g.fa").write_text(f">c\n{bases[:200]}TGACTCATGACGTCA{bases[200:]}\n")
    (tmp_path / "in.bed").write_text("".join(f"c\t{start}\t{start + 100}\n" for start in (150, 160, 170)))
    write_meme(tmp_path / "m.meme", [motif_from_word("TGACTCATGACGTCA")])
    arguments = ["decode", "m.meme", "in.bed", "--genome", "g.fa", "--window", "0", "-o", "out", "-q"]
    main([str(tmp_path / one) if one in ("m.meme", "in.bed", "g.fa", "out") else one for one in arguments])
    told = [line.split("\t")[:3] for line in (tmp_path / "out" / "sites.bed").read_text().splitlines()]
    assert told == [["c", "200", "215"]]
    assert len(rows(tmp_path / "out" / "sites.tsv")) == 3
