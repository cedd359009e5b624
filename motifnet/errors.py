"""Errors, in one grammar: what was wrong, the culprit's value, where, what would be right.

Every error is a :class:`MotifnetError` and also the builtin that a Python programmer would
catch. The command line prints the sentence and exits with code 2.
"""

from __future__ import annotations

import difflib
import errno
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

_LONG_WORD = re.compile(r"(\S{60})\S{60,}")


class MotifnetError(Exception):
    """Anything that is wrong with what the user asked for or handed in.

    Examples
    --------
    >>> import motifnet
    >>> try:
    ...     motifnet.read_fasta("none.fa")
    ... except MotifnetError as problem:
    ...     print(type(problem).__name__)
    MissingFile
    """


def shown(text: object, n: int = 60) -> str:
    """Text of the user's as a message quotes it: on one line, and cut where it is long.

    Parameters
    ----------
    text : object
        Of which the text is taken.
    n : int
        Characters that are shown at most.

    Examples
    --------
    >>> shown("chr1"), shown("A" * 1000, 5)
    ('chr1', 'AAAAA... (1,000 characters)')
    """
    whole = " ".join(str(text).split())
    return whole if len(whole) <= n else f"{whole[:n]}... ({len(whole):,} characters)"


def _abridged(sentence: str) -> str:
    """A sentence whose overlong words, such as the name of a motif, are cut."""
    return _LONG_WORD.sub(r"\1...", sentence)


class FileFormatError(MotifnetError, ValueError):
    """A file that does not follow its format.

    Parameters
    ----------
    path : str or Path
        The file.
    problem : str
        What is wrong and what would be right.
    line : int, optional
        1-based line of the culprit.
    """

    def __init__(self, path: str | Path, problem: str, line: int | None = None) -> None:
        problem = _abridged(problem)
        self.path, self.line, self.problem = Path(path), line, problem
        where = f"{path} line {line}" if line is not None else str(path)
        super().__init__(f"{where}: {problem}")


class FastaFormatError(FileFormatError):
    """A FASTA file that cannot be read."""


class BedFormatError(FileFormatError):
    """A BED or narrowPeak file that cannot be read."""


class MotifFormatError(FileFormatError):
    """A motif file that cannot be read."""


class AlignmentFormatError(FileFormatError):
    """A file of alignments, of pairs of sequences or of posteriors that cannot be read."""


class BackgroundFormatError(FileFormatError):
    """A file of background probabilities that cannot be read."""


class CheckpointError(FileFormatError):
    """A checkpoint that is corrupted, or of another program."""


class UnknownContig(MotifnetError, KeyError):
    """A contig that the genome does not have."""

    def __init__(self, path: str | Path, line: int, contig: str, genome: str | Path, known: Sequence[str]):
        self.path, self.line, self.contig, self.genome = Path(path), line, contig, Path(genome)
        some = ", ".join(repr(name) for name in list(known)[:3]) + (", ..." if len(known) > 3 else "")
        super().__init__(
            f"{path} line {line}: contig {shown(contig)!r} is not in {genome} (which has {some}); "
            "rename one of the two"
        )

    def __str__(self) -> str:  # KeyError would print the repr of the sentence
        return str(self.args[0])


