"""Reading ``run.json`` for display: an old or foreign record may lack any part of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from motifnet.config.train import TrainConfig
from motifnet.errors import InvalidValue


def part(record: Mapping[str, object], name: str) -> Mapping[str, object]:
    """A group of the record such as ``"versions"``; empty where the record has none.

    Parameters
    ----------
    record : mapping
        What ``run.json`` holds.
    name : str

    Returns
    -------
    mapping

    Examples
    --------
    >>> part({"versions": {"numpy": "2.0"}}, "versions"), part({}, "versions")
    ({'numpy': '2.0'}, {})
    """
    value = record.get(name)
    return value if isinstance(value, Mapping) else {}


def entry(record: Mapping[str, object], name: str) -> str:
    """A single value of the record such as ``"device"``; empty where the record has none.

    Parameters
    ----------
    record : mapping
        What ``run.json`` holds.
    name : str

    Returns
    -------
    str

    Examples
    --------
    >>> entry({"device": "cpu"}, "device"), entry({}, "device")
    ('cpu', '')
    """
    value = record.get(name)
    return "" if value is None else show(value)


def option(record: Mapping[str, object], stage: str, name: str) -> object:
    """The value of an option of training, or its default where the record does not say.

    Parameters
    ----------
    record : mapping
        What ``run.json`` holds.
    stage, name : str
        Of the option.

    Returns
    -------
    object

    Examples
    --------
    >>> option({"config": {"discovery": {"max_e": 0.5}}}, "discovery", "max_e")
    0.5
    >>> option({}, "discovery", "max_e") == TrainConfig().discovery.max_e
    True
    """
    default = getattr(getattr(TrainConfig(), stage), name)
    return part(part(record, "config"), stage).get(name, default)


def number(value: object) -> float:
    """A value of the record that is a number.

    Parameters
    ----------
    value : object

    Returns
    -------
    float

    Raises
    ------
    InvalidValue
        If it is none.

    Examples
    --------
    >>> number(3), number("0.05")
    (3.0, 0.05)
    """
    if not isinstance(value, int | float | str):
        raise InvalidValue("value in the record of the run", value, "a number")
    return float(value)


def files(record: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Each input file with its role, and what it is known by: its checksum, or its size.

    Parameters
    ----------
    record : mapping
        What ``run.json`` holds.

    Yields
    ------
    name, known_by : str

    Examples
    --------
    >>> list(files({"inputs": {"targets": [{"path": "a.fa", "bytes": 9, "sha256": "0f2b"}]}}))
    [('targets: a.fa', '0f2b')]
    """
    for role, some in part(record, "inputs").items():
        for file in some if isinstance(some, list) else []:
            size = f"{file['bytes']:,} bytes" if "bytes" in file else "of an installed package"
            yield f"{role}: {file['path']}", str(file.get("sha256", size))


def show(value: object) -> str:
    """A value of the record as a reader sees it: no brackets, no ``None``.

    Parameters
    ----------
    value : object

    Returns
    -------
    str

    Examples
    --------
    >>> show(["a", 2]), show(True), show(())
    ('a, 2', 'yes', '–')
    """
    if value is None or value == () or value == []:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return ", ".join(show(each) for each in value)
    return str(value)


def flatten(group: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, object]]:
    """Nested groups as dotted names and values.

    Parameters
    ----------
    group : mapping
    prefix : str
        What all names begin with.

    Yields
    ------
    name : str
    value : object

    Examples
    --------
    >>> list(flatten({"seed": 0, "versions": {"numpy": "2.0"}}))
    [('seed', 0), ('versions.numpy', '2.0')]
    """
    for name, value in group.items():
        if isinstance(value, Mapping):
            yield from flatten(value, f"{prefix}{name}.")
        elif isinstance(value, list) and value and all(isinstance(each, Mapping) for each in value):
            yield from flatten({str(i): each for i, each in enumerate(value, 1)}, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value
