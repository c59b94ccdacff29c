"""Source `dataset`: files of a dataset that config/datasets.csv lists with licence and origin."""

from typing import Literal

from pydantic import Field

from downbench.core.config.region.source import TargetSource, module_of
from downbench.core.config.section import Section
from downbench.core.config.sources.files import FilesDriver, FilesTarget

DESCRIPTION = "files of a dataset listed in config/datasets.csv"
READER = "files"


class ListedDataset(Section):
    """The key that names the dataset."""

    dataset: str = Field(description="row of config/datasets.csv")

    @property
    def dataset_name(self) -> str:
        """The row of config/datasets.csv that the files belong to."""
        return self.dataset


class DatasetTarget(ListedDataset, FilesTarget):
    """Target read from the files of a dataset."""

    source: Literal["dataset"] = Field(description=DESCRIPTION)

    @property
    def module(self) -> str:
        """Module that reads files."""
        return module_of(READER)


class DatasetDriver(ListedDataset, FilesDriver):
    """Coarse series read from the files of a dataset."""

    source: Literal["dataset"] = Field(description=DESCRIPTION)

    def module(self, target: TargetSource) -> str:
        """Return the module that reads files."""
        return module_of(READER)


TARGET, DRIVER = DatasetTarget, DatasetDriver
