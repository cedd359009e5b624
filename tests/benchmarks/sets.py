"""The open data that benchmarks run on, and the motif that each set is known to hold.

The data lie in the folder that the environment variable ``MOTIFNET_DATA`` names; they are not part of the
project.
"""

from __future__ import annotations

import os
from pathlib import Path

# The family that each set is known to hold, as a pattern of names of known motifs. Empty: nothing
# is expected. "trap" sets hold another motif than their label says; the pattern names the real one.
TF_SETS = {
    "ABF2_Arabidopsis_DAP": r"ABF|ABI5|AREB|BZIP|GBF|HY5|bHLH|PIF|TGA",
    "CRP_small_MEME": r"crp",
    "CTCFL_K562_ENCODE": r"CTCF",
    "CTCF_GM12878_gimme": r"CTCF",
    "CTCF_StarkDemo": r"CTCF",
    "DREAM5_TF31_mouse_chip": r"ZFX|Zfx|ZNF711",
    "DREAM5_TF44_mouse_chip": r"GATA|Gata",
    "EP300_heart_RSAT": r"",
    "FOXA1_HepG2_ENCODE": r"FOX|Fox",
    "GATA1_K562_YAMDA": r"GATA|Gata",
    "GCN4_small_MEME": r"GCN4|JUN|Jun|FOS|Fos|ATF|BATF|BACH|CAD1|YAP|AP1|MAF|NFE2|Bach|Nfe2",
    "HNF4A_HepG2_YAMDA": r"HNF4|NR2|RXR|Rxr|Hnf4",
    "KLF1_MEME": r"KLF|Klf|SP\d|Sp\d|EKLF",
    "LEXA_small_MEME": r"lexA",
    "MYC_H1-hESC_ENCODE": (
        r"MYC|Myc|MAX|Max|USF|BHLH|ARNT|Arnt|HEY|MXI|MLX|Mlx|TFE|PIF|CLOCK|Hes|HES|MNT|SREBF|"
        r"bHLH"
    ),
    "NANOG_H1_gkmexplain": r"POU|Pou|SOX|Sox|NANOG|Nanog|OCT|ZIC|Zic",
    "NFE2_GM12878_lsgkm": r"TFE|USF|MITF|BHLH|SREBF|MAX|MYC|bHLH|Arnt|MLX|Mlx|ATF|CREB|FOS|JUN",
    "POU5F1_hESC_motifcounter": r"POU|Pou|SOX|Sox|OCT",
    "REST_GM12878_ENCODE": r"REST",
    "REST_HeLaS3_YAMDA": r"REST",
    "SPI1_StarkDemo": r"SPI|ETS|ELF|Spi|Elf|ETV|GABP|IKZF",
    "SRF_H1-hESC_ENCODE": r"SRF|MEF2|AGL",
    "SUZ12_H1-hESC_ENCODE": r"",
    "TAF1_H1-hESC_ENCODE": r"YY1|YY2|ZFP42",
    "TBP_H1-hESC_ENCODE": r"",
    "TCF12_H1-hESC_ENCODE": (
        r"TCF|Tcf|ASCL|Ascl|MYOD|MYF|Myo|NEUROD|Neurod|NHLH|PTF1A|TFAP4|FIGLA|ID|MSC|BHLH|SNAI|"
        r"ZEB|TWIST|Atoh|ATOH|NEUROG|OLIG|MESP|LYL|TAL"
    ),
    "TP73_gimme": r"TP\d\d|Trp",
    "USF1_HepG2_ENCODE": r"USF|TFE|BHLH|MITF|SREBF|MAX|MYC|bHLH|Arnt|MLX|Mlx",
    "USF2_H1-hESC_ENCODE": r"USF|TFE|BHLH|MITF|SREBF|MAX|MYC|bHLH|Arnt|MLX|Mlx",
    "ZNF143_H1-hESC_ENCODE": r"ZNF143|Thap11|THAP11|Znf143",
}
PASS = [
    "CTCF_StarkDemo",
    "CTCF_GM12878_gimme",
    "CTCFL_K562_ENCODE",
    "ZNF143_H1-hESC_ENCODE",
    "USF1_HepG2_ENCODE",
    "USF2_H1-hESC_ENCODE",
    "REST_HeLaS3_YAMDA",
    "REST_GM12878_ENCODE",
    "POU5F1_hESC_motifcounter",
    "FOXA1_HepG2_ENCODE",
    "HNF4A_HepG2_YAMDA",
    "MYC_H1-hESC_ENCODE",
    "SRF_H1-hESC_ENCODE",
    "TCF12_H1-hESC_ENCODE",
    "TP73_gimme",
    "GATA1_K562_YAMDA",
    "SPI1_StarkDemo",
    "KLF1_MEME",
    "ABF2_Arabidopsis_DAP",
]
TRAPS = ("NFE2_GM12878_lsgkm", "TAF1_H1-hESC_ENCODE")
# JASPAR matrices of the yeast factors where the name of the protein does not stand in them.
YEAST_RELATIVES = {
    "Fkh1": "FKH",
    "Fkh2": "FKH",
    "Cad1": "CAD1|YAP|CIN5",
    "Yap7": "YAP|CIN5|CAD1",
    "Cin5": "CIN5|YAP|CAD1|SKO1",
    "Ino2": "INO",
    "Ino4": "INO",
    "Rcs1": "RCS1|AFT",
    "Aft2": "AFT|RCS1",
    "Hap3": "HAP",
    "Spt15": "SPT15|TBP",
    "Phd1": "PHD1|SOK2|ASH1",
    "Sok2": "SOK2|PHD1|ASH1",
    "Sko1": "SKO1|CST6|ACA1|ATF",
    "Cbf1": "CBF1|TYE7|PHO4",
    "Gcn4": "GCN4|ARR1|BAS1|YAP",
}
HUMAN = {
    "CTCF.K562": "CTCF",
    "CEBPB.HeLa-S3": "CEBP|Cebp|DBP|HLF|TEF|NFIL3|ATF4|CREB|BATF",
    "MAX.K562": "MAX|MYC|USF|BHLH|ARNT|Arnt|MLX|MNT|TFE|HEY|CLOCK|HES|SREBF|bHLH",
    "FOXA1.HepG2": "FOX|Fox",
    "JUND.K562": "JUN|FOS|ATF|BATF|BACH|NFE2|MAF|CREB|Jun|Fos|Bach|Nfe2",
    "MAFK.HepG2": "MAF|BACH|NFE2|Bach|Maf|Nfe2|JUN|FOS",
    "SPI1.GM12878": "SPI|ETS|ELF|ETV|Spi|IKZF|GABP|EHF|Ehf",
}


