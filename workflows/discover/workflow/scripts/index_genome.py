"""Index the genome, which also shows that it can be read, and write the lengths of its contigs."""

from pathlib import Path

from motifnet.errors import MotifnetError
from motifnet.io.genome import Genome


def index_genome(genome: Path, sizes: Path, log: Path) -> None:
    """Open a genome, which indexes it where it is not yet, and write a line for each contig.

    Parameters
    ----------
    genome : Path
        FASTA, plain, bgzip or gzip.
    sizes : Path
        Name and length of each contig, separated by a tab.
    log : Path
        What was found, or what was wrong.

    Raises
    ------
    MotifnetError
        If the genome cannot be read; the sentence is in the log as well.
    """
    try:
        with Genome(genome) as opened:
            contigs = opened.contigs
    except MotifnetError as error:
        log.write_text(f"{type(error).__name__}: {error}\n")
        raise
    sizes.write_text("".join(f"{name}\t{length}\n" for name, length in contigs.items()))
    log.write_text(f"{genome}: {len(contigs):,} contigs, {sum(contigs.values()):,} bases\n")


if __name__ == "__main__":
    # Snakemake puts an object of this name before the first line of the script.
    job = snakemake  # noqa: F821
    index_genome(Path(job.input.genome), Path(job.output.sizes), Path(job.log[0]))
