"""What a release is made of says the same in every file: needed versions, the place, the way to test."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import yaml

import motifnet

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
CONDA_NAMES = {"torch": "pytorch", "matplotlib": "matplotlib-base"}


def read(name):
    return yaml.safe_load((ROOT / name).read_text())


def test_the_recipe_of_conda_needs_what_the_package_needs():
    needed = dict(re.fullmatch(r"([\w-]+)>=([\d.]+)", one).groups() for one in PROJECT["dependencies"])
    run = dict(one.split(" >=") for one in read("recipe/recipe.yaml")["requirements"]["run"])
    assert run.pop("python") == PROJECT["requires-python"].removeprefix(">=")
    assert run == {CONDA_NAMES.get(name, name): version for name, version in needed.items()}


def test_the_lowest_versions_are_those_of_the_dependencies():
    written = subprocess.run(
        [sys.executable, ROOT / "tests" / "lowest.py"], check=True, capture_output=True, text=True
    ).stdout.splitlines()
    assert {line.replace("==", ">=") for line in written if not line.startswith("torch")} == {
        one for one in PROJECT["dependencies"] if not one.startswith("torch")
    }
    assert [line for line in written if line.startswith("torch")] == [
        line for line in (ROOT / "constraints.txt").read_text().splitlines() if line.startswith("torch")
    ]


def test_every_file_names_the_same_repository_and_licence():
    citation, recipe = read("CITATION.cff"), read("recipe/recipe.yaml")
    site = (ROOT / "mkdocs.yml").read_text()
    place = PROJECT["urls"]["Homepage"]
    assert citation["repository-code"] == recipe["about"]["repository"] == place
    assert f"repo_url: {place}\n" in site
    assert citation["license"] == recipe["about"]["license"] == PROJECT["license"] == "MIT"
    assert all(url.startswith(place) for url in PROJECT["urls"].values())
    assert citation["version"] == recipe["context"]["version"]


def test_what_machines_run_is_what_people_run():
    jobs = {
        path.name: read(path.relative_to(ROOT))["jobs"] for path in (ROOT / ".github" / "workflows").iterdir()
    }
    steps = [
        step["run"] for job in jobs.values() for one in job.values() for step in one["steps"] if "run" in step
    ]
    assert {"make test", "make lowest", "make site", "make dist"} == set(steps)
    makefile = (ROOT / "Makefile").read_text()
    for step in steps:
        assert f"\n{step.split()[1]}:" in makefile


def test_sections_of_the_changelog_have_a_version_and_a_date():
    heads = re.findall(r"^## (.*)$", (ROOT / "docs" / "changelog.md").read_text(), re.MULTILINE)
    assert heads
    for head in heads:
        assert re.fullmatch(r"\d+\.\d+\.\d+, \d{4}-\d\d-\d\d", head), head


def test_the_version_is_that_of_what_is_installed():
    from importlib.metadata import version

    assert motifnet.__version__ == version("motifnet")
    assert "__version__" in dir(motifnet)
