"""`config/default.yaml`: the choices of a run, each of which `--config key=value` may change."""

import os
import re
import unicodedata
from pathlib import Path

from pydantic import Field, ValidationInfo, field_validator

from downbench.core.config.dask_cluster import Dask
from downbench.core.config.evaluation import Evaluation
from downbench.core.config.model.resources import BudgetWithResources
from downbench.core.config.section import Section, Seed

FORBIDDEN = re.compile(r"[^\w .+,@'()&~/-]")
"""Characters that Snakemake or a shell may read as something else than a part of a path."""
PROJECT_FOLDERS = (
    "workflow", "config", "docs", "tests", "profiles", "slurm", "envs", "bench", "resources",
    ".git", ".snakemake",
)  # fmt: skip


class Settings(Section):
    """The file `config/default.yaml`."""

    region: str = Field(description="file of config/regions/, without its ending")
    budget: str = Field(description="entry of `budgets`")
    seed: Seed = Field(description="seed of training and sampling [1]")
    data_dir: str = Field(
        description="folder of the real data, relative to the project's root or absolute"
    )
    download_dir: str = Field(
        default="downloads",
        description="folder of what is fetched, relative to the project's root or absolute",
    )
    results_dir: str = Field(
        description="folder that results are written to; `~` is the home folder"
    )
    budgets: dict[str, BudgetWithResources] = Field(
        description="training and sampling budgets by name"
    )
    dask: Dask = Field(description="where array work is done")
    evaluation: Evaluation = Field(description="settings of the scores")

    @field_validator("results_dir", "download_dir")
    @classmethod
    def _folder_of_its_own(cls, folder: str, info: ValidationInfo) -> str:
        """Return the normalised path of a folder that a shell and Snakemake take as it is."""
        forbidden = FORBIDDEN.search(unicodedata.normalize("NFC", folder))
        if forbidden:
            raise ValueError(
                f"{forbidden[0]!r} is not possible here: use letters, digits, spaces and "
                "any of . _ - + , @ ' ( ) & ~ /"
            )
        path = os.path.normpath(os.path.expanduser(folder)) if folder else ""
        if folder != folder.strip() or path.startswith("-"):
            raise ValueError("begin and end the name with a letter, a digit, '.', '~' or '/'")
        if Path(path).name in ("", "..") or Path(path).parts[0] in PROJECT_FOLDERS:
            raise ValueError(
                "they would lie among other files: name a folder of their own, such as "
                f"'{info.field_name.removesuffix('_dir')}'"
            )
        return path
