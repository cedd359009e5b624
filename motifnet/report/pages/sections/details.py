"""Motif by motif: its sites, known motifs like it, its family, its companions, the filters behind it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup

from motifnet.motifs import Motif, compare
from motifnet.report.charts.positions import axis_half_width, position_histogram
from motifnet.report.display_names import database_link, display_name, told_neighbour
from motifnet.report.numerals import plural
from motifnet.report.pages import run_record
from motifnet.report.pages.filling import fill_template
from motifnet.report.pages.section_registry import section
from motifnet.report.tables.given_motifs import LaterLogo, pair_of, told_tracks
from motifnet.report.tables.motif_rows import MOST_MATCHES
from motifnet.strand import Strand

if TYPE_CHECKING:
    from motifnet.discovery.results import FamilyMember, FoundMotif, RunResult
    from motifnet.motifs import Sites
    from motifnet.motifs.companion import Companion, Neighbour
    from motifnet.motifs.tomtom import Match

_SITES = 10
_NOUNS = {"variant": "variant", "part": "part", "whole": "longer motif"}
_RELATIONS = {"variant": "nearly the same", "part": "a part of it", "whole": "all of it, and more"}


class Known(NamedTuple):
    """A known motif as it is shown: the match, its name, its page, and what is drawn of both."""

    match: Match
    name: str
    link: str | None
    tracks: str


class Variant(NamedTuple):
    """A member of a motif's family as it is shown: in words what it is, and what is drawn of both."""

    member: FamilyMember
    relation: str
    tracks: str


class Composite(NamedTuple):
    """A motif that extends another, as it is shown below that one."""

    rank: int
    found: FoundMotif
    tracks: str


class OtherMotif(NamedTuple):
    """A motif that another is found with, or avoids: its rank, how often, and where, if at one distance."""

    rank: int
    companion: Companion
    neighbour: Neighbour | None

    @property
    def place(self) -> str:
        """In words where; empty if sites keep no distance."""
        return told_neighbour(self.neighbour)


class Detail(NamedTuple):
    """All about one motif."""

    rank: int
    found: FoundMotif
    positions: Markup
    known: list[Known]
    family: list[Variant]
    composites: list[Composite]
    extended: int | None
    """Rank of the motif that it extends, where that has a block of its own."""
    found_with: list[OtherMotif]
    avoided: list[OtherMotif]
    sites: Sites
    places: str
    """Which coordinates the sites are told in."""

    @property
    def told_family(self) -> str:
        """What the family is made of, in words."""
        relations = Counter(variant.member.relation for variant in self.family)
        told = [plural(n, _NOUNS[relation]) for relation, n in sorted(relations.items())]
        told += [plural(len(self.composites), "composite")] if self.composites else []
        return ", ".join(told)


@section("details", heading="Motif by motif", place=50)
def details(result: RunResult) -> str:
    """One folded block for each significant motif; left out where there is none."""
    half = axis_half_width(result)
    shown = {rank: found for rank, found in enumerate(result.motifs, start=1) if found.counts}
    max_e = run_record.number(run_record.option(result.record, "discovery", "max_e"))
    blocks = [_detail(rank, shown, half, max_e) for rank in shown]
    return fill_template("details.html", details=blocks) if blocks else ""


def _detail(rank: int, shown: Mapping[int, FoundMotif], half: float, max_e: float) -> Detail:
    found = shown[rank]
    chart = position_histogram(found.sites.centre_distances, half, found.motif.name)
    known = [_known(rank, number, found) for number in range(1, len(found.matches[:MOST_MATCHES]) + 1)]
    best = found.sites.best(_SITES)
    family = [_variant(rank, number, found) for number in range(1, len(found.members) + 1)]
    composites = [
        Composite(other, one, _below(rank, found.motif, f"m{other}", one.motif))
        for other, one in shown.items()
        if one.extends == found.motif.name
    ]
    ranks = {one.motif.name: other for other, one in shown.items()}
    found_with, avoided = _companions(found, ranks, math.log10(max_e))
    return Detail(
        rank,
        found,
        Markup(chart),
        known,
        family,
        composites,
        ranks.get(found.extends),
        found_with,
        avoided,
        best,
        _places(best),
    )


def _companions(
    found: FoundMotif, ranks: Mapping[str, int], max_log10_e: float
) -> tuple[list[OtherMotif], list[OtherMotif]]:
    """Motifs that one is with more often than by chance or at one distance, and those that it avoids."""
    found_with: list[OtherMotif] = []
    avoided: list[OtherMotif] = []
    for one in found.companions:
        if one.least_log10_e <= max_log10_e:
            neighbour = one.neighbour if one.neighbour_log10_e <= max_log10_e else None
            is_avoided = one.together_log10_e <= max_log10_e and not one.is_more
            (avoided if is_avoided else found_with).append(OtherMotif(ranks[one.name], one, neighbour))
    return found_with, avoided


def _variant(rank: int, number: int, found: FoundMotif) -> Variant:
    member = found.members[number - 1]
    tracks = _below(rank, found.motif, f"v{rank}.{number}", member.motif)
    return Variant(member, _RELATIONS[member.relation], tracks)


def _below(rank: int, motif: Motif, key: str, other: Motif) -> str:
    """Another motif below that of a rank, where the two agree best."""
    strand = Strand.SINGLE if motif.single_stranded else Strand.BOTH
    laid = compare.align_motifs(motif.probabilities, other.probabilities, motif.background, strand=strand)
    return told_tracks([LaterLogo(f"m{rank}"), LaterLogo(key, laid.offset, laid.reverse, named=True)])


def _places(sites: Sites) -> str:
    """Which coordinates some sites have: those of the genome, of their sequences, or of one or the other."""
    ends = "1-based, both ends included"
    in_genome = [site.where is not None for site in sites]
    if all(in_genome):
        return f"Places are in the genome, and strands are its: {ends}, as browsers read them."
    if not any(in_genome):
        return f"Places are within the sequences, whose coordinates are not known: {ends}."
    return (
        f"Places are in the genome where a chromosome stands before them, else within the sequence: {ends}."
    )


def _known(rank: int, number: int, found: FoundMotif) -> Known:
    match = found.matches[number - 1]
    tracks = pair_of(f"m{rank}", found.motif.width, f"k{rank}.{number}", match, reverse=False, flank=None)
    return Known(match, display_name(match.known), database_link(match.known), tracks)
