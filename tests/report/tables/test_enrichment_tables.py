"""Tables of known motifs hold what was tested."""

from known_motifs import enriched, spacing

from motifnet.report.tables.enrichment import central_tsv, enrichment_tsv, spacing_tsv


def cells(table):
    header, *lines = [line.split("\t") for line in table.splitlines()]
    return [dict(zip(header, line, strict=True)) for line in lines]


def test_tables_hold_what_was_tested():
    (row,) = cells(enrichment_tsv([enriched()]))
    assert (row["RANK"], row["ID"], row["CONSENSUS"], row["TP"], row["TP%"]) == (
        "1", "MA0001.1", "ACG", "30", "30",
    )  # fmt: skip
    assert (row["PVALUE"], row["LOG_PVALUE"], row["EVALUE"]) == ("5.0e-413", "-412.3", "1.0e-410")
    (row,) = cells(central_tsv([enriched(), enriched(0)]))
    assert (row["BIN_WIDTH"], row["TOTAL_SITES"], row["SITES_IN_BIN"]) == ("25", "30", "15")
    (row,) = cells(spacing_tsv([spacing()]))
    assert (row["GAP"], row["STRAND"], row["SIDE"], row["NUM"]) == ("7", "opposite", "upstream", "12")
