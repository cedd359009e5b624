"""The network of a run slid along a genome, as a track or as sites."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

from motifnet.config.scan import ScanConfig, SlidingOptions
from motifnet.errors import InvalidValue
from motifnet.io.genome import Genome
from motifnet.io.hit_files import check_indexable, write_lines
from motifnet.io.tabix import BED_COLUMNS
from motifnet.io.tracks import Segments, big_wig_library, site_lines, write_bedgraph, write_bigwig
from motifnet.models.saved import TrainedModel, read_trained
from motifnet.progress import Progress, Silent
from motifnet.runs.folder import Output, RunFolder
from motifnet.scanning.model_track import Window, track, track_sites
from motifnet.training.device import choose_device, use_threads
from motifnet.wording import counted, verb

_log = logging.getLogger(__name__)

_MILLION = 1_000_000
_STRIDES = 4  # steps in which a window moves by its length, unless told otherwise
_TRACKS = {".bedgraph": "bedgraph", ".bdg": "bedgraph", ".bw": "bigwig", ".bigwig": "bigwig"}
_SITES = {".bed": "bed", ".narrowpeak": "narrowpeak"}
_FORMATS = _TRACKS | _SITES


def read_model(folder: Path) -> TrainedModel:
    """The network of a run, with the weights that it was trained to.

    Parameters
    ----------
    folder : Path
        A run folder, or its ``model.pt``.

    Returns
    -------
    TrainedModel
        The network, its tasks, and what it was trained with.

    Raises
    ------
    MissingFile, CheckpointError
        If there is none that can be read: see :func:`motifnet.models.saved.read_trained`.

    Examples
    --------
    >>> import numpy as np
    >>> from motifnet.config.train import ModelOptions
    >>> from motifnet.models.build import build
    >>> from motifnet.models.saved import write_trained
    >>> options = ModelOptions(n_filters=4, filter_width=8)
    >>> network = build(options, n_tasks=1)
    >>> write_trained("model.pt", TrainedModel(network, options, ("peaks",), 0, np.full(4, 0.25), "binary"))
    >>> read_model(Path("model.pt")).tasks
    ('peaks',)
    """
    if folder.is_dir():
        RunFolder(folder).complete()
    return read_trained(folder / Output.MODEL if folder.is_dir() else folder)


def scan_model(
    folder: Path,
    genome_path: Path,
    output: Path,
    config: ScanConfig,
    *,
    format: str | None = None,
    index: bool = False,
    progress: Progress | None = None,
) -> int:
    """Slide the network of a run along a genome, and write a track or the sites where it is high.

    Parameters
    ----------
    folder : Path
        A run folder.
    genome_path : Path
        FASTA.
    output : Path
        bedGraph or bigWig for a track, BED or narrowPeak for sites.
    config : ScanConfig
        Of which ``sliding`` counts, and how the genome is read.
    format : str, optional
        Name of the format, where the ending of the output does not tell it.
    index : bool
        Write a tabix index beside an output that ends in ``.gz``.
    progress : Progress, optional
        Told what is going on.

    Returns
    -------
    int
        How many segments or sites were written.

    Raises
    ------
    MotifnetError
        If an input or an option is wrong.

    Examples
    --------
    >>> import numpy as np
    >>> from motifnet.config.train import ModelOptions
    >>> from motifnet.io import write_fasta
    >>> from motifnet.models.build import build
    >>> from motifnet.models.saved import write_trained
    >>> from motifnet.symbols import Sequences
    >>> options = ModelOptions(n_filters=4, filter_width=8)
    >>> network = build(options, n_tasks=1)
    >>> write_trained("model.pt", TrainedModel(network, options, ("peaks",), 0, np.full(4, 0.25), "binary"))
    >>> write_fasta("genome.fa", Sequences.from_text(["ACGTTGCA" * 20], ["chr1"]))
    >>> config = ScanConfig().with_options("sliding", network_length=40, stride=10)
    >>> scan_model(Path("model.pt"), Path("genome.fa"), Path("track.bedgraph"), config) > 0
    True
    """
    options = config.sliding
    of_use = {"threads"}
    idle = [name for name in type(config.scanning).model_fields if name not in of_use]
    config.scanning.tell_idle(*idle, since="the network of --network scores, and no motif")
    config.reading.tell_idle(
        "genome", "window", "degap", "max_skipped", since="--network takes the genome as its input"
    )
    format = _format(output, format)
    check_indexable(output, index=index)
    if format == "bigwig":
        big_wig_library()
    use_threads(config.scanning.threads)
    model = read_model(folder)
    window = _window(model, options)
    with Genome(genome_path) as genome:
        slid = _Slid(model, genome, window, config, progress or Silent())
        if format == "bigwig":
            write_bigwig(output, genome.contigs, slid.segments())
        elif format == "bedgraph":
            write_bedgraph(output, slid.segments(), index=index)
        else:
            write_lines(output, slid.site_lines(narrow=format == "narrowpeak"), BED_COLUMNS, index=index)
    return slid.n_written


class _Slid:
    """A network on its way along a genome; it counts what comes out."""

    def __init__(
        self, model: TrainedModel, genome: Genome, window: Window, config: ScanConfig, progress: Progress
    ) -> None:
        self._genome, self._window, self._config, self._progress = genome, window, config, progress
        self._network = model.network.to(choose_device(config.sliding.device))
        self.n_written = 0
        sizes = list(genome.contigs.values())
        n_short = sum(size < self._network.min_length for size in sizes)
        if n_short:
            _log.warning(
                "%s: %d of %s %s shorter than the %d bases that the network needs, and left out",
                genome.path, n_short, counted(len(sizes), "contig"), verb(n_short, "is", "are"),
                self._network.min_length,
            )  # fmt: skip

    def segments(self) -> Iterator[Segments]:
        """The track, contig by contig, but for contigs that are too short for the network."""
        for part in self._parts():
            self.n_written += len(part.start)
            yield part

    def site_lines(self, *, narrow: bool) -> Iterator[str]:
        """The lines of the sites."""
        for line in site_lines(track_sites(self._parts(), self._config.sliding.min_logit), narrow=narrow):
            self.n_written += 1
            yield line

    def _parts(self) -> Iterator[Segments]:
        n_bases = sum(self._genome.contigs.values())
        options, mask = self._config.sliding, self._config.reading.mask_lowercase
        told = 0
        n_millions = max(1, n_bases // _MILLION)
        with self._progress.stage("slide" if n_millions == 1 else "slide, Mb", n_millions) as stage:
            done = 0
            for contig, size in self._genome.contigs.items():
                if size < self._network.min_length:
                    continue
                for part in track(
                    self._network, self._genome, contig, self._window,
                    task=options.task - 1, batch_size=options.batch_size, mask_lowercase=mask,
                ):  # fmt: skip
                    yield part
                    reached = (done + int(part.end[-1]) if len(part.end) else done) // _MILLION
                    for _ in range(told, reached):
                        stage.advance()
                    told = max(told, reached)
                done += size


def _format(output: Path, name: str | None) -> str:
    """The format of the output, by its name or by the ending of the file."""
    suffix = Path(str(output).removesuffix(".gz")).suffix.lower()
    found = name or _FORMATS.get(suffix)
    if found is None or found not in _FORMATS.values():
        raise InvalidValue(
            "format of the output of --network", found or suffix,
            ".bedgraph or .bw for a track, .bed or .narrowPeak for sites",
        )  # fmt: skip
    return found


def _window(model: TrainedModel, options: SlidingOptions) -> Window:
    length = options.network_length or model.window
    if length == 0:
        raise InvalidValue(
            "network_length", 0, "a number of bases: the run was trained on intervals of any length"
        )
    if length < model.network.min_length:
        raise InvalidValue(
            "network_length", length, f"at least {model.network.min_length}, the shortest it can see"
        )
    if options.task > model.network.n_tasks:
        raise InvalidValue("task", options.task, f"at most {model.network.n_tasks}, as the run has")
    return Window(length, options.stride or max(1, length // _STRIDES))
