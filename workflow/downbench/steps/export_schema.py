"""Write config/schemas/ and config/README.md from the config classes, or check them."""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from downbench.core import cli
from downbench.core.config.editor_schemas import schemas
from downbench.core.config.reference import readme
from downbench.core.errors import UserError
from downbench.core.io.atomic import replacing


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the arguments of the command line."""
    parser = cli.parser("export_schema", __doc__)
    parser.add_argument("--folder", type=Path, default=Path("config"), help="default: config")
    parser.add_argument("--check", action="store_true", help="write nothing, fail on a difference")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Write the schemas and the reference.

    Raises
    ------
    UserError
        With `--check`, when a file differs from what the classes describe.
    """
    arguments = parse(argv)
    texts = {f"schemas/{name}": json.dumps(s, indent=1) + "\n" for name, s in schemas().items()}
    texts["README.md"] = readme()
    for name, text in texts.items():
        path = arguments.folder / name
        if not arguments.check:
            path.parent.mkdir(parents=True, exist_ok=True)
            with replacing(path) as partial:
                partial.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            raise UserError(f"{path}: differs from the config classes: run `make schema`")


if __name__ == "__main__":
    cli.run(main)
