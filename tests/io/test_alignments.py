"""Files of alignments: what we wrote, we and others read; what others wrote, we read or refuse."""

import io
import re

import numpy as np
import pytest
from Bio import Align
from hypothesis import given

from motifnet import __version__
from motifnet.errors import AlignmentFormatError, InvalidValue, MissingFile, UnknownName
from motifnet.io.alignment_format import ALIGNMENT_FORMATS
from motifnet.io.alignments import read_alignments, write_alignments
from motifnet.symbols import DNA
from motifnet.symbols.alignment import X_ONLY, Y_ONLY, Alignment
from motifnet.symbols.place import Place
from tests.io.made_alignments import alignment_lists

TWO = [
    Alignment.from_rows("ACG-TT", "A-GCTA", "human", "mouse"),
    Alignment(
        "human",
        "rat 1",
        DNA.encode("ACGTT"),
        DNA.encode("GGCGATTC"),
        np.array([X_ONLY, 0, 0, Y_ONLY, 0, Y_ONLY], np.uint8),
        x_start=0,
        y_start=2,
        score=7.6,
        y_place=Place("rat 1", 0, 8, "-", 8),
    ),
]
GOLDEN = {
    "fasta": ">human\nACG-TT\n>mouse\nA-GCTA\n\n>human:0-4\nACG-T-\n>rat 1:1-6(-)\n-CGATT\n",
    "maf": (
        "##maf version=1 scoring=log-odds\n"
        "a\ns human 0 5 + 5 ACG-TT\ns mouse 0 5 + 5 A-GCTA\n\n"
        "a score=7.600000\ns human 0 4 + 5 ACG-T-\ns rat_1 2 5 - 8 -CGATT\n\n"
    ),
    "paf": (
        "mouse\t5\t0\t5\t+\thuman\t5\t0\t5\t3\t6\t255\tNM:i:3\tcg:Z:1=1D1=1I1=1X\n"
        "rat_1\t8\t2\t6\t-\thuman\t5\t1\t4\t3\t4\t255\tNM:i:1\tAS:i:8\tcg:Z:2=1I1=\n"
    ),
    "sam": (
        f"@HD\tVN:1.6\tSO:unsorted\n@SQ\tSN:human\tLN:5\n@PG\tID:motifnet\tPN:motifnet\tVN:{__version__}\n"
        "mouse\t0\thuman\t1\t255\t1M1D1M1I2M\t*\t0\t0\tAGCTA\t*\tNM:i:3\n"
        "rat_1\t16\thuman\t2\t255\t2S2M1I1M2S\t*\t0\t0\tGGCGATTC\t*\tNM:i:1\tAS:i:8\n"
    ),
}


def rendered(name, alignments):
    return "".join(ALIGNMENT_FORMATS[name].render(alignments))


def written(folder, content, name="in"):
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def forward_matches(alignment):
    """Matched positions, those of y on its forward strand, in order of x."""
    matches = alignment.matches
    if alignment.y_place.strand == "-":
        matches[:, 1] = len(alignment.y) - 1 - matches[:, 1]
    return matches.tolist()


def matches_of_biopython(theirs):
    """The same of an alignment of Biopython."""
    (x_blocks, y_blocks) = theirs.aligned
    found = []
    for (x_start, x_end), (y_start, y_end) in zip(x_blocks.tolist(), y_blocks.tolist(), strict=True):
        step = 1 if y_end > y_start else -1
        ys = range(y_start, y_end, step) if step == 1 else range(y_start - 1, y_end - 1, -1)
        found += [[x, y] for x, y in zip(range(x_start, x_end), ys, strict=True)]
    return found


@pytest.mark.parametrize("name", list(GOLDEN))
def test_files_are_written_as_the_formats_ask(tmp_path, name):
    path = tmp_path / "out"
    write_alignments(path, TWO, name)
    assert path.read_text() == GOLDEN[name]


