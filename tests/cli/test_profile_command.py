"""``motifnet profile``: files in, alignment, model and logo out; bad input gets one line."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest

from motifnet.cli import main
from motifnet.hmm.profile import ProfileHmm
from motifnet.io.fasta import read_fasta
from motifnet.io.motif_files import read_motifs, write_meme
from motifnet.io.profiles import read_profile
from motifnet.motifs import Motif

FILES = {
    "alignment.fa", "sites.tsv", "model.json", "motif.meme", "logo.svg", "logo.png", "report.html",
    "run.json",
}  # fmt: skip
FAST = ["--width", "fixed", "-q"]


@pytest.fixture
def folder(tmp_path):
    """A folder with 40 sequences whose sites are GGTCA and AGGTCA, 1 or 3 bases apart, and a motif."""
    rng = np.random.default_rng(0)
    lines = []
    for i in range(40):
        left, spacer, right = ("".join(rng.choice(list("ACGT"), n)) for n in (6, rng.choice([1, 3]), 9))
        lines.append(f">s{i}\n{left}GGTCA{spacer}AGGTCA{right}\n")
    (tmp_path / "in.fa").write_text("".join(lines))
    word = ["ACGT".index(base) for base in "GGTCAAGGTCA"]
    write_meme(tmp_path / "start.meme", [Motif("start", 20 * np.eye(4)[:, word] + 1)])
    return tmp_path


def run(folder, *options):
    start = ["--start", folder / "start.meme", *FAST]
    main([str(one) for one in ["profile", folder / "in.fa", "-o", folder / "out", *start, *options]])
    return folder / "out"


def refused(capsys, *arguments):
    with pytest.raises(SystemExit) as stop:
        main(["profile", *map(str, arguments)])
    assert stop.value.code == 2
    said = capsys.readouterr().err
    assert "Traceback" not in said
    return [line for line in said.splitlines() if line.strip()][-1]


def test_every_file_is_written_and_fits_the_others(folder, capsys):
    out = run(folder, "--gap-tie", "own", "--gaps", "always")
    assert {path.name for path in out.iterdir()} == FILES
    said = capsys.readouterr().out
    assert "Variable spacing: yes" in said
    assert "Sites: 40 of 40 sequences" in said
    rows = [line for line in (out / "alignment.fa").read_text().splitlines() if not line.startswith(">")]
    with (out / "sites.tsv").open() as handle:
        sites = list(csv.DictReader(handle, delimiter="\t"))
    assert len(rows) == len(sites) == 40
    sequences = read_fasta(folder / "in.fa")
    for i, (row, site) in enumerate(zip(rows, sites, strict=True)):
        aligned = row.replace("-", "").replace(".", "").upper()
        first, end = int(site["site_Start"]) - 1, int(site["site_End"])
        assert aligned == site["site_Sequence"] == sequences.text(i)[first:end]
    model = ProfileHmm.from_record(read_profile(out / "model.json"))
    assert read_motifs(out / "motif.meme")[0].width == model.width == 11
    assert (out / "logo.png").read_bytes()[:4] == b"\x89PNG"
    record = json.loads((out / "run.json").read_text())
    assert record["config"]["profile"]["gap_tie"] == "own"
    assert {role: len(files) for role, files in record["inputs"].items()} == {"targets": 1, "start": 1}


def test_a_spacer_is_told_and_written(folder, capsys):
    out = run(folder)
    said = capsys.readouterr().out
    assert "Variable spacing: yes" in said
    assert "with two blocks and a spacer" in said
    (told,) = [line for line in said.splitlines() if line.startswith("Spacer after column 5: ")]
    assert [part.split()[0] for part in told.partition(": ")[2].split(", ")] == ["1", "2", "3"]
    spacer = read_profile(out / "model.json").spacer
    assert (spacer.before, spacer.shortest, len(spacer.probabilities)) == (5, 1, 3)
    (motif,) = read_motifs(out / "motif.meme")
    assert motif.consensus in ("GGTCANAGGTCA", "GGTCANNNAGGTCA")
    with (out / "sites.tsv").open() as handle:
        spacers = [row["spacers"] for row in csv.DictReader(handle, delimiter="\t")]
    assert set(spacers) <= {"5:1", "5:2", "5:3"}
    assert "% of sites with a spacer of each length" in (out / "logo.svg").read_text()
    page = (out / "report.html").read_text()
    assert "lengths of the spacer" in page
    assert "two blocks, a spacer" in page


def test_a_finished_run_is_replaced_only_where_asked(folder, capsys):
    out = run(folder)
    assert "use --overwrite" in refused(capsys, folder / "in.fa", "-o", out)
    (out / "logo.svg").write_text("old")
    run(folder, "--overwrite", "--gaps", "never")
    assert (out / "logo.svg").read_text().startswith("<svg")
    assert read_profile(out / "model.json").gap_tie == "gapless"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "in.fa: is empty"),
        (">a\nMKVLILACLVALALAREEFPWQ\n", "looks like protein"),
        (">a\nACGTACGTACGTACGT\n>b\nACGTACGTACGTACGT\n", "2 sequences; at least 3 are needed"),
        (
            ">a\nACGTACGTACGT\n>b\nACGT\n>c\nACGTACGTACGT\n",
            "sequence 'b' has 4 bases; expected 11 or more, for a site",
        ),
        (">a\nACGTACGT-ACGT\n>b\nACGT\n", "line 2: sequence 'a' has the gap '-'; expected unaligned"),
    ],
)
def test_bad_input_is_said_in_one_line(folder, text, said, capsys):
    (folder / "in.fa").write_text(text)
    where = [folder / "in.fa", "-o", folder / "out", "--start", folder / "start.meme"]
    assert said in refused(capsys, *where)
    assert not (folder / "out").exists()


def test_sequences_too_short_for_any_motif(folder, capsys):
    (folder / "in.fa").write_text(">a\nACGT\n>b\n\n>c\nACGTACGTACGT\n")
    said = refused(capsys, folder / "in.fa", "-o", folder / "out")
    assert "sequence 'a' has 4 bases; expected 8 or more" in said


def test_one_record_without_room_for_a_site_is_left_out_and_counted(folder, capsys):
    with open(folder / "in.fa", "a") as handle:
        handle.write(">short\nACGT\n" + ">empty\n\n" * 9)
    out = run(folder)
    told = capsys.readouterr().err
    assert "1 of 50 records is left out: sequence 'short' has 4 bases; expected 11 or more" in told
    assert "9 of 50 records have no bases, and are left out" in told
    with open(out / "sites.tsv") as handle:
        assert {row["seq_ID"] for row in csv.DictReader(handle, delimiter="\t")} <= {
            f"s{i}" for i in range(40)
        }


def test_aligned_sequences_give_the_profile_of_unaligned_ones(folder, capsys):
    plain = (run(folder) / "motif.meme").read_text()
    aligned = (folder / "in.fa").read_text().replace("GGTCA", "GG-TC.A")
    (folder / "in.fa").write_text(aligned)
    where = [folder / "in.fa", "-o", folder / "other", "--start", folder / "start.meme"]
    assert "has the gap '-'" in refused(capsys, *where)
    main([str(one) for one in ["profile", *where, *FAST, "--degap"]])
    assert (
        f"{aligned.count('-') + aligned.count('.')} gaps are taken out of the sequences"
        in capsys.readouterr().err
    )
    assert (folder / "other" / "motif.meme").read_text() == plain


def test_a_file_of_no_motif(folder, capsys):
    write_meme(folder / "none.meme", [])
    where = [folder / "in.fa", "-o", folder / "out", "--start", folder / "none.meme"]
    assert "holds no motif" in refused(capsys, *where)
