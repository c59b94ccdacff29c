"""`config/default.yaml`: the choices of a run, each of which `--config key=value` may change."""

from pydantic import Field

from downbench.core.config.dask_cluster import Dask
from downbench.core.config.evaluation import Evaluation
from downbench.core.config.model.resources import BudgetWithResources
from downbench.core.config.section import Section


class Settings(Section):
    """The file `config/default.yaml`."""

    region: str = Field(description="file of config/regions/, without its ending")
    budget: str = Field(description="entry of `budgets`")
    seed: int = Field(ge=0, description="seed of training and sampling [1]")
    data_dir: str = Field(
        description="folder of the real data, relative to the project's root or absolute"
    )
    results_dir: str = Field(description="folder that results are written to")
    budgets: dict[str, BudgetWithResources] = Field(
        description="training and sampling budgets by name"
    )
    dask: Dask = Field(description="where array work is done")
    evaluation: Evaluation = Field(description="settings of the scores")