@given(alignment_lists())
def test_biopython_reads_our_maf(alignments):
    theirs = list(Align.parse(io.StringIO(rendered("maf", alignments)), "maf"))
    assert len(theirs) == len(alignments)
    for ours, other in zip(alignments, theirs, strict=True):
        assert matches_of_biopython(other) == forward_matches(ours)
        assert [record.id for record in other.sequences] == [ours.x_name, ours.y_name]
        assert [len(record.seq) for record in other.sequences] == [len(ours.x), len(ours.y)]
        assert other.score == pytest.approx(ours.score, abs=1e-6)


@given(alignment_lists())
def test_biopython_reads_our_sam(alignments):
    theirs = list(Align.parse(io.StringIO(rendered("sam", alignments)), "sam"))
    assert len(theirs) == len(alignments)
    for ours, other in zip(alignments, theirs, strict=True):
        assert matches_of_biopython(other) == forward_matches(ours)
        assert (other.target.id, other.query.id) == (ours.x_name, ours.y_name)
        assert len(other.target.seq) == len(ours.x)
        forward = ours.y if ours.y_place.strand == "+" else DNA.reverse_complement(ours.y)
        assert str(other.query.seq) == DNA.decode(forward)
        assert other.score == round(ours.score)


@given(alignment_lists())
def test_our_paf_says_the_same_as_our_sam(alignments):
    theirs = Align.parse(io.StringIO(rendered("sam", alignments)), "sam")
    for line, other in zip(rendered("paf", alignments).splitlines(), theirs, strict=True):
        name, y_length, y_start, y_end, strand, target, x_length, x_start, x_end, same, columns, *_ = (
            line.split()
        )
        x_places, y_places = np.sort(other.coordinates, axis=1)[:, [0, -1]].tolist()
        assert [int(x_start), int(x_end)] == x_places
        assert [int(y_start), int(y_end)] == y_places
        assert (name, target) == (other.query.id, other.target.id)
        assert [int(y_length), int(x_length)] == [len(other.query.seq), len(other.target.seq)]
        assert strand == ("+" if other.coordinates[1, 0] < other.coordinates[1, -1] else "-")
        steps = re.findall(r"(\d+)([=XDI])", line.partition("cg:Z:")[2])
        assert sum(int(n) for n, _ in steps) == int(columns) == other.length
        assert sum(int(n) for n, kind in steps if kind == "=") == int(same)


@given(alignments=alignment_lists())
def test_maf_keeps_which_part_of_a_sequence_is_aligned(alignments, tmp_path_factory):
    text = rendered("maf", alignments)
    again = read_alignments(written(tmp_path_factory.mktemp("alignments"), text))
    assert [each.y_part for each in again] == [each.y_part for each in alignments]
    assert rendered("maf", again) == text


def test_whole_sequences_keep_their_names(tmp_path):
    for name in ("fasta", "maf"):
        (again, _) = read_alignments(written(tmp_path, GOLDEN[name]))
        assert (again.x_name, again.y_name) == ("human", "mouse")
        assert again.rows() == TWO[0].rows()


def test_parts_of_sequences_are_named_by_their_place(tmp_path):
    (_, again) = read_alignments(written(tmp_path, GOLDEN["maf"]))
    assert (again.x_name, again.y_name) == ("human:0-4", "rat_1:1-6(-)")
    assert (again.y_place, again.score) == (Place("rat_1", 1, 6, "-", 8), 7.6)
    assert DNA.decode(again.x) == "ACGT"


def test_two_rows_are_taken_from_an_alignment_of_many(tmp_path):
    path = written(tmp_path, ">HUMAN\nAC-GT-\n>CHIMP\nAC-\nGT-\n\n>MOUSE\n-C-TTA\n")
    (first,) = read_alignments(path)
    assert (first.y_name, first.rows()) == ("CHIMP", ("ACGT", "ACGT"))
    (chosen,) = read_alignments(path, species=("MOUSE", "HUMAN"))
    assert (chosen.x_name, chosen.rows()) == ("MOUSE", ("-CTTA", "ACGT-"))


