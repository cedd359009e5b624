"""Docstrings: examples print what they say, and those of the Python reference say all of a name."""

import ast
import builtins
import doctest
import importlib
import inspect
import pkgutil
import re
import textwrap
from enum import Enum
from pathlib import Path

import pytest

import motifnet

REFERENCE = Path(__file__).parents[1] / "docs" / "reference" / "api.md"
NEEDS_A_GPU = {"motifnet.kernels.onehot_conv.gpu"}
NOT_IMPORTED = {"motifnet.__main__"}
MODULES = sorted(
    {found.name for found in pkgutil.walk_packages(motifnet.__path__, "motifnet.")}
    - NEEDS_A_GPU
    - NOT_IMPORTED
)
SECTIONS = ("Parameters", "Attributes", "Returns", "Yields", "Raises", "Notes", "References", "Examples")
"""Of the convention of numpy. They are split here, since the package for it brings all of Sphinx."""


def test_modules_are_found():
    assert len(MODULES) > 120


@pytest.mark.parametrize("name", MODULES)
def test_examples_of_a_module(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def told():
    """The dotted names in the tables of the Python reference."""
    cells = [line.split("|")[1] for line in REFERENCE.read_text().splitlines() if line.startswith("| `")]
    return [name for cell in cells for name in re.findall(r"`(motifnet\.[\w.]+)`", cell)]


NAMES = told()


def split(name):
    """The module that a dotted name begins with, and what is named in it."""
    parts = name.split(".")
    for i in range(len(parts) - 1, 0, -1):
        module = ".".join(parts[:i])
        if module == "motifnet" or module in MODULES:
            return importlib.import_module(module), parts[i:]
    raise AssertionError(f"{name} is in no module")


def resolved(name):
    thing, parts = split(name)
    for part in parts:
        thing = getattr(thing, part)
    return thing


def is_documented_itself(thing):
    return inspect.isclass(thing) or inspect.isroutine(thing)


CALLABLE = [name for name in NAMES if is_documented_itself(resolved(name))]
VALUES = [name for name in NAMES if name not in CALLABLE]


def sections(docstring):
    """The text of each section of a docstring, by its title."""
    titles = "|".join(SECTIONS)
    parts = re.split(rf"^({titles})\n-{{3,}}\n", docstring, flags=re.MULTILINE)
    return {"": parts[0], **dict(zip(parts[1::2], parts[2::2], strict=True))}


def entries(section):
    """What the lines of a section that are not indented name, before their types."""
    heads = [line.partition(" :")[0] for line in section.splitlines() if re.match(r"[*\w]", line)]
    return [name.strip().lstrip("*") for head in heads for name in head.split(",")]


def parameters(thing):
    """What a call takes; those of an enumeration and of an error are the language's."""
    if inspect.isclass(thing) and issubclass(thing, Enum | BaseException):
        return []
    kinds = inspect.signature(thing).parameters.values()
    return [each.name for each in kinds]


def own_raises(thing):
    """The errors that the code of a function, or of what makes an object of a class, raises itself."""
    code = [thing]
    if inspect.isclass(thing):
        code = [vars(thing).get(name) for name in ("__init__", "__post_init__", "__new__")]
    code = [inspect.unwrap(each) for each in code if inspect.isfunction(inspect.unwrap(each))]
    for each in code:
        if each.__code__.co_filename != inspect.getsourcefile(thing):
            continue  # made by dataclasses, or by a base
        for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(each)))):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
                name = ast.unparse(node.exc.func)
                error = each.__globals__.get(name, getattr(builtins, name, None))
                if inspect.isclass(error):
                    yield error


def gives(thing):
    """What a function gives, ``"Returns"`` or ``"Yields"`` in words of a docstring; empty for nothing."""
    if inspect.isclass(thing):
        return ""
    annotation = inspect.signature(thing).return_annotation
    if inspect.isgeneratorfunction(inspect.unwrap(thing)):
        return "Yields"
    return "" if annotation in (None, "None", "NoReturn") else "Returns"


def lacks(thing):
    """What the docstring of a function or class does not say, or says of what is not there."""
    found = sections(inspect.getdoc(thing) or "")
    named = entries(found.get("Parameters", "")), entries(found.get("Attributes", ""))
    taken = parameters(thing)
    for name in taken:
        if name not in named[0] and not (inspect.isclass(thing) and name in named[1]):
            yield f"parameter {name}"
    yield from (f"no parameter {name}" for name in named[0] if name not in taken)
    if gives(thing) and not {"Returns", "Yields"} & set(found):
        yield gives(thing)
    documented = [error for name in entries(found.get("Raises", "")) if (error := _error(thing, name))]
    for error in own_raises(thing):
        if not any(issubclass(error, known) for known in documented):
            yield f"error {error.__name__}"
    if ">>> " not in found.get("Examples", ""):
        yield "example"


def _error(thing, name):
    from motifnet import errors

    found = getattr(errors, name, None) or getattr(builtins, name, None)
    return found or vars(inspect.getmodule(thing)).get(name)


def test_names_of_the_reference_are_found():
    assert len(NAMES) == len(set(NAMES)) > 100
    assert len(CALLABLE) > 100
    assert VALUES


@pytest.mark.parametrize("name", NAMES)
def test_a_name_of_the_reference_is_told_where_it_lives(name):
    """In the module that defines it, or in a package that offers it."""
    module, parts = split(name)
    thing = resolved(name)
    home = getattr(thing, "__module__", module.__name__) if name in CALLABLE else module.__name__
    assert module.__name__ == home or parts[0] in module.__all__


def test_everything_that_the_package_offers_is_told():
    assert {f"motifnet.{name}" for name in motifnet.__all__} <= set(NAMES)


@pytest.mark.parametrize("name", CALLABLE)
def test_the_docstring_of_a_name_of_the_reference_is_whole(name):
    assert list(lacks(resolved(name))) == []


@pytest.mark.parametrize("name", VALUES)
def test_a_value_of_the_reference_is_described_where_it_is_made(name):
    _, (*_, last) = split(name)
    texts = [Path(inspect.getsourcefile(importlib.import_module(module))).read_text() for module in MODULES]
    described = re.compile(rf'^{last}\b[^\n=]*= .*?\n"""\w', re.MULTILINE | re.DOTALL)
    assert any(described.search(text) for text in texts)


def whole(n, *sizes):
    """Do what is documented.

    Parameters
    ----------
    n : int
    *sizes : int

    Returns
    -------
    int

    Raises
    ------
    ValueError
        If it is so.

    Examples
    --------
    >>> whole(1)
    """
    if n:
        raise TypeError("n")


def test_what_a_docstring_lacks_is_seen():
    def none(n: int) -> int: ...

    assert list(lacks(none)) == ["parameter n", "Returns", "example"]
    assert list(lacks(whole)) == ["error TypeError"]
