"""A named model: its lab, its family and the options of the family."""

import re
from typing import Any

from pydantic import Field, SerializeAsAny, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from downbench.core.config.model import registry
from downbench.core.config.model.constraints import Physics, unsupported
from downbench.core.config.model.external_ensemble import ExternalEnsemble, require_placeholders
from downbench.core.config.model.options import FamilyOptions
from downbench.core.config.region.source import DriverType
from downbench.core.config.section import Section

WEIGHTS = "weights"
"""Role of the bundle that `shares_weights_with` names."""


class Requires(Section):
    """Conditions under which a model takes part; empty means always."""

    known_distribution: bool = Field(
        default=False, description="a target whose distribution given the coarse day is known"
    )
    driver_type: DriverType | None = Field(
        default=None, description="the type of the training driver"
    )


class Model(Section):
    """One entry of `config/models.yaml`, with `extends` applied.

    In the YAML the options of the family stand next to the common keys.
    """

    name: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", description="the entry's own name")
    ensemble: str | None = Field(
        default=None,
        description="NetCDF file or Zarr store of an ensemble that was made elsewhere: it is "
        "checked and entered, never trained; may contain `{region}`, `{trained_on}`, `{driver}`, "
        "`{split}`, and `*` for files that follow each other in time; starts at the working "
        "directory",
    )
    lab: str = Field(
        default="",
        validate_default=True,
        description="lab that trains it: a folder of labs/, and the rule file; none beside "
        "`ensemble`",
    )
    family: str = Field(
        default="",
        validate_default=True,
        description="module of the lab that implements it; none beside `ensemble`",
    )
    bases: dict[str, str] = Field(
        default={},
        description="models whose trained bundles are inputs of this one's training, by their "
        "role in it, such as `mean`",
    )
    shares_weights_with: str | None = Field(
        default=None,
        description="model whose trained bundle is taken as it is: this one trains nothing and "
        "differs in sampling alone",
    )
    bundle: str | None = Field(
        default=None,
        description="folder of a bundle that was trained elsewhere: it is verified and copied "
        "instead of a training; may contain `{region}` and `{trained_on}`, and starts at the "
        "working directory",
    )
    label: str = Field(default="", description="name in figures and tables; empty takes `name`")
    description: str = Field(
        default="",
        exclude_if=lambda text: not text,
        description="what the model is, in one line for pages; variants have that of their base",
    )
    requires: Requires = Field(
        default=Requires(), description="conditions under which it takes part"
    )
    options: SerializeAsAny[FamilyOptions] = Field(
        description="options of the family, see families"
    )
    physics: Physics | None = Field(
        default=None, description="constraints by physical laws; null for none"
    )

    @field_validator("ensemble")
    @classmethod
    def _placeholders_of_the_ensemble(cls, path: str | None) -> str | None:
        return require_placeholders(path)

    @field_validator("lab")
    @classmethod
    def _existing_lab(cls, lab: str, info: ValidationInfo) -> str:
        if _is_external(lab, info):
            return lab
        if lab not in registry.labs():
            raise ValueError(f"choose one of {', '.join(map(repr, registry.labs()))}")
        return lab

    @field_validator("family")
    @classmethod
    def _existing_family(cls, family: str, info: ValidationInfo) -> str:
        if _is_external(family, info):
            return family
        labs = registry.families().get(family)
        if labs is None:
            raise ValueError(f"choose one of {', '.join(registry.families())}")
        lab = info.data.get("lab")
        if lab is not None and lab not in labs:
            raise ValueError(
                f"lab '{lab}' has no module {family}.py; labs that have it: {', '.join(labs)}"
            )
        return family

    @field_validator("bundle")
    @classmethod
    def _wildcards_of_the_path(cls, folder: str | None) -> str | None:
        if re.search(r"[{}]", re.sub(r"\{(region|trained_on)\}", "", folder or "")):
            raise ValueError("only {region} and {trained_on} may stand in braces")
        return folder

    @field_validator("options", mode="before")
    @classmethod
    def _options_of_the_family(cls, options: Any, info: ValidationInfo) -> Any:
        family = info.data.get("family")
        if family is None or isinstance(options, Section):
            return options
        if info.data.get("ensemble") is not None:
            return ExternalEnsemble.model_validate(options)
        return registry.options_class(family, options).model_validate(options)

    @field_validator("bases", "shares_weights_with", "bundle", "physics")
    @classmethod
    def _nothing_of_a_training(cls, value: Any, info: ValidationInfo) -> Any:
        if value and info.data.get("ensemble") is not None:
            raise ValueError(f"an ensemble that was made elsewhere has no {info.field_name}")
        return value

    @field_validator("physics")
    @classmethod
    def _supported_by_the_family(
        cls, physics: Physics | None, info: ValidationInfo
    ) -> Physics | None:
        options = info.data.get("options")
        if physics is None or options is None:
            return physics
        missing = unsupported(physics, options.supports)
        if missing:
            refusals = (_refusal(info.data["family"], *part) for part in missing.items())
            raise ValueError("; ".join(refusals))
        return physics

    @property
    def parents(self) -> dict[str, str]:
        """Models whose bundles its training starts from, by their role."""
        if self.bundle is not None:
            return {}
        if self.shares_weights_with is not None:
            return {WEIGHTS: self.shares_weights_with}
        return self.bases

    @property
    def is_constrained(self) -> bool:
        """Whether its block means equal the driver's: valid with a perfect driver only (T23)."""
        return self.physics is not None and self.physics.constraint is not None

    @property
    def has_cell_density(self) -> bool:
        """Whether the density of its samples in single cells is known exactly."""
        return self.options.has_cell_density and not self.is_constrained

    @property
    def modules(self) -> list[str]:
        """Modules that hold its code: the family's, and that of its process."""
        package = f"downbench.labs.{self.lab}"
        process = getattr(self.options, "process", None)
        return [
            f"{package}.{self.family}",
            *([f"{package}.processes.{process}"] if process else []),
        ]


NOT_NUMBERS = {"label", "description", "requires", "bundle", "ensemble"}
"""Keys that change no number of a model."""


def _is_external(name: str, info: ValidationInfo) -> bool:
    """Whether an entry has an ensemble in place of a lab or family, one of which is refused."""
    if info.data.get("ensemble") is None:
        if name:
            return False
        raise PydanticCustomError("missing", "Field required")
    if name:
        raise ValueError("an ensemble that was made elsewhere has none: leave the key out")
    return True


def _refusal(family: str, capability: str, key: str) -> str:
    able = [n for n, o in registry.family_options().items() if capability in o.supports]
    families = ", ".join(able) or "none"
    return f"{key} is not for the family {family} (families that have it: {families})"


COMMON_KEYS = tuple(name for name in Model.model_fields if name not in ("name", "options"))


def from_entry(name: str, entry: dict[str, Any]) -> dict[str, Any]:
    """Sort an entry's keys into common ones and the family's options."""
    common = {key: value for key, value in entry.items() if key in COMMON_KEYS}
    options = {key: value for key, value in entry.items() if key not in COMMON_KEYS}
    return {"name": name, **common, "options": options}