FOUR_STRANDS = (
    "##maf version=1 scoring=log-odds\n"
    "a score=1.500000\ns x.1 2 4 + 10 AC-GT\ns y.1 1 3 + 10 A-TG-\n\n"
    "a\ns x.1 2 4 + 10 AC-GT\ns y.1 1 3 - 10 A-TG-\n\n"
    "a\ns x.1 2 4 - 10 AC-GT\ns y.1 1 3 + 10 A-TG-\n\n"
    "a\ns x.1 2 4 - 10 AC-GT\ns y.1 1 3 - 10 A-TG-\n\n"
)


def test_strands_and_places_of_maf_are_kept_in_every_format(tmp_path):
    found = read_alignments(written(tmp_path, FOUR_STRANDS))
    assert rendered("maf", found) == FOUR_STRANDS
    paf = [line.split("\t") for line in rendered("paf", found).splitlines()]
    assert [row[:9] for row in paf] == [
        ["y.1", "10", "1", "4", "+", "x.1", "10", "2", "5"],
        ["y.1", "10", "6", "9", "-", "x.1", "10", "2", "5"],
        ["y.1", "10", "1", "4", "-", "x.1", "10", "5", "8"],
        ["y.1", "10", "6", "9", "+", "x.1", "10", "5", "8"],
    ]
    sam = [line.split("\t") for line in rendered("sam", found).splitlines() if line[0] != "@"]
    assert [(row[1], row[3], row[5]) for row in sam] == [
        ("0", "3", "1H1M1D1I1M6H"),
        ("16", "3", "1H1M1D1I1M6H"),
        ("16", "6", "6H1M1I1D1M1H"),
        ("0", "6", "6H1M1I1D1M1H"),
    ]
    theirs = list(Align.parse(io.StringIO(rendered("maf", found)), "maf"))
    assert [one.coordinates[0, 0] for one in theirs] == [2, 2, 8, 8]
    again = read_alignments(written(tmp_path, rendered("fasta", found), "fasta"))
    names = ["x.1:2-6", "x.1:2-6", "x.1:4-8(-)", "x.1:4-8(-)"]
    assert [one.x_name for one in again] == names
    places = [one.x_place for one in found]
    assert [(one.x_place.start, one.x_place.end, one.x_place.strand) for one in again] == [
        (place.start, place.end, place.strand) for place in places
    ]


SPELT_MINUS = ["chr1:10-18(-)", "chr1:11-18/rc", "chr1:10-18:-", "chr1:10-18:-1", "chr1:c18-11"]


@pytest.mark.parametrize("name", SPELT_MINUS)
@pytest.mark.parametrize("side", ["x", "y"])
@pytest.mark.parametrize("turned", [False, True])
def test_the_spelling_of_a_strand_in_a_header_moves_no_coordinate(name, side, turned):
    def fields(spelt):
        place = Place.named(spelt, 8)
        names = {"x_name": "x", "y_name": "y", f"{side}_name": spelt, f"{side}_place": place}
        found = Alignment.from_rows("ACGATTCG", "ACGATTCG", **names).sliced(1, 6)
        found = found.turned() if turned else found
        maf = [line.split()[2:6] for line in rendered("maf", [found]).splitlines() if line[:2] == "s "]
        paf = rendered("paf", [found]).split("\t")
        sam = rendered("sam", [found]).splitlines()[-1].split("\t")
        fasta = rendered("fasta", [found]).splitlines()
        return maf, [*paf[1:5], *paf[6:]], [sam[1], *sam[3:]], fasta

    plain = fields("chr1_8")  # a name that tells no place
    assert fields(name) == fields(SPELT_MINUS[0])
    assert fields(name)[:3] == plain[:3]
    assert fields(name)[0][0] == (["2", "5", "-", "8"] if turned else ["1", "5", "+", "8"])


