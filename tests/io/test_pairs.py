"""Pairs of sequences: every way of giving them, and what is refused."""

import gzip

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motifnet.errors import AlignmentFormatError, InvalidValue, MissingFile
from motifnet.io.pairs import read_outgroup, read_pairs
from motifnet.symbols.place import Place

FASTA = ">a first\nACGT\nAC\n>b\nGG\n>c\nT\n>d\nAAA\n"
MAF = (
    "##maf version=1\n# a comment\n\na score=1\ns hg18.chr1 10 4 + 100 AC-GT\ns mm9.chr2   3 3 -  20 A-NC-\n"
    "s rn4.chr3 0 1 + 1 A----\ni mm9.chr2 C 0 C 0\n\na\ns hg18.chr1 20 2 + 100 AC\ns rn4.chr3 0 2 + 2 GG\n"
)


def written(folder, content, name="in"):
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def texts(pairs):
    return [(pairs.x.text(i), pairs.y.text(i)) for i in range(len(pairs))]


def test_records_of_one_fasta_are_paired_two_by_two(tmp_path):
    pairs = read_pairs(written(tmp_path, FASTA))
    assert texts(pairs) == [("ACGTAC", "GG"), ("T", "AAA")]
    assert pairs.names == ["a-b", "c-d"]
    assert pairs.x.names == ["a", "c"]


def test_records_of_two_fastas_are_paired_in_order(tmp_path):
    pairs = read_pairs(written(tmp_path, FASTA, "x"), written(tmp_path, FASTA.lower(), "y"))
    assert texts(pairs) == [(text, text) for text in ("ACGTAC", "GG", "T", "AAA")]
    assert pairs.names == ["a-a", "b-b", "c-c", "d-d"]


def test_species_are_taken_from_a_fasta_without_their_gaps(tmp_path):
    path = written(tmp_path, ">HUMAN\nAC-G\n>CHIMP\nACGG\n>DOG.1\nA..G\n")
    pairs = read_pairs(path, species=("DOG", "HUMAN"))
    assert texts(pairs) == [("AG", "ACG")]


def test_species_of_a_fasta_are_paired_in_order(tmp_path):
    content = ">hg.a\nA\n>mm.a\nC\n>hg.b\nAA\n>rn.b\nT\n>mm.b\nCC\n"
    path = written(tmp_path, content)
    pairs = read_pairs(path, species=("hg", "mm"))
    assert (pairs.names, texts(pairs)) == (["hg.a-mm.a", "hg.b-mm.b"], [("A", "C"), ("AA", "CC")])
    with pytest.raises(AlignmentFormatError, match="has 2 sequences of hg and 1 of rn; expected as many"):
        read_pairs(path, species=("hg", "rn"))


@pytest.mark.parametrize("content", [FASTA, MAF])
def test_a_sequence_is_not_aligned_with_itself(tmp_path, content):
    name = "hg18" if content == MAF else "a"
    with pytest.raises(InvalidValue, match=f"species is '{name},{name}'; expected two names, no row"):
        read_pairs(written(tmp_path, content), species=(name, name))


def test_names_of_a_table_are_of_one_record_each(tmp_path, caplog):
    fasta = written(tmp_path, ">a\nA\n>b\nC\n>a\nG\n>c\nT\n", "fasta")
    table = written(tmp_path, "x\ty\nb\tc\n", "table")
    assert texts(read_pairs(table, fasta)) == [("C", "T")]
    assert f"{fasta}: 2 of 4 sequences are in no pair of {table}" in caplog.text
    table = written(tmp_path, "x\ty\nb\tc\nb\ta\n", "table")
    with pytest.raises(
        AlignmentFormatError,
        match=r"table line 3: sequence 'a' is the name of 2 records of .*fasta; expected",
    ):
        read_pairs(table, fasta)


def test_a_table_holds_letters(tmp_path):
    pairs = read_pairs(
        written(tmp_path, "# made by hand\nx\tnote\ty\tname\nACGU\tsome\tNA-C\tone\nG\t\tT\t\n")
    )
    assert texts(pairs) == [("ACGT", "NAC"), ("G", "T")]
    assert pairs.names == ["one", "pair2"]
    assert pairs.y.names == ["one.y", "pair2.y"]


def test_a_table_holds_names_where_there_is_a_fasta(tmp_path):
    table = written(tmp_path, "x\ty\na\tb\na\td\n", "table")
    pairs = read_pairs(table, written(tmp_path, FASTA, "fasta"))
    assert texts(pairs) == [("ACGTAC", "GG"), ("ACGTAC", "AAA")]
    assert pairs.names == ["pair1", "pair2"]


