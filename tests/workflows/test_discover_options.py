"""The schemas and the configuration of the workflow follow the declarations of the options."""

import importlib
from pathlib import Path

import pytest
import yaml

from motifnet.config.train import TrainConfig

WORKFLOW = Path(__file__).parents[2] / "workflows" / "discover"


@pytest.fixture
def make_schemas(monkeypatch):
    """The script that makes them, imported."""
    monkeypatch.syspath_prepend(WORKFLOW)
    return importlib.import_module("make_schemas")


def declared() -> dict[str, set[str]]:
    """Names of the options of each stage."""
    return {name: set(field.annotation.model_fields) for name, field in TrainConfig.model_fields.items()}


def config_schema() -> dict:
    return yaml.safe_load((WORKFLOW / "workflow" / "schemas" / "config.schema.yaml").read_text())


def config_lines() -> list[str]:
    return (WORKFLOW / "config" / "config.yaml").read_text().splitlines()


def test_what_is_committed_is_what_the_declarations_make(make_schemas):
    made = make_schemas.made()
    assert len(made) == 3
    stale = [path.name for path, text in made.items() if path.read_text() != text]
    assert not stale, "run: python workflows/discover/make_schemas.py"


def test_every_option_of_training_is_in_the_schema():
    definitions = config_schema()["$defs"]
    stages = definitions["TrainConfig"]["properties"]
    found = {
        name: set(definitions[reference["$ref"].rpartition("/")[2]]["properties"])
        for name, reference in stages.items()
    }
    assert found == declared()
    assert sum(len(options) for options in found.values()) > 30


def test_no_group_of_the_schema_takes_a_name_it_does_not_know():
    schema = config_schema()
    groups = [schema, *schema["$defs"].values()]
    assert len(groups) == 3 + len(declared())  # the whole, resources, training, and its stages
    assert all(group["additionalProperties"] is False for group in groups)


def test_the_configuration_holds_every_option_with_its_default(make_schemas):
    written = yaml.safe_load("\n".join(config_lines()))
    assert {name: set(options) for name, options in written["motifnet"].items()} == declared()
    assert make_schemas.WorkflowConfig.model_validate(written) == make_schemas.WorkflowConfig()


def test_samples_run_side_by_side_by_default(make_schemas):
    assert make_schemas.WorkflowConfig().motifnet.training.threads == 1


def test_every_option_is_explained_where_it_stands():
    lines = config_lines()
    entries = [
        number for number, line in enumerate(lines) if line.strip() and not line.lstrip().startswith("#")
    ]
    n_options = sum(len(options) for options in declared().values())
    # Besides: the table of samples, the formats, two resources, and the names of the groups.
    assert len(entries) == n_options + 4 + len(declared()) + 2
    assert all(lines[number - 1].lstrip().startswith("#") for number in entries)


def test_the_configuration_passes_its_schema():
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema comes with Snakemake")
    jsonschema.validate(yaml.safe_load("\n".join(config_lines())), config_schema())


def test_the_files_of_the_samples_table_are_there():
    rows = (WORKFLOW / "config" / "samples.tsv").read_text().splitlines()[1:]
    assert rows
    assert all((WORKFLOW / row.split("\t")[2]).is_file() for row in rows)
