"""One part of a download from the Climate Data Store: its files, their content, the dataset."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import xarray as xr

from downbench.core.calendar.daily_values import daily
from downbench.core.config.downloads.copernicus import CopernicusDownload
from downbench.core.config.downloads.download import STATIC
from downbench.core.errors import UserError
from downbench.core.io.atomic import remove
from downbench.core.variables import variable
from downbench.sources.download.copernicus.account import account
from downbench.sources.download.copernicus.archive_variable import ArchiveVariable
from downbench.sources.download.copernicus.blocks import by_blocks
from downbench.sources.download.copernicus.fields import field
from downbench.sources.download.copernicus.jobs import Patience
from downbench.sources.download.copernicus.refusals import WrongFileError, blaming_file
from downbench.sources.download.copernicus.requests import Request
from downbench.sources.download.copernicus.retrieval import retrieve
from downbench.sources.download.copernicus.service import Service
from downbench.sources.download.daily_grids import days_of
from downbench.sources.download.progress import Progress
from downbench.sources.files.containers import reading
from downbench.sources.files.units import convert


@dataclass(frozen=True)
class Part:
    """One variable of some years, or a static one.

    Attributes
    ----------
    request
        The download.
    part
        Name of the part.
    name, row
        The variable here and at the store.
    work
        Folder that outlives a killed rule.
    """

    request: CopernicusDownload
    part: str
    name: str
    row: ArchiveVariable
    work: Path

    @classmethod
    def of(
        cls,
        vocabulary: Mapping[str, ArchiveVariable],
        request: CopernicusDownload,
        part: str,
        work: Path,
    ) -> Self:
        """Return a part by its name."""
        (name,) = request.variables_of(part)
        return cls(request, part, name, vocabulary[name], work)

    @property
    def label(self) -> str:
        """What messages begin with."""
        return f"{self.request.dataset}: {self.part}"

    @property
    def is_static(self) -> bool:
        """Whether it has no time."""
        return self.name in STATIC

    @property
    def years(self) -> tuple[int, ...]:
        """Years that it holds."""
        return self.request.years_of(self.part)

    def files(self, dataset: str, wishes: Iterable[Request]) -> list[Path]:
        """Return what the store delivers, fetched as far as needed.

        Parameters
        ----------
        dataset
            Its name at the store.
        wishes
            What it is asked for; each may become several jobs.

        Raises
        ------
        UserError
            As of `Job.fetch`.
        """
        service = Service(account(self.request.url), dataset)
        patience, line = Patience(all_s=3600 * self.request.patience_hours), Progress(self.label)
        return [
            path for wish in wishes for path in retrieve(service, wish, self.work, patience, line)
        ]

    @contextmanager
    def forgotten_if_refused(self) -> Iterator[None]:
        """Forget files that are damaged or wrong: the next call asks the store again."""
        try:
            yield
        except WrongFileError:
            for path in self.work.glob("*"):
                remove(path)
            raise

    def steps(self, files: Iterable[Path]) -> xr.DataArray:
        """Return the box of the variable on the steps of the archive; see `fields.field`."""
        outside = WrongFileError if self.request.is_cut_by_store else UserError
        return field(files, self.row, self.request.bounds, self.label, outside)

    def daily(self, steps: xr.DataArray, hours: int, *, accumulated: bool = False) -> xr.DataArray:
        """Return the days of steps at an interval [h]; see `daily_values.daily`."""
        with blaming_file():
            return daily(
                steps,
                self.row.statistic,
                days_of(self.years),
                hours=hours,
                accumulated=accumulated,
                label=self.label,
            )

    def finished(self, values: xr.DataArray, **attributes: str) -> xr.Dataset:
        """Return the part in the contract's unit with the attributes of a download.

        It is in memory, or if large lazy, in blocks on disk.

        Raises
        ------
        WrongFileError
            When values cannot be read, or cannot be in their unit.
        """
        present = values.isel(time=0, drop=True) if self.is_static else values
        grid = present["lat"].dims if present["lat"].ndim == 2 else ("lat", "lon")
        ordered = present.transpose(..., *grid).drop_vars("expver", errors="ignore")
        with blaming_file():
            ordered = by_blocks(ordered, self._converted, self.work)
        own = variable(self.name)
        ordered.attrs = {"long_name": own.long_name, "units": own.units}
        return _with_axes(ordered.to_dataset(name=self.name)).assign_attrs(attributes)

    def _converted(self, values: xr.DataArray) -> xr.DataArray:
        with reading(self.label):
            loaded = values.load()
        return convert(loaded, self.name, self.row.units, True, self.label)


def _with_axes(dataset: xr.Dataset) -> xr.Dataset:
    axes = {"lat": ("latitude", "degrees_north"), "lon": ("longitude", "degrees_east")}
    for name, (standard_name, units) in axes.items():
        attrs = {"standard_name": standard_name, "units": units}
        dataset = dataset.assign_coords({name: (dataset[name].dims, dataset[name].values, attrs)})
    return dataset