def test_an_alignment_across_the_origin_of_a_circle_is_two_in_every_format():
    x, y = DNA.encode("AACCGGTTAC"), DNA.encode("AACCGGTTAC")
    circle = Alignment("x", "y", x, y, np.zeros(10, np.uint8), y_place=Place.whole("y", 10).rotated(7))
    assert [line.split()[1:6] for line in rendered("maf", [circle]).splitlines() if line[:1] == "s"] == [
        ["x", "0", "3", "+", "10"],
        ["y", "7", "3", "+", "10"],
        ["x", "3", "7", "+", "10"],
        ["y", "0", "7", "+", "10"],
    ]
    assert [line.split("\t")[:9] for line in rendered("paf", [circle]).splitlines()] == [
        ["y", "10", "7", "10", "+", "x", "10", "0", "3"],
        ["y", "10", "0", "7", "+", "x", "10", "3", "10"],
    ]
    headers = [line for line in rendered("fasta", [circle]).splitlines() if line[:1] == ">"]
    assert headers == [">x:0-3", ">y:7-10", ">x:3-10", ">y:0-7"]
    sam = [line.split("\t") for line in rendered("sam", [circle]).splitlines() if line[0] != "@"]
    assert [(row[1], row[3], row[5]) for row in sam] == [("0", "1", "3M7S"), ("2048", "4", "3S7M")]


def test_rows_of_no_interest_do_not_stop_the_others(tmp_path, caplog):
    text = (
        "##maf version=1\n# comment\na score=3 pass=1\ns x.1 0 2 + 5 AC\nq x.1 99\ns y.1 0 2 + 5 AG\n"
        "i y.1 C 0 I 12\ns z.1 0 0 ? 0 --\ne w.1 3 4 - 9 I\np %*\n\na\ns x.1 3 1 + 5 G\n"
    )
    (found,) = read_alignments(written(tmp_path, text), species=("x", "y"))
    assert (found.rows(), found.score) == (("AC", "AG"), 3.0)
    assert "left out: 1 block without rows of both x and y" in caplog.text
    with pytest.raises(AlignmentFormatError, match="line 8: strand is '\\?'; expected"):
        read_alignments(written(tmp_path, text), species=("x", "z"))


def test_rows_that_are_not_taken_are_told_with_a_count(tmp_path, caplog):
    one, two = "a\ns x.1 0 1 + 5 A\ns y.1 0 1 + 5 A\n", "s x.2 0 1 + 5 C\n"
    path = written(tmp_path, f"##maf version=1\n{one}\n{one}{two}")
    read_alignments(path)
    assert "1 of 2 blocks has more than two rows, of which the first two are taken" in caplog.text
    caplog.clear()
    read_alignments(path, species=("y", "x"))
    assert caplog.messages == [
        f"{path}: 1 of 2 blocks has several rows of y or x: the first of each is taken"
    ]
    for same in (("x", "x"), ("x", "x.1")):
        with pytest.raises(
            InvalidValue, match=r"species is 'x,x.*; expected two names, no row being of both"
        ):
            read_alignments(path, species=same)


def test_a_row_of_no_bases_is_an_empty_sequence(tmp_path):
    text = "a\ns x 0 2 + 5 AC\ns y 3 0 + 5 --\n"
    (found,) = read_alignments(written(tmp_path, text))
    assert (len(found.y), found.y_place, found.rows()) == (0, Place("y", 3, 3, "+", 5), ("AC", "--"))


def test_an_alignment_without_a_match_is_an_unmapped_read_and_no_line_of_paf():
    nothing = Alignment.from_rows("AC--", "--GT")
    assert rendered("paf", [nothing]) == ""
    assert rendered("sam", [nothing]).splitlines()[-1] == "y\t4\t*\t0\t0\t*\t*\t0\t0\tGT\t*"


def test_names_that_sam_forbids_are_changed():
    text = rendered("sam", [Alignment.from_rows("A", "A", "=chr1:0-1(-)", "a b@c")])
    assert "SN:_chr1:0-1_-_\t" in text
    assert text.splitlines()[-1].split("\t")[0] == "a_b_c"


