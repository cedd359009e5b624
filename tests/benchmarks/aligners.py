"""What aligns pairs: motifnet, and peers where they are installed.

None of the peers is needed by the project; one that is not there is left out, with its reason. Biopython
comes with motifnet; the programs are Debian's ``mafft``, ``last-align``, ``probcons`` and ``fsa``, and
parasail is taken from wherever Python finds it.
"""

from __future__ import annotations

import importlib.util
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
from torch import Tensor

from motifnet.hmm.pair import PairHmm
from motifnet.hmm.pair_align import align
from motifnet.hmm.pair_fit import FitOptions, PairFit, fit
from motifnet.hmm.pair_ties import PairTies
from motifnet.io import write_fasta
from motifnet.io.alignments import read_alignments
from motifnet.symbols import Sequences
from motifnet.symbols.alignment import Alignment
from motifnet.symbols.alphabet import DNA
from motifnet.symbols.pairs import PairedSequences
from motifnet.symbols.posterior import MatchPosterior
from motifnet.ties import Tie
from tests.benchmarks.benchmark import Row
from tests.benchmarks.jobs import run
from tests.benchmarks.markdown import shown, table
from tests.benchmarks.pair_simulation import Truth

_MATCH, _MISMATCH, _OPEN, _EXTEND = 2, -3, -5, -2
SCORES = f"+{_MATCH}/{_MISMATCH}/{_OPEN}/{_EXTEND}"
"""Of a match, a mismatch, the first base of a gap and each further one, for what needs scores."""
GAMMA = 3.0
"""What a matched base is worth against one alone, in the alignment of maximum expected accuracy."""

_LONGEST_OF_16_BITS = 5000  # bases whose scores parasail can keep in 16 bits
ACCURACY_LEGEND = "F1 (recall, precision)."
_RELIABILITY_COLUMNS = ("n", "posterior", "right")
_BINS = np.array([0.001, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0])


class Arm(NamedTuple):
    """A way to align pairs.

    Parameters
    ----------
    name : str
    measure : callable
        Of the pairs and an empty folder: the matches it finds, and further columns of the row.
    module, program : str
        What has to be installed, if anything.
    is_quadratic : bool
        Whether it takes memory in proportion to the product of two lengths: not for whole loci.
    """

    name: str
    measure: Callable[[PairedSequences, Path], tuple[list[np.ndarray], Row]]
    module: str = ""
    program: str = ""
    is_quadratic: bool = True

    @property
    def missing(self) -> str:
        """Why it cannot run; empty if it can."""
        if self.module and importlib.util.find_spec(self.module) is None:
            return f"Python module {self.module} is not installed"
        if self.program and shutil.which(self.program) is None:
            return f"program {self.program} is not installed"
        return ""


def measured(arm: Arm, truth: Truth, scratch: Path) -> Row:
    """Recall, precision and F1 of the pairs of bases that an arm aligns; or why there are none."""
    if arm.missing:
        return {"error": arm.missing}
    found, columns = arm.measure(truth.pairs, scratch)
    return {"n_pairs": len(truth.pairs), **accuracy(found, truth.matches), **columns}


def accuracy(found: Sequence[np.ndarray], true: Sequence[np.ndarray]) -> Row:
    """Recall, precision and F1 of aligned pairs of bases, over all pairs of sequences together."""
    n_right = sum(
        len(set(map(tuple, a.tolist())) & set(map(tuple, b.tolist())))
        for a, b in zip(found, true, strict=True)
    )
    n_found, n_true = (sum(map(len, one)) for one in (found, true))
    return {
        "recall": _rounded(n_right / n_true),
        "precision": _rounded(n_right / n_found) if n_found else None,
        "f1": _rounded(2 * n_right / (n_found + n_true)),
    }


def reliability(posteriors: Sequence[MatchPosterior], true: Sequence[np.ndarray]) -> list[Row]:
    """By bins of the posterior: matches, their mean posterior, and the share of them that is right."""
    probability = np.concatenate([one.probability for one in posteriors])
    right = np.concatenate([_is_right(one, matches) for one, matches in zip(posteriors, true, strict=True)])
    place = np.clip(np.searchsorted(_BINS, probability, side="right") - 1, 0, len(_BINS) - 2)
    return [
        {
            "from": float(_BINS[k]),
            "to": float(_BINS[k + 1]),
            "n": int((place == k).sum()),
            "posterior": _rounded(float(probability[place == k].mean())),
            "right": _rounded(float(right[place == k].mean())),
        }
        for k in range(len(_BINS) - 1)
        if (place == k).any()
    ]


def _is_right(posterior: MatchPosterior, true: np.ndarray) -> np.ndarray:
    known = true[:, 0] * posterior.y_length + true[:, 1]
    return np.isin(posterior.x_position * posterior.y_length + posterior.column, known)


