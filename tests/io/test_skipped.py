"""Lines and records that are wrong among many that are not: what is counted, and what is said."""

import pytest

from motifnet.config.reading import ReadingOptions
from motifnet.datasets.windows import read_targets
from motifnet.errors import BedFormatError, FastaFormatError
from motifnet.io.bed import read_bed
from motifnet.io.genome import Genome
from motifnet.io.skipped import Skipped

RIGHT = "c\t10\t30\tp\t0\t.\t1\t1\t1\t5\n"


def found(n, problems, *, error=BedFormatError, share=0.05):
    """Items of which some have problems: (line, "mended" or "left_out", what is wrong)."""
    skipped = Skipped("f", error, largest_share=share)
    skipped.seen(n)
    for line, how, what in problems:
        getattr(skipped, how)(error("f", what, line or None))
    return skipped


def test_a_line_that_is_mended_twice_counts_once(tmp_path, caplog):
    path = tmp_path / "p.narrowPeak"
    path.write_text(RIGHT * 19 + RIGHT.replace("10", "-5").replace("\t5\n", "\t900\n"))
    assert len(read_bed(path)) == 20
    (message,) = caplog.messages
    assert message == (
        f"{path}: 1 of 20 lines is mended: line 20: start (-5) is negative, and is taken as 0, and peak "
        "offset (900) is beyond the end of the peak, which has 30 bases; the centre is taken"
    )


@pytest.mark.parametrize("contig", ["c", "other"])
def test_a_line_that_is_mended_and_then_left_out_counts_once(tmp_path, caplog, contig):
    genome = tmp_path / "genome.fa"
    genome.write_text(">c\n" + "ACGT" * 25 + "\n")
    wrong = f"{contig}\t-5\t30\n" if contig == "other" else "c\t200\t230\tp\t0\t.\t1\t1\t1\t900\n"
    path = tmp_path / "p.narrowPeak"
    path.write_text(RIGHT * 19 + wrong)
    with Genome(genome) as opened:
        sequences = read_targets(path, ReadingOptions(genome=genome, window=0), opened)
    assert len(sequences) == 19
    told = [message for message in caplog.messages if "of 20 lines" in message and "summit" not in message]
    assert len(told) == 1
    assert "1 of 20 lines is left out: line 20:" in told[0]


def test_a_line_that_is_wrong_twice_is_refused_with_both():
    problems = [(7, "mended", "one"), (7, "mended", "other")]
    with pytest.raises(BedFormatError) as caught:
        found(9, problems).finish()
    assert str(caught.value) == (
        "f: 1 of 9 lines is wrong, more than --max-skipped allows (0.05): line 7: one, and other"
    )


def test_lines_beyond_those_that_are_named_count_once(caplog):
    problems = [(line, "mended", str(line)) for line in range(1, 7)]
    found(
        100, [*problems, (6, "mended", "again"), (5, "left_out", "5"), (1, "left_out", "1")], share=1
    ).finish()
    assert caplog.messages == [
        "f: 2 of 100 lines are left out: line 5: 5; line 1: 1",
        "f: 4 of 100 lines are mended: line 2: 2; line 3: 3; and 2 more",
    ]


def test_records_without_a_line_count_each(caplog):
    problems = [(0, "left_out", f"sequence {i}") for i in range(2)]
    found(90, problems, error=FastaFormatError).finish()
    assert caplog.messages == ["f: 2 of 90 lines are left out: sequence 0; sequence 1"]
