"""Adds a model to the configuration: both files change if they can be read with it, or neither."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from downbench.core.config.experiment.catalogue import read_experiments
from downbench.core.config.loading import EXPERIMENTS, MODELS
from downbench.core.config.model.catalogue import read_models
from downbench.core.config.yaml_entries import with_entry, with_model
from downbench.core.io.atomic import replacing
from downbench.core.io.folder_lock import locked


def checked_texts(
    root: Path, name: str, entry: dict[str, Any], experiment: str
) -> dict[Path, str]:
    """Return the texts of both files with one more model, which is listed by an experiment.

    Raises
    ------
    UserError
        When the name is there already, or either file cannot be read with it.
    """
    models, experiments = (
        (root / file).read_text(encoding="utf-8") for file in (MODELS, EXPERIMENTS)
    )
    texts = {
        MODELS: with_entry(models, name, entry, MODELS),
        EXPERIMENTS: with_model(experiments, experiment, name, EXPERIMENTS),
    }
    with TemporaryDirectory() as folder:
        for file, text in texts.items():
            copy = Path(folder, file)
            copy.parent.mkdir(exist_ok=True)
            copy.write_text(text, encoding="utf-8")
        read_experiments(Path(folder), EXPERIMENTS, read_models(Path(folder), MODELS))
    return texts


def add(root: Path, name: str, entry: dict[str, Any], experiment: str) -> None:
    """Write both files with one more model; see `checked_texts`."""
    with locked(root / MODELS.parent):
        for file, text in checked_texts(root, name, entry, experiment).items():
            with replacing((root / file).resolve()) as partial:
                partial.write_text(text, encoding="utf-8")