def data() -> Path:
    """The folder of open data."""
    folder = os.environ.get("MOTIFNET_DATA", "")
    if not Path(folder).is_dir() or not folder:
        raise SystemExit("set MOTIFNET_DATA to the folder of open data")
    return Path(folder)


def targets(name: str) -> Path:
    """The sequences of a set of :data:`TF_SETS`."""
    return data() / f"tf/{name}.fa.gz"


def known_motifs(name: str) -> Path:
    """The known motifs to name those of a set by: JASPAR, or those of E. coli for its factors."""
    bacterial = name.startswith(("CRP", "LEXA"))
    return data() / ("motifdb/dpinteract.meme.gz" if bacterial else "motifdb/JASPAR2022.pfm.gz")


def arguments(name: str, known: Path | None = None) -> tuple[str, ...]:
    """What ``motifnet train`` takes for a set: its sequences, its own controls if it has them, known motifs.

    Parameters
    ----------
    name : str
        A key of :data:`TF_SETS`.
    known : Path, optional
        Known motifs, if not :func:`known_motifs`.
    """
    control = data() / f"tf_neg/{name}.neg.fa.gz"
    given = ("--control", str(control)) if control.exists() else ()
    return (str(targets(name)), *given, "--motif-db", str(known or known_motifs(name)))


def human_arguments(path: Path, known: Path) -> tuple[str, ...]:
    """What ``motifnet train`` takes for human peaks."""
    genome = data() / "human_encode/hg_ENm001_ENm002.fa.gz"
    return (str(path), "--genome", str(genome), "--motif-db", str(known))


def human_peaks(name: str) -> Path:
    """The peaks of a set of :data:`HUMAN`."""
    return data() / f"human_encode/bed/{name}.narrowPeak"