def learnt(pairs: PairedSequences, *, n_classes: int = 1, bases_alike: bool = False) -> PairFit:
    """A model learnt from pairs, that does not know which lineage is which.

    Parameters
    ----------
    pairs : PairedSequences
    n_classes : int
        Of gaps.
    bases_alike : bool
        Whether it does not know one base from another either: so the identity of matched bases is a
        single parameter, and has a standard error.
    """
    ties = PairTies.of(["lineages"], n_classes=n_classes)
    # Likelihoods are compared with those of other programs: nothing is added to what was counted.
    options = FitOptions(pseudocount=0.0, tolerance=1e-4)
    return fit(pairs, ties.joined(match=_all_alike()) if bases_alike else ties, options)


def _all_alike() -> Tie:
    """Matches of equal bases are one orbit, and those of others are one: any renaming of bases."""

    def moved_on(array: Tensor) -> Tensor:
        return array.roll((1, 1), (0, 1))

    def first_two_exchanged(array: Tensor) -> Tensor:
        order = [1, 0, 2, 3]
        return array[order][:, order]

    return Tie.invariant_under((4, 4), [moved_on, first_two_exchanged])


def estimates(fitted: PairFit) -> Row:
    """Gap opening and extension, of both classes where there are two, and identity, as a row has them.

    Standard errors are those of the first class, and of identity where bases are alike.
    """
    model, errors = fitted.model, fitted.standard_errors
    row = {
        "open": model.open[0, 0],
        "open_error": errors["open"][0, 0],
        "extend": model.extend[0, 0],
        "extend_error": errors["extend"][0, 0],
        "identity": model.identity,
    }
    if fitted.ties.match.n_free == 2:
        row["identity_error"] = 4 * errors["match"][0, 0]
    if model.n_classes == 2:
        row |= {"open_2": model.open[0, 1], "extend_2": model.extend[0, 1]}
    return {
        **{name: _rounded(value) for name, value in row.items()},
        "log_likelihood": round(fitted.log_likelihood, 2),
        "rounds": len(fitted.history),
    }


def motifnet(model: PairHmm, truth: Truth, method: str) -> Row:
    """Accuracy of a model's alignments, and how far its posteriors can be believed."""
    found = [align(model, *truth.pairs[i], method=method, gamma=GAMMA) for i in range(len(truth.pairs))]
    return {
        "n_pairs": len(truth.pairs),
        **accuracy([one.alignment.matches for one in found], truth.matches),
        **(
            {"reliability": reliability([one.posterior for one in found], truth.matches)}
            if method == "mea"
            else {}
        ),
    }


def _biopython(pairs: PairedSequences, scratch: Path) -> tuple[list[np.ndarray], Row]:
    aligner = biopython_aligner()
    return [
        np.concatenate(
            [
                np.stack([np.arange(*of_x), np.arange(*of_y)], 1)
                for of_x, of_y in zip(*aligner.align(x, y)[0].aligned, strict=True)
            ]
        )
        for x, y in letters(pairs)
    ], {}


def biopython_aligner():
    """Biopython's aligner with :data:`SCORES`, of whole sequences."""
    from Bio.Align import PairwiseAligner

    return PairwiseAligner(
        mode="global",
        match_score=_MATCH,
        mismatch_score=_MISMATCH,
        open_gap_score=_OPEN,
        extend_gap_score=_EXTEND,
    )


def parasail_score(x: str, y: str) -> int:
    """The score of the best alignment of whole sequences, by parasail with :data:`SCORES`."""
    import parasail

    scores = _parasail_scores()
    score = parasail.nw_scan_16 if len(x) < _LONGEST_OF_16_BITS else parasail.nw_scan_32
    return score(x, y, -_OPEN, -_EXTEND, scores).score


@cache
def _parasail_scores():
    import parasail

    return parasail.matrix_create("ACGT", _MATCH, _MISMATCH)


def _parasail(pairs: PairedSequences, scratch: Path) -> tuple[list[np.ndarray], Row]:
    import parasail

    scores = _parasail_scores()
    tracebacks = (
        parasail.nw_trace_striped_sat(x, y, -_OPEN, -_EXTEND, scores).traceback for x, y in letters(pairs)
    )
    return [_matches(one.query, one.ref) for one in tracebacks], {}


def _one_by_one(command: Sequence[str]):
    """What runs a program on a FASTA file of each pair, and reads aligned FASTA."""

    def measure(pairs: PairedSequences, scratch: Path) -> tuple[list[np.ndarray], Row]:
        found = []
        for i in range(len(pairs)):
            path = scratch / "pair.fa"
            write_fasta(path, Sequences.from_codes(list(pairs[i]), ["x", "y"]))
            job = run([*command, str(path)], scratch)
            if job.error:
                raise RuntimeError(f"{command[0]}: {job.error}")
            rows = _rows(job.output)
            found.append(_matches(rows["x"], rows["y"]))
        return found, {}

    return measure