class UnknownName(MotifnetError, KeyError):
    """A name that no registered thing has."""

    def __init__(self, kind: str, name: str, known: Iterable[str], told_by: str | None = None) -> None:
        self.kind, self.name, self.known = kind, name, sorted(known)
        near = difflib.get_close_matches(name, self.known, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        listed = f"known: {', '.join(self.known)}" if told_by is None else f"see {told_by}"
        super().__init__(f"no {kind} named {shown(name)!r}{hint} ({listed})")

    def __str__(self) -> str:
        return str(self.args[0])


class ShapeMismatch(MotifnetError, ValueError):
    """An array whose shape is not the one expected."""

    def __init__(self, name: str, shape: Sequence[int], expected: str, hint: str = "") -> None:
        self.name, self.shape, self.expected = name, tuple(shape), expected
        super().__init__(
            f"{name} has shape {tuple(shape)}; expected {expected}" + (f". {hint}" if hint else "")
        )


class InvalidValue(MotifnetError, ValueError):
    """A value outside what makes sense."""

    def __init__(self, name: str, value: object, expected: str) -> None:
        self.name, self.value, self.expected = name, value, expected
        quoted = shown(value) if isinstance(value, str) else value
        super().__init__(_abridged(f"{name} is {quoted!r}; expected {expected}"))


class WrongCall(MotifnetError, TypeError):
    """A command line that lacks something, or has too much."""

    def __init__(self, command: str, problem: str) -> None:
        self.command, self.problem = command, problem
        super().__init__(f"{problem} (see {command} --help)")


class MissingFile(MotifnetError, FileNotFoundError):
    """A file that is not there, or is not a file."""

    def __init__(self, path: str | Path, what: str) -> None:
        self.path = Path(path)
        state = "is a folder" if self.path.is_dir() else "does not exist"
        super().__init__(f"{what} {path} {state}; give the path of a file that can be read")


class ChangedInput(MotifnetError, ValueError):
    """A file that is not what it was when a run read it."""

    def __init__(self, path: str | Path, role: str) -> None:
        self.path, self.role = Path(path), role
        super().__init__(
            f"{path} has changed since the run read it as {role}; put back what it was, or make the run again"
        )


class NotOfRun(MotifnetError, ValueError):
    """What a run folder is asked for, though runs of its kind have no such thing."""

    def __init__(self, path: str | Path, job: str, what: str) -> None:
        self.path, self.job, self.what = Path(path), job, what
        super().__init__(f"{path} is a run of motifnet {job}, which has no {what}")


class UnwritableFolder(MotifnetError, PermissionError):
    """A folder that cannot be written to."""

    def __init__(self, path: str | Path, reason: str) -> None:
        self.path = Path(path)
        super().__init__(f"cannot write to {path} ({reason}); choose another output folder")


class DiskFull(MotifnetError, OSError):
    """The disk ran full while writing."""

    NUMBERS = (errno.ENOSPC, errno.EDQUOT)
    """What the system says of it."""

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        super().__init__(f"no space left on the disk of {path}; free some, then run again")


class FolderInUse(MotifnetError, BlockingIOError):
    """A run folder in which another run is going on."""

    def __init__(self, path: str | Path, owner: str) -> None:
        self.path, self.owner = Path(path), owner
        super().__init__(f"{path} is in use by {owner}; wait until it ends, or choose another folder")


class OutputExists(MotifnetError, FileExistsError):
    """A file that would be replaced without being asked for."""

    def __init__(
        self, path: str | Path, hint: str = "use --overwrite to replace it, or another name"
    ) -> None:
        self.path = Path(path)
        super().__init__(f"output {path} is there already; {hint}")


class OutputIsInput(MotifnetError, ValueError):
    """An output that is also read: what is written would replace the data."""

    def __init__(self, output: str | Path, source: str | Path) -> None:
        self.output, self.source = Path(output), Path(source)
        same = "" if str(output) == str(source) else f", which is {source},"
        super().__init__(f"output {output}{same} is also an input; choose another name")


class RunExists(MotifnetError, FileExistsError):
    """A run folder that holds a run which must not be lost."""

    def __init__(self, path: str | Path, state: str, hint: str) -> None:
        self.path = Path(path)
        super().__init__(f"{path} holds {state}; {hint}")


class TooFewSequences(MotifnetError, ValueError):
    """A data set too small for what is asked."""

    def __init__(self, what: str, n: int, needed: int, hint: str = "") -> None:
        self.n, self.needed = n, needed
        super().__init__(
            f"{what}: {n:,} sequence{'' if n == 1 else 's'}; at least {needed} are needed"
            + (f". {hint}" if hint else "")
        )


class TooFewControls(TooFewSequences):
    """A pool of controls that cannot match the targets."""


class DeviceUnavailable(MotifnetError, RuntimeError):
    """A device that this machine does not have."""

    def __init__(self, device: str, available: Sequence[str]) -> None:
        self.device, self.available = device, tuple(available)
        super().__init__(
            f"device {device!r} is not available here (available: {', '.join(available)}); use --device auto"
        )


class MissingExtra(MotifnetError, ImportError):
    """An optional dependency that is not installed."""

    def __init__(self, package: str, extra: str, purpose: str) -> None:
        self.package, self.extra = package, extra
        super().__init__(
            f"{purpose} needs the package {package!r}; install it with: pip install 'motifnet[{extra}]'"
        )


class NotEnoughMemory(MotifnetError, MemoryError):
    """Work that does not fit into the memory that it may use."""

    def __init__(self, what: str, needed: float, allowed: float, hint: str) -> None:
        self.needed, self.allowed = needed, allowed
        super().__init__(f"{what} takes about {needed:.2g} GB; {allowed:g} GB are allowed: {hint}")


class LikelihoodFell(MotifnetError, ArithmeticError):
    """A round of a fit that made things worse, which exact arithmetic never does."""

    def __init__(self, number: int, before: float, after: float) -> None:
        self.number, self.before, self.after = number, before, after
        super().__init__(
            f"round {number} lowered the objective from {before:.6f} to {after:.6f}; "
            "expected it to rise: please report this, with the input"
        )


class UntiedFitWorse(MotifnetError, ArithmeticError):
    """A fit without a tie that is worse than the one with it, from which it could have started."""

    def __init__(self, untied: float, tied: float) -> None:
        self.untied, self.tied = untied, tied
        super().__init__(
            f"the log-likelihood of the untied fit is {untied:.6f}; expected at least that of the tied one, "
            f"{tied:.6f}: fit it again from the tied parameters"
        )


class InexactPosterior(MotifnetError, ArithmeticError):
    """Probabilities of an alignment that are not those of its model, which exact arithmetic never gives."""

    def __init__(self, deviation: float, tolerance: float) -> None:
        self.deviation, self.tolerance = deviation, tolerance
        super().__init__(
            f"sums over the alignments of a pair are {deviation:.3g} away from what they must be; expected "
            f"at most {tolerance:.3g}: please report this, with the input"
        )


class NotEquivariant(MotifnetError, AssertionError):
    """A layer or model that breaks the symmetry it declares."""

    def __init__(self, module: str, error: float, tolerance: float) -> None:
        self.error, self.tolerance = error, tolerance
        super().__init__(
            f"{module}: |f(reverse complement of x) - reverse complement of f(x)| is {error:.3g}; "
            f"expected at most {tolerance:.3g}"
        )
