"""Enter a bundle that was trained elsewhere: verify it, and copy it into its place."""

import argparse
from collections.abc import Sequence

from downbench.core import cli
from downbench.core.config.region.region import Region
from downbench.core.io import stores
from downbench.exchange import bundle, bundle_copy, region_match


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the arguments of the command line."""
    parser = cli.parser("enter_bundle", __doc__)
    cli.add_sections(parser, region="section of the region")
    cli.add_expected(parser, "keys of the bundle's model.json with their values")
    cli.add_paths(
        parser,
        source="bundle to enter, which stays as it is",
        target="Zarr store of the target",
        bundle="folder to write",
    )
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Refuse a bundle that is not proved, of another region, or fitted on years to be scored."""
    arguments = parse(argv)
    region, source = Region.model_validate_json(arguments.region), arguments.source
    target = stores.read(arguments.target, "target")
    with bundle_copy.entering(source, arguments.bundle) as copy:
        manifest, trained = bundle.read(copy, arguments.expected)
        region_match.refuse_other_region(copy, region, target)
        region_match.refuse_scored_years(copy, manifest.fit_years, region.splits)
        # Last, because it costs as much as the bundle asks for on its grid.
        bundle.prove(copy, manifest, trained)


if __name__ == "__main__":
    cli.run(main)
