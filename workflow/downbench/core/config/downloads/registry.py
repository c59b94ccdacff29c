"""Providers of downloads, by the files of this folder that define `DOWNLOAD`."""

import json
from collections.abc import Mapping
from functools import reduce
from importlib import import_module
from operator import or_
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from downbench.core.config.downloads.download import Download
from downbench.core.config.messages import checked, unknown
from downbench.core.errors import UserError

FOLDER = Path(__file__).parent


def _providers() -> dict[str, type[Download]]:
    names = sorted(path.stem for path in FOLDER.glob("[a-z]*.py") if path != Path(__file__))
    modules = {name: import_module(f"{__package__}.{name}") for name in names}
    return {
        name.replace("_", "-"): module.DOWNLOAD
        for name, module in modules.items()
        if hasattr(module, "DOWNLOAD")
    }


PROVIDERS = _providers()
AnyDownload = Annotated[reduce(or_, PROVIDERS.values()), Field(discriminator="provider")]


def request_of(text: str, handling: str = "{}") -> Download:
    """Return the section of a download from its JSON and that of its keys of `handling`.

    Raises
    ------
    UserError
        When the provider does not exist, or a key is wrong.
    """
    content: Mapping[str, Any] = json.loads(text) | json.loads(handling)
    provider, origin = str(content.get("provider")), Path("--request")
    if provider not in PROVIDERS:
        raise UserError(f"{origin}: {unknown('provider', provider, sorted(PROVIDERS))}")
    return checked(PROVIDERS[provider], content, origin)
