"""The configuration reference in Markdown: every key with its unit and meaning."""

from collections.abc import Iterator

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from downbench.core.config.experiment.experiment import Experiment
from downbench.core.config.model import registry
from downbench.core.config.model.external_ensemble import ExternalEnsemble
from downbench.core.config.model.model import Model
from downbench.core.config.region.region import Region
from downbench.core.config.run_settings import Settings
from downbench.core.config.section import Section, kind_of, nested

FILES: dict[str, type[Section]] = {
    "default.yaml": Settings,
    "models.yaml": Model,
    "experiments.yaml": Experiment,
    "regions/*.yaml": Region,
}
HEAD = """# Configuration

Written by `make schema` from the classes in `workflow/downbench/core/config/`; do not edit.
Units are in brackets, `[1]` for numbers without one. A key without a default must be given.
`models.yaml` and `experiments.yaml` hold one such section per name; in `models.yaml` the options
of the family are on the level of the common keys, and `extends: NAME` takes over the keys of NAME.
Where several kinds of a section are possible, each has a table with its `source` in brackets.
"""


def readme() -> str:
    """Return every key with its unit, type and default, section by section."""
    parts = [HEAD]
    for file, section in FILES.items():
        parts += [f"## {file}\n", *_tables(section, "")]
    parts.append("## Options of model families and generative processes\n")
    for name, options in _model_options().items():
        parts += [f"### {name}\n", _table(options) if options.model_fields else "None.\n"]
    return "\n".join(parts)


def _model_options() -> dict[str, type[Section]]:
    """Return the options of every family, then of every process, by their headings."""
    processes = {f"process {name}": options for name, options in registry.processes().items()}
    return {**registry.family_options(), **processes, "with `ensemble`": ExternalEnsemble}


def _tables(section: type[BaseModel], path: str) -> Iterator[str]:
    """Yield the table of a section, then those of the sections inside it."""
    if path:
        yield f"### {path}\n"
    yield _table(section)
    for key, field in section.model_fields.items():
        sections = nested(field.annotation)
        for inner in filter(lambda section: section.model_fields, sections):
            kind = f" ({kind_of(inner)})" if len(sections) > 1 else ""
            yield from _tables(inner, (f"{path}.{key}" if path else key) + kind)


def _table(section: type[BaseModel]) -> str:
    rows = [_row(key, field) for key, field in section.model_fields.items()]
    return "\n".join(["| key | default | meaning |", "|---|---|---|", *rows, ""])


def _row(key: str, field: FieldInfo) -> str:
    plain = field.is_required() or isinstance(field.default, BaseModel)
    default = "" if plain else f"`{field.default!r}`"
    meaning = (field.description or "").replace("|", "\\|")
    return f"| `{key}` | {default} | {meaning} |"
