"""Logos of a finished run or of any motif file."""

from __future__ import annotations

import logging
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from motifnet.config.logos import LogoConfig, LogoOptions
from motifnet.errors import OutputExists, shown
from motifnet.io.motif_files import read_motifs
from motifnet.io.text import atomic_write, writing
from motifnet.motifs import Motif
from motifnet.motifs.compare import align_motifs
from motifnet.progress import Progress, Silent
from motifnet.report.drawing.logo import drawing_bytes, logo_drawing
from motifnet.report.drawing.logo_layout import Drawing
from motifnet.report.drawing.logo_set import small_multiples_drawing, stack_drawing
from motifnet.runs.sources import motif_file
from motifnet.wording import counted, verb

_log = logging.getLogger(__name__)

_TOGETHER = "logos"  # name of a picture of all motifs
_LONGEST = 100  # bytes of the name of a file that are taken from its motif
_NAMELESS = "motif"


def draw_logos(
    source: str | Path,
    output: str | Path,
    config: LogoConfig | None = None,
    *,
    overwrite: bool = False,
    progress: Progress | None = None,
) -> list[Path]:
    """Draw logos, each in all formats.

    Parameters
    ----------
    source : str or Path
        A run folder, or a file of motifs in any known format.
    output : str or Path
        Folder for the logos; made if it is not there.
    config : LogoConfig, optional
        All options; the defaults of the command line if not given.
    overwrite : bool
        Replace files of the same names.
    progress : Progress, optional
        Told what is going on.

    Returns
    -------
    list of Path
        What was written.

    Raises
    ------
    MissingFile, MotifFormatError
        If there are no motifs to read.
    OutputExists
        If a file of that name is there, and not to be replaced.

    Examples
    --------
    >>> import motifnet
    >>> from motifnet.datasets.simulate import motif_from_word
    >>> motifnet.write_motifs("known.meme", [motif_from_word("TGASTCA")])
    >>> [path.name for path in motifnet.draw_logos("known.meme", "logos")]
    ['TGASTCA.svg']
    """
    source, output, options = Path(source), Path(output), (config or LogoConfig()).logos
    formats = list(dict.fromkeys(options.format))
    motifs = read_motifs(motif_file(source))
    _tell_idle(options, formats)
    if options.reverse_complement:
        motifs = [motif.reverse_complement() for motif in motifs]
    scheme = "colour-blind-safe" if options.colour_blind_safe else "classic"
    names = _names(motifs, options)
    paths = [output / f"{name}.{format}" for name in names for format in formats]
    for path in paths:
        if os.path.lexists(path) and not overwrite:
            raise OutputExists(path, "use --overwrite to replace it, or another folder")
    with writing(output):
        output.mkdir(parents=True, exist_ok=True)
    with (progress or Silent()).stage("draw", len(names)) as stage:
        for name, drawing in zip(names, _drawings(motifs, options), strict=True):
            for format in formats:
                with atomic_write(output / f"{name}.{format}", "wb") as handle:
                    handle.write(drawing_bytes(drawing, format=format, scheme=scheme, dpi=options.dpi))
            stage.advance()
    return paths


def _tell_idle(options: LogoOptions, formats: Sequence[str]) -> None:
    """Warn of options that others leave without effect."""
    if options.together != "grid":
        options.tell_idle("n_columns", since="motifs are in rows with --together grid alone")
    if options.together == "stack":
        options.tell_idle("first_position", since="columns of a stack are not numbered")
    if options.kind != "information":
        options.tell_idle("small_sample_correction", since=f"--kind {options.kind} shows no information")
    if "png" not in formats:
        options.tell_idle("dpi", since="nothing is drawn as PNG")


def _names(motifs: Sequence[Motif], options: LogoOptions) -> list[str]:
    """Names of the files of the drawings."""
    if options.together == "no":
        return _file_names(motifs)
    return [_TOGETHER] if motifs else []


def _drawings(motifs: Sequence[Motif], options: LogoOptions) -> Iterator[Drawing]:
    """The drawings, in the order of their names."""
    style = options.model_dump(include={"kind", "small_sample_correction"})
    numbered = style | {"first_position": options.first_position}
    if options.together == "grid" and motifs:
        yield small_multiples_drawing(motifs, n_columns=options.n_columns, **numbered)
    elif options.together == "stack" and motifs:
        fits = [align_motifs(motifs[0].probabilities, motif.probabilities) for motif in motifs]
        offsets, reverses = [fit.offset for fit in fits], [fit.reverse for fit in fits]
        yield stack_drawing(motifs, offsets, reverses, **style)
    else:
        yield from (logo_drawing(motif, **numbered) for motif in motifs)


def _file_names(motifs: Sequence[Motif]) -> list[str]:
    """Names that every file system takes and tells apart, one for each motif; what was changed is told."""
    names = [_file_name(motif.name) for motif in motifs]
    while len(n_same := Counter(map(str.casefold, names))) < len(names):
        # A name with its number may be that of another motif, which then gets one too.
        names = [f"{name}_{i}" if n_same[name.casefold()] > 1 else name for i, name in enumerate(names, 1)]
    changed = [(motif.name, name) for motif, name in zip(motifs, names, strict=True) if motif.name != name]
    if changed:
        _log.warning(
            "%d of %s %s, which every file system takes, such as %r for %s",
            len(changed), counted(len(motifs), "motif"),
            verb(len(changed), "has a file of another name", "have files of another name"),
            changed[0][1], shown(changed[0][0]),
        )  # fmt: skip
    return names


def _file_name(name: str) -> str:
    """A name without what file systems do not take, or take for the same; cut where they would refuse it."""
    clean = re.sub(r"[^\w.+-]", "_", unicodedata.normalize("NFC", name))
    return clean.encode()[:_LONGEST].decode(errors="ignore").rstrip(".") or _NAMELESS