def _last(pairs: PairedSequences, scratch: Path) -> tuple[list[np.ndarray], Row]:
    """LAST, its scores trained by last-train on all pairs; of each base of y, the best alignment."""
    x, y, trained, maf = (scratch / name for name in ("x.fa", "y.fa", "trained", "found.maf"))
    write_fasta(x, pairs.x)
    write_fasta(y, pairs.y)
    pipeline = (
        f"lastdb -uMAM8 {scratch}/db {x} && last-train -S1 --revsym -P1 {scratch}/db {y} > {trained} && "
        f"lastal -p {trained} -P1 {scratch}/db {y} | last-split > {maf}"
    )
    job = run(["bash", "-o", "pipefail", "-c", pipeline], scratch)
    if job.error:
        raise RuntimeError(f"LAST: {job.error}")
    return _of_maf(maf, len(pairs)), _of_last_train(trained.read_text())


def _of_maf(path: Path, n_pairs: int) -> list[np.ndarray]:
    """The matches of local alignments, those of the two sequences of one pair alone."""
    found: list[list[np.ndarray]] = [[np.empty((0, 2), np.int64)] for _ in range(n_pairs)]
    for one in read_alignments(path):
        places = one.x_place, one.y_place
        x, y = (place.source[1:] for place in places)
        if x == y and places[0].strand == places[1].strand:
            matches = [place.positions(bases) for place, bases in zip(places, one.matches.T, strict=True)]
            found[int(x)].append(np.column_stack(matches))
    return [np.concatenate(several) for several in found]


def _of_last_train(text: str) -> Row:
    """The means of both sides, of the last round."""

    def last(name: str) -> float:
        return float(re.findall(rf"^# {name}: (\S+)$", text, re.MULTILINE)[-1])

    return {
        "open": _rounded((last("delOpenProb") + last("insOpenProb")) / 2),
        "extend": _rounded((last("delExtendProb") + last("insExtendProb")) / 2),
        "identity": _rounded(last("substitution percent identity") / 100),
    }


def letters(pairs: PairedSequences) -> Iterator[tuple[str, str]]:
    """The two sequences of each pair as text."""
    return ((DNA.decode(x), DNA.decode(y)) for x, y in (pairs[i] for i in range(len(pairs))))


def _rows(fasta: str) -> dict[str, str]:
    """Sequences by name."""
    records = (record.split("\n", 1) for record in fasta.split(">")[1:])
    return {name.strip(): "".join(rest.split()).upper() for name, rest in records}


def _matches(x_row: str, y_row: str) -> np.ndarray:
    return Alignment.from_rows(x_row, y_row, "x", "y").matches


def _rounded(value: float) -> float:
    return float(f"{value:.4g}")


def accuracy_table(rows: Sequence[Row]) -> str:
    """Programs down, data across: F1 (recall, precision); rows are named kind/data/program."""
    cells: dict[str, Row] = {}
    for row in rows:
        *_, data, name = row["case"].split("/")
        cells.setdefault(name, {"program": name})[data] = _accuracy_cell(row)
    columns = dict.fromkeys(column for line in cells.values() for column in line)
    return table(list(cells.values()), tuple(columns) or ("program",)) + "\n\n" + ACCURACY_LEGEND


def _accuracy_cell(row: Row) -> str:
    if "error" in row:
        return row["error"]
    return f"{row['f1']:.3f} ({shown(row['recall'])}, {shown(row['precision'])})"


def reliability_table(rows: Sequence[Row]) -> str:
    """Bins of the posterior down, data across: how many, their mean posterior, the share that is right."""
    lines: dict[str, Row] = {f"{a:g} to {b:g}": {} for a, b in pairwise(_BINS)}
    columns = []
    for row in rows:
        data = row["case"].split("/")[-2]
        columns += [f"{data}: {what}" for what in _RELIABILITY_COLUMNS]
        for one in row.get("reliability", ()):
            of_bin = lines[f"{one['from']:g} to {one['to']:g}"]
            of_bin |= {f"{data}: {what}": one[what] for what in _RELIABILITY_COLUMNS}
    return table([{"bin": name, **line} for name, line in lines.items()], ("bin", *columns))


PEERS = (
    Arm("Biopython", _biopython),
    Arm("parasail", _parasail, module="parasail"),
    Arm("MAFFT", _one_by_one(["mafft", "--auto", "--quiet", "--thread", "1"]), program="mafft"),
    Arm("LAST", _last, program="last-train", is_quadratic=False),
    Arm("ProbCons", _one_by_one(["probcons-RNA"]), program="probcons-RNA"),
    Arm("FSA", _one_by_one(["fsa"]), program="fsa"),
)
"""The peers; Biopython and parasail with :data:`SCORES`, the others with their defaults."""
