"""Tables of families say who is in one, and who found it."""

from clustered_motifs import FAMILIES

from motifnet.report.tables.families import families_tsv, reproducibility_tsv


def test_tables_of_families():
    table = families_tsv(FAMILIES.families, FAMILIES.motifs, FAMILIES.source_of)
    header, *rows = [line.split("\t") for line in table.splitlines()]
    assert len(rows) == 3
    first = dict(zip(header, rows[0], strict=True))
    assert (first["n_members"], first["orientation"], first["similarity"]) == ("2", "+", "1.0000")
    found = reproducibility_tsv(FAMILIES.reproduced, FAMILIES.sources)
    header, *rows = [line.split("\t") for line in found.splitlines()]
    both, alone = (dict(zip(header, row, strict=True)) for row in rows)
    assert (both["n_found"], both["n_sources"], both["mean_spread"]) == ("2", "2", "0.0000")
    assert both["column_spread"].split(",") == ["0.0000"] * 5
    assert (alone["n_found"], alone["mean_spread"], alone["column_spread"]) == ("1", "", ",,,,")