def test_blocks_of_maf_are_pairs_with_coordinates(tmp_path):
    pairs = read_pairs(written(tmp_path, MAF))
    assert texts(pairs) == [("ACGT", "ANC"), ("AC", "GG")]
    assert pairs.x.names == ["hg18.chr1:10-14", "hg18.chr1:20-22"]
    assert pairs.y.names == ["mm9.chr2:14-17(-)", "rn4.chr3"]
    assert pairs.x_places == [
        Place("hg18.chr1", 10, 14, "+", 100),
        Place("hg18.chr1", 20, 22, "+", 100),
    ]
    assert pairs.y_places == [Place("mm9.chr2", 14, 17, "-", 20), Place("rn4.chr3", 0, 2, "+", 2)]


def test_a_block_with_an_empty_row_is_left_out_and_told(tmp_path, caplog):
    text = MAF + "\n\na\ns hg18.chr1 30 1 + 100 A\ns mm9.chr2 3 0 + 20 -\n"
    assert len(read_pairs(written(tmp_path, text))) == 2
    assert "left out: 1 block with an empty row" in caplog.text
    with pytest.raises(AlignmentFormatError, match="no block with bases of both"):
        read_pairs(written(tmp_path, text[text.rindex("a\n") :]))


@pytest.mark.parametrize(
    ("content", "n"), [(">a\nAC-\n>b\nACG\n", 1), ("x\ty\nA-C\tA.C\n", 2), (">a\nAC\n>b\nACG\n", 0)]
)
def test_gaps_are_left_out_and_that_is_told(tmp_path, caplog, content, n):
    assert texts(read_pairs(written(tmp_path, content)))[0][0] == "AC"
    assert (f"the gaps of {n} sequence" in caplog.text) == (n > 0)


def test_headers_tell_places(tmp_path):
    pairs = read_pairs(written(tmp_path, ">chr1:10-14(-)\nACGT\n>b\nACG\n"))
    assert pairs.x_places == [Place("chr1", 10, 14, "-")]
    assert pairs.y_places == [Place.whole("b", 3)]


def test_rows_that_are_not_aligned_are_told(tmp_path, caplog):
    read_pairs(written(tmp_path, MAF))
    assert "1 of 2 blocks has more than two rows, of which the first two are taken" in caplog.text


def test_blocks_without_both_species_are_left_out(tmp_path):
    pairs = read_pairs(written(tmp_path, MAF), species=("mm9", "hg18.chr1"))
    assert texts(pairs) == [("ANC", "ACGT")]


@pytest.mark.parametrize("content", [FASTA, MAF, "name\tx\ty\np\tACG\tAC\nq\tT\tG\n"])
@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("at_end", [False, True])
def test_packing_and_line_ends_do_not_matter(tmp_path, content, packed, ending, at_end):
    expected = read_pairs(written(tmp_path, content, "plain"))
    text = (content if at_end else content.rstrip()).replace("\n", ending).encode()
    found = read_pairs(written(tmp_path, gzip.compress(text) if packed else text, "other.txt"))
    assert texts(found) == texts(expected)
    assert found.names == expected.names


NAMES = st.text("abcXYZ019_", min_size=1, max_size=5)
LETTERS = st.text("ACGTN", min_size=1, max_size=12)