def test_one_name_of_two_references_is_refused():
    two = [Alignment.from_rows("A", "A", "same", "y"), Alignment.from_rows("C", "A", "same", "z")]
    with pytest.raises(
        InvalidValue, match="name of a reference is 'same'; expected a name that one sequence"
    ):
        rendered("sam", two)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (">a\nAC\n>b\nACG\n", " line 3: row 'b' has 3 columns; expected 2, as the first row has"),
        (">a\nAC\n", ": has no alignment of two sequences; expected at least one"),
        (">a\nAC\n>b\nEF\n", " line 3: sequence 'b' looks like protein (it has E, F); expected DNA or RNA"),
        ("a\n\na\ns x 0 1 + 1 A\n", " line 1: block has no row; was the file cut short?"),
        (
            "##maf version=1\ns x 0 1 + 1 A\n",
            " line 2: has a row outside of a block; expected a line 'a' before it",
        ),
        ("a\ns x 0 1 + 1 A\ns y 0 1\n", " line 3: row has 4 fields; expected 7"),
        (
            "a\ns x 0 2 + 2 AC\ns y 0 2 + 2 A\n",
            " line 3: row 'y' has 1 bases; expected 2, the size it states",
        ),
        ("a\ns x 0 2 + 2 AC\ns y 1 2 + 2 AC\n", " line 3: row 'y' ends at 3; expected at most its length, 2"),
        ("a\ns x -1 2 + 2 AC\n", " line 2: start ('-1') is not a whole number"),
        ("a\ns x 1" + "0" * 5000 + " 2 + 2 AC\n", " line 2: start ('1000"),
        ("a\ns x 0 2 . 2 AC\ns y 0 2 + 2 AC\n", " line 2: strand is '.'; expected '+' or '-'"),
        ("a\nz x\n", " line 2: begins with 'z'; expected a line of MAF: a, s, i, e, q, p or a comment"),
        ("##maf version=2\na\n", " line 1: is MAF of version 2; expected 1"),
        ("##maf version=" + "9" * 5000, " line 1: is MAF of version 9999"),
        ("##maf\na\n", " line 1: is MAF of version None; expected 1"),
        ("##maf version=1\na score=much\n", " line 2: score is 'much'; expected a number"),
        ("##maf version=1\na score\n", " line 2: has 'score'; expected name=value"),
        ("a\ns x 0 1 + 1 A\ns y 0 1 + 1 A\n\ns z 0 1 + 1 A\n", " line 5: has a row outside of a block"),
        ("a\ns x 0 1 + 1 A\ne y 0 1 + 1 AC\n", " line 3: is 'e y 0 1 + 1 AC'; expected what MAF has"),
        ("a\ns x 0 1 + 1 A\ntrack name=x\n", " line 3: begins with 'track'"),
        (b"\0\1", ": is a binary file; expected text"),
    ],
)
def test_what_is_no_alignment_is_refused(tmp_path, content, problem):
    path = written(tmp_path, content)
    with pytest.raises(AlignmentFormatError) as caught:
        read_alignments(path)
    assert str(caught.value).startswith(f"{path}{problem}")


def test_species_that_are_not_there_are_named(tmp_path):
    with pytest.raises(
        InvalidValue, match=r"species is 'a,b'; expected two that .* in one alignment of: human"
    ):
        read_alignments(written(tmp_path, GOLDEN["fasta"]), species=("a", "b"))


def test_a_missing_file_and_an_unknown_format(tmp_path):
    with pytest.raises(MissingFile, match=r"alignment file .*none does not exist"):
        read_alignments(tmp_path / "none")
    with pytest.raises(UnknownName, match="no alignment format named 'mfa'; did you mean 'maf'"):
        write_alignments(tmp_path / "out", TWO, "mfa")


def test_true_alignments_of_mammals_are_read(real_data):
    files = sorted((real_data / "align" / "blanchette_true").glob("*.mfa.gz"))
    assert len(files) >= 30
    (found,) = read_alignments(files[0], species=("HUMAN", "CHIMP"))
    assert 0.9 < found.identity < 1
    assert len(found.x) > 50_000
