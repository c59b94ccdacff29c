"""The notebooks of the documentation run, in this process."""

import json
from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).parents[3]
NOTEBOOKS = sorted((ROOT / "docs/notebooks").glob("*.ipynb"))
MOST_BYTES = 50_000


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_cells_run_one_after_the_other(path: Path, capsys) -> None:
    assert path.stat().st_size < MOST_BYTES
    cells = json.loads(path.read_text())["cells"]
    names: dict[str, object] = {}
    for cell in cells:
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), str(path), "exec"), names)
    assert isinstance(names["scores"], pd.DataFrame)
    assert capsys.readouterr().out.startswith("pr, rain (40 days, 6 members)")
