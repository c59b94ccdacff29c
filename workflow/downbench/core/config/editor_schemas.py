"""JSON schemas of the YAML files of config/, for editors, and of the report on a submission."""

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel

from downbench.core.config.experiment.experiment import Experiment
from downbench.core.config.model import registry
from downbench.core.config.model.external_ensemble import ExternalEnsemble
from downbench.core.config.model.model import Model
from downbench.core.config.region.region import Region
from downbench.core.config.run_settings import Settings
from downbench.core.submission_report import SubmissionReport

Schema = dict[str, Any]


def schemas() -> dict[str, Schema]:
    """Return the schema of each kind of file, by the name of the schema's own file.

    What the classes check beyond types, such as sums and names of other files, is not in it.
    """
    families = [*registry.family_options().values(), *registry.processes().values()]
    options = [*families, ExternalEnsemble]
    return {
        "default.json": Settings.model_json_schema(),
        "models.json": _by_name(_models([Model, *options])),
        "experiments.json": _by_name(Experiment.model_json_schema()),
        "region.json": Region.model_json_schema(),
        "submission-report.json": SubmissionReport.model_json_schema(mode="serialization"),
    }


def _by_name(entry: Schema) -> Schema:
    """Return the schema of a file of sections, whose names are the keys."""
    definitions = entry.pop("$defs", {})
    entry["properties"].pop("name")
    if "required" in entry:
        entry["required"].remove("name")
    return {"type": "object", "additionalProperties": entry, "$defs": definitions}


def _models(sections: Iterable[type[BaseModel]]) -> Schema:
    """Return the schema of an entry: common keys and those of any family on one level.

    No key is required anywhere, as an entry may extend another.
    """
    definitions: Schema = {}
    keys: dict[str, list[Schema]] = {}
    for section in sections:
        schema = section.model_json_schema()
        definitions |= schema.pop("$defs", {})
        for key, value in schema.get("properties", {}).items():
            if value not in keys.setdefault(key, []):
                keys[key].append(value)
    for definition in definitions.values():
        definition.pop("required", None)
    del keys["options"]
    keys["extends"] = [{"type": "string", "description": "model whose keys this one takes over"}]
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {k: v[0] if len(v) == 1 else {"anyOf": v} for k, v in keys.items()},
        "$defs": definitions,
    }
