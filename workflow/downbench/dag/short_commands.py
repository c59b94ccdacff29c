"""Shell commands in messages about failed jobs, without the configuration that they carry."""

import logging
import re

SNAKEMAKE = "snakemake.logging"
SECTION = re.compile(r"""'([{\[])(?:[^']|'"'"')*([}\]])'""")
"""A section of JSON, quoted as `shlex.quote` does."""


class ShortCommands(logging.Filter):
    """Leaves the sections out of the command of a failed job; --printshellcmds prints them."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Shorten the commands in an error; every record passes."""
        if record.levelno >= logging.ERROR:
            record.msg = shortened(record.msg) if isinstance(record.msg, str) else record.msg
            for message in (vars(record), *getattr(record, "job_error_info", ())):
                if message.get("shellcmd"):
                    message["shellcmd"] = shortened(message["shellcmd"])
        return True


def shortened(command: str) -> str:
    """Return a command with `'{…}'` in place of each section of more than a few words."""

    def brackets(section: re.Match[str]) -> str:
        return f"'{section[1]}…{section[2]}'" if len(section[0]) > 40 else section[0]

    return SECTION.sub(brackets, command)


def shorten() -> None:
    """Let Snakemake report failed jobs with short commands."""
    logger = logging.getLogger(SNAKEMAKE)
    if not any(isinstance(part, ShortCommands) for part in logger.filters):
        logger.addFilter(ShortCommands())