@given(st.lists(st.tuples(NAMES, LETTERS, LETTERS), min_size=1, max_size=5))
def test_every_table_reads_as_it_was_meant(tmp_path_factory, rows):
    lines = ["name\tx\ty", *("\t".join(row) for row in rows)]
    pairs = read_pairs(written(tmp_path_factory.mktemp("pairs"), "\n".join(lines)))
    assert [*zip(pairs.names, *zip(*texts(pairs), strict=True), strict=True)] == rows


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("", ": is empty; expected sequences as FASTA, a table of pairs or MAF"),
        (
            ">a\nACG\n",
            ": has 1 sequence; expected an even number, to be aligned two by two, or a second file",
        ),
        (">a\nACG\n>b\n", " line 3: sequence 'b' is empty; expected at least one base"),
        (">a\nACG\n>b\n---\n", " line 3: sequence 'b' is empty; expected at least one base"),
        (
            ">a\nACG\n>b\nMEFLK\n",
            " line 3: sequence 'b' looks like protein (it has E, F, L); expected DNA or RNA",
        ),
        (
            ">a\nA5G\n>b\nA\n",
            " line 1: sequence 'a' has the letter '5'; expected A, C, G, T, U or an IUPAC code of bases",
        ),
        ("x\ty\nAC\t\n", " line 2: sequence 'pair1.y' is empty; expected at least one base"),
        (
            "x\ty\nAC\tMEFL\n",
            " line 2: sequence 'pair1.y' looks like protein (it has E, F, L); expected DNA or RNA",
        ),
        ("x\ty\nAC\n", " line 2: has 1 columns; expected 2, as in the header"),
        ("x\ty\n", " line 1: has a header and no pairs; expected one a row"),
        (
            "ACGT\tACG\n",
            " line 1: has 0 columns 'x' (columns: ACGT, ACG); expected FASTA, MAF or a tab-separated "
            "table with the columns x and y",
        ),
        ("##maf version=1\n", ": has no alignment of two sequences; expected at least one"),
        ("a\ns x 0 2 + 2 AC\n\n", ": has no alignment of two sequences; expected at least one"),
        ("x\ty\tx\nA\tC\tG\n", " line 1: has 2 columns 'x'"),
        ("x\ty\tname\tname\nA\tC\tG\tG\n", " line 1: has 2 columns 'name'"),
        (
            "a\ns x 0 2 + 2 AC\ns y 0 2 + 2 A",
            " line 3: row 'y' has 1 bases; expected 2, the size it states. Was the file cut short?",
        ),
        (
            "a\ns x 0 2 + 2 --\ns y 0 0 + 2 --\n",
            " line 2: row 'x' has 0 bases; expected 2, the size it states",
        ),
        (b"a\0b", ": is a binary file; expected text"),
    ],
)
def test_what_holds_no_pairs_is_refused(tmp_path, content, problem):
    path = written(tmp_path, content)
    with pytest.raises(AlignmentFormatError) as caught:
        read_pairs(path)
    assert str(caught.value).startswith(f"{path}{problem}")


def test_two_fastas_must_have_as_many_records(tmp_path):
    x, y = written(tmp_path, ">a\nA\n", "x"), written(tmp_path, FASTA, "y")
    with pytest.raises(AlignmentFormatError) as caught:
        read_pairs(x, y)
    assert str(caught.value) == f"{y}: has 4 sequences; expected 1, one for each sequence of {x}"


def test_a_second_file_must_be_fasta(tmp_path):
    y = written(tmp_path, "x\ty\nA\tC\n", "y")
    with pytest.raises(
        AlignmentFormatError, match=r"y line 1: starts with 'x y'; a FASTA file starts with '>'"
    ):
        read_pairs(written(tmp_path, FASTA, "x"), y)
    with pytest.raises(AlignmentFormatError, match="y: is empty; expected sequences as FASTA"):
        read_pairs(written(tmp_path, FASTA, "x"), written(tmp_path, "", "y"))
    with pytest.raises(InvalidValue, match=r"second file is .*; expected none, since .* is MAF"):
        read_pairs(written(tmp_path, MAF, "x"), written(tmp_path, FASTA, "y"))
    with pytest.raises(MissingFile, match=r"file of sequences .*none does not exist"):
        read_pairs(tmp_path / "none")


def test_a_name_that_no_record_has(tmp_path):
    table = written(tmp_path, "x\ty\na\tz\n", "table")
    with pytest.raises(
        AlignmentFormatError, match=r"table line 2: sequence 'z' is not in .*fasta; expected the"
    ):
        read_pairs(table, written(tmp_path, FASTA, "fasta"))


@pytest.mark.parametrize(
    ("content", "species", "end"),
    [
        (FASTA, ("a", "z"), "in has: a, b, c, d"),
        (MAF, ("mm9", "panTro2"), "in has in one alignment of: hg18, mm9, rn4"),
        ("x\ty\nA\tC\n", ("a", "b"), "in is a table of pairs"),
    ],
)
def test_species_that_are_not_there(tmp_path, content, species, end):
    with pytest.raises(InvalidValue) as caught:
        read_pairs(written(tmp_path, content), species=species)
    assert str(caught.value).startswith(f"species is '{','.join(species)}'; expected ")
    assert str(caught.value).endswith(end)


def test_species_and_two_files_do_not_go_together(tmp_path):
    path = written(tmp_path, FASTA)
    with pytest.raises(InvalidValue, match="expected none, since two files tell which sequence is which"):
        read_pairs(path, path, species=("a", "b"))


