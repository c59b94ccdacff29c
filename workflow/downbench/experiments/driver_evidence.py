"""Evidence of an experiment with one training driver: what its verdicts and tables rest on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from downbench.core.io.evidence import Evidence


@dataclass(frozen=True)
class DriverEvidence:
    """An experiment, one of its training drivers, and the files of both.

    experiment : section of the experiment, with labels of models
    region : section of the region
    trained_on : name of the training driver, the key of its files
    files : evidence by kind and key
    law_tolerances : section `evaluation.physics`; empty if there are no claims about laws
    """

    experiment: Mapping[str, Any]
    region: Mapping[str, Any]
    trained_on: str
    files: Evidence
    law_tolerances: Mapping[str, Any] = field(default_factory=dict)

    @property
    def comparison(self) -> pd.DataFrame:
        """Comparison table of all models."""
        return self.files["comparison"][self.trained_on]

    @property
    def driver_chain(self) -> pd.DataFrame:
        """Table of all drivers that the models were applied to."""
        return self.files["driver_chain"][self.trained_on]
