"""Write config/schema.json and config/README.md from the config classes, or check them."""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from downbench.core.cli import run
from downbench.core.config.reference import readme, schema
from downbench.core.errors import UserError
from downbench.core.io.atomic import replacing


def main(argv: Sequence[str] | None = None) -> None:
    """Write both files.

    Raises
    ------
    UserError
        With `--check`, when a file is not what the classes say.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path("config"), help="where they lie")
    parser.add_argument("--check", action="store_true", help="write nothing, fail on a difference")
    arguments = parser.parse_args(argv)
    wanted = {"schema.json": json.dumps(schema(), indent=2) + "\n", "README.md": readme()}
    for name, text in wanted.items():
        path = arguments.folder / name
        if not arguments.check:
            with replacing(path) as beside:
                beside.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            raise UserError(f"{path}: not what the config classes say: run `make schema`")


if __name__ == "__main__":
    run(main)