def test_codes_are_bases_of_one_byte(tmp_path):
    pairs = read_pairs(written(tmp_path, FASTA))
    assert pairs.x.codes.dtype == pairs.y.codes.dtype == np.uint8


def test_blocks_are_of_groups_by_species(tmp_path):
    assert list(read_pairs(written(tmp_path, MAF)).by_group()) == ["hg18 and mm9", "hg18 and rn4"]
    assert list(read_pairs(tmp_path / "in", species=("hg18", "rn4")).by_group()) == ["hg18 and rn4"]


def test_groups_stay_with_their_pairs(tmp_path):
    pairs = read_pairs(written(tmp_path, "x\ty\tgroup\nAC\tA\tone\nGG\tG\ttwo\n"))
    assert pairs.groups == ["one", "two"]
    for changed in (pairs.swapped(), pairs.turned([1]), pairs.select([0, 1])):
        assert changed.groups == ["one", "two"]
    assert pairs.select([1]).groups == ["two"]
    assert pairs.as_one_group().groups == ["", ""]


def test_third_sequences_are_read_in_order(tmp_path):
    path, third = written(tmp_path, FASTA), written(tmp_path, ">p\nAC-C\n>q\nTT\n", "third")
    found = read_outgroup(third, read_pairs(path), path)
    assert [found.text(i) for i in range(2)] == ["ACC", "TT"]


def test_third_sequences_of_a_table_go_by_the_names_of_pairs(tmp_path):
    path = written(tmp_path, "name\tx\ty\none\tAC\tA\ntwo\tGG\tG\n")
    third = written(tmp_path, ">two\nTT\n>one\nCC\n", "third")
    found = read_outgroup(third, read_pairs(path), path)
    assert [found.text(i) for i in range(2)] == ["CC", "TT"]
    short = written(tmp_path, ">two\nTT\n", "short")
    with pytest.raises(
        AlignmentFormatError, match="has 0 records 'one'; expected one of the name of each pair"
    ):
        read_outgroup(short, read_pairs(path), path)


def test_third_sequences_are_species_of_maf(tmp_path):
    path = written(tmp_path, MAF)
    pairs = read_pairs(path, species=("hg18", "mm9"))
    found = read_outgroup("rn4", pairs, path, species=("hg18", "mm9"))
    assert [found.text(i) for i in range(len(found))] == ["A"]
    swapped = read_pairs(path, species=("hg18", "rn4"))
    found = read_outgroup("mm9", swapped, path, species=("hg18", "rn4"))
    assert [found.text(i) for i in range(len(found))] == ["ANC", ""]
    with pytest.raises(InvalidValue, match=r"outgroup is 'canFam2'.*a third species in the blocks"):
        read_outgroup("canFam2", pairs, path, species=("hg18", "mm9"))
    with pytest.raises(InvalidValue, match="outgroup is 'mm9'"):
        read_outgroup("mm9", pairs, path, species=("hg18", "mm9"))


def test_third_sequences_are_species_of_fasta(tmp_path):
    path = written(tmp_path, ">hg.a\nA\n>mm.a\nC\n>rn.a\nT\n>hg.b\nAA\n>mm.b\nCC\n>rn.b\nTT\n")
    pairs = read_pairs(path, species=("hg", "mm"))
    found = read_outgroup("rn", pairs, path, species=("hg", "mm"))
    assert [found.text(i) for i in range(2)] == ["T", "TT"]
    with pytest.raises(InvalidValue, match="outgroup is 'canFam2'"):
        read_outgroup("canFam2", pairs, path, species=("hg", "mm"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (">a\nACGT\n", "has 1 third sequence; expected 2, one for each pair"),
        (
            ">c\nACGT\n>a\nAC\n",
            "third sequence 1 is c, where the pair has a; expected the order of the pairs",
        ),
        ("", "is empty"),
    ],
)
def test_third_sequences_that_do_not_fit_are_refused(tmp_path, content, said):
    path, third = written(tmp_path, FASTA), written(tmp_path, content, "third")
    with pytest.raises(AlignmentFormatError, match=said):
        read_outgroup(third, read_pairs(path), path)


def test_third_sequences_that_are_not_there_are_missed(tmp_path):
    path = written(tmp_path, FASTA)
    with pytest.raises(MissingFile):
        read_outgroup("nowhere.fa", read_pairs(path), path)
