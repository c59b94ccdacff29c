"""How every step is run from a shell."""

import sys
from collections.abc import Callable

from downbench.core.errors import UserError

USER_MISTAKE = 2


def run(main: Callable[[], None]) -> None:
    """Call `main`; print a `UserError` as one message and exit with code 2, no traceback."""
    try:
        main()
    except UserError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(USER_MISTAKE)
