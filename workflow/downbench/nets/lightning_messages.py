"""Messages of lightning that no reader of a log needs, by their words."""

import logging
import re
import warnings

UNNEEDED = (
    "Tip: For seamless cloud",  # advertisements
    "The `srun` command is available on your system but is not used",  # one process is intended
    "`isinstance(treespec, LeafSpec)` is deprecated",  # of lightning's own code
    "module(s) in eval mode at the start of training",  # trained networks that are not changed
    "`weights_only` was not set",
)
LOGGERS = (
    "lightning.pytorch.utilities.rank_zero",
    "lightning.pytorch.trainer.connectors.checkpoint_connector",
)


def silence() -> None:
    """Leave these messages out, and no others."""
    for words in UNNEEDED:
        warnings.filterwarnings("ignore", f".*{re.escape(words)}")
    for name in LOGGERS:
        logging.getLogger(name).addFilter(_is_needed)


def _is_needed(record: logging.LogRecord) -> bool:
    return not any(words in record.getMessage() for words in UNNEEDED)
