"""Make the schemas and the configuration of this workflow from the declarations of its options.

The options of motifnet are declared in :mod:`motifnet.config`; the few that the workflow adds are
declared here. Run this after either has changed, from anywhere::

    python workflows/discover/make_schemas.py

It writes ``workflow/schemas/*.yaml`` and ``config/config.yaml``; a test compares what is committed
with what it would write.
"""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import yaml
from pydantic import BaseModel, Field
from pydantic.json_schema import GenerateJsonSchema

from motifnet.config.stage import Stage
from motifnet.config.train import TrainConfig, TrainingOptions
from motifnet.models.build import MODELS

WORKFLOW = Path(__file__).parent
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_MADE = "# Made by make_schemas.py from the declarations of the options: change those, not this.\n"
_START = "# Made with the defaults by make_schemas.py; the values are yours to change."
_NAME = r"^[A-Za-z0-9][A-Za-z0-9_-]*$"  # no dot, so that a name ends where the ending of a file begins
_WIDTH = 96


class SampleRow(Stage):
    """A row of the samples table: one file of peaks."""

    sample: str = Field(pattern=_NAME, description="Name of the sample: one run, one report.")
    task: str = Field(
        pattern=_NAME,
        description="Name of this file within the sample; the files of a sample are learnt together.",
    )
    peaks: str = Field(min_length=1, description="FASTA, or BED or narrowPeak with a genome; plain or gzip.")
    control: str = Field(
        "",
        description=(
            "Control sequences of the sample, instead of those of the configuration; "
            "the same in all rows of the sample."
        ),
    )


class Resources(Stage):
    """What the training of one sample may take; clusters go by these."""

    mem_mb: int = Field(4000, ge=500, description="Memory in megabytes.")
    runtime: int = Field(120, ge=1, description="Time in minutes.")


class WorkflowConfig(Stage):
    """All options of the workflow; paths are relative to the folder in which it is run."""

    samples: str = Field("config/samples.tsv", description="Table of samples, explained in README.md.")
    logo_formats: tuple[Literal["svg", "png", "pdf"], ...] = Field(
        ("svg", "pdf"), min_length=1, description="Formats of the logos: svg, png, pdf."
    )
    resources: Resources = Resources()
    # One thread a sample, so that samples run side by side.
    motifnet: TrainConfig = TrainConfig(training=TrainingOptions(threads=1))


class _Untitled(GenerateJsonSchema):
    """JSON schema without a title for each field, which would only repeat its name."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def schema_text(model: type[BaseModel]) -> str:
    """The schema of a model, as the text of a YAML file."""
    schema = {"$schema": _DIALECT, **model.model_json_schema(schema_generator=_Untitled)}
    for each in (schema, *schema.get("$defs", {}).values()):
        each["description"] = _first(each["description"])
    if "ModelOptions" in schema.get("$defs", {}):
        known = sorted({name for family in MODELS for name in MODELS[family].own_options.model_fields})
        items = schema["$defs"]["ModelOptions"]["properties"]["family_option"]["items"]
        items["pattern"] = f"^({'|'.join(known)})="
    return _MADE + yaml.safe_dump(schema, sort_keys=False, width=_WIDTH, allow_unicode=True)


def config_text(config: WorkflowConfig) -> str:
    """A configuration, as the text of a YAML file in which each option is explained where it stands."""
    lines = [_START, *_comment(_first(inspect.getdoc(config))), "", *_explained(config)]
    return "".join(f"{line}\n" for line in lines)


def made() -> Mapping[Path, str]:
    """Every file that this makes, with its text."""
    return {
        WORKFLOW / "workflow" / "schemas" / "config.schema.yaml": schema_text(WorkflowConfig),
        WORKFLOW / "workflow" / "schemas" / "samples.schema.yaml": schema_text(SampleRow),
        WORKFLOW / "config" / "config.yaml": config_text(WorkflowConfig()),
    }


def _first(docstring: str) -> str:
    """The first paragraph, which says what something is; what follows is for programmers."""
    return docstring.partition("\n\n")[0]


def _explained(group: BaseModel, indent: str = "") -> Iterator[str]:
    """Lines of a group of options, each option under its sentence."""
    plain = group.model_dump(mode="json")
    for name, value in group:
        if isinstance(value, BaseModel):
            yield from ("", *_comment(_first(inspect.getdoc(value)), indent), f"{indent}{name}:")
            yield from _explained(value, indent + "  ")
        else:
            field = type(group).model_fields[name]
            yield from _comment(f"{field.description}{_choices(field.annotation)}", indent)
            if name == "family_option":
                yield from _of_families(indent)
            yield f"{indent}{name}: {_yaml(plain[name])}"


def _of_families(indent: str) -> Iterator[str]:
    """Lines of the options that each family of networks alone has, with their defaults."""
    for name in MODELS:
        yield from _comment(f"{name}: {', '.join(MODELS[name].own_options().as_text())}.", indent)


def _comment(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent=f"{indent}# ", subsequent_indent=f"{indent}# ")


def _choices(annotation: Any) -> str:
    """What an option of a few choices may be."""
    return f" One of: {', '.join(get_args(annotation))}." if get_origin(annotation) is Literal else ""


def _yaml(value: object) -> str:
    # A document that is one plain word ends in a line of three dots.
    return yaml.safe_dump(value, default_flow_style=True).removesuffix("...\n").strip()


if __name__ == "__main__":
    for path, text in made().items():
        path.write_text(text)
