"""Only the listed messages of lightning are left out of logs."""

import logging
import warnings

import pytest

from downbench.nets import lightning_messages


def test_other_warnings_stay():
    with warnings.catch_warnings():
        lightning_messages.silence()
        warnings.warn("Found 59 module(s) in eval mode at the start of training. x", stacklevel=1)
        with pytest.warns(UserWarning, match="not divisible"):
            warnings.warn("the batch is not divisible", stacklevel=1)


def test_advertisements_are_no_part_of_a_log(caplog):
    lightning_messages.silence()
    logger = logging.getLogger(lightning_messages.LOGGERS[0])
    with caplog.at_level(logging.INFO, logger=logger.name):
        logger.info("💡 Tip: For seamless cloud logging")
        logger.info("GPU available: False")
    assert [record.message for record in caplog.records] == ["GPU available: False"]
