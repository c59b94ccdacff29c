"""Names in a public bucket, from its listing in XML (ListObjectsV2)."""

from collections.abc import Sequence
from xml.etree import ElementTree

from downbench.core.errors import UserError
from downbench.sources.download.http import fetch_text

MOST_PAGES = 100


def sizes(url: str, prefix: str, pauses: Sequence[float]) -> dict[str, int]:
    """Return the size of each object whose name begins with a prefix [bytes].

    Raises
    ------
    UserError
        When the answer is no listing, or does not end.
    """
    found: dict[str, int] = {}
    parameters = {"list-type": "2", "prefix": prefix}
    for _ in range(MOST_PAGES):
        page = _parsed(fetch_text(f"{url}/", params=parameters, pauses=pauses), url)
        for entry in page.findall("{*}Contents"):
            found[entry.findtext("{*}Key", "")] = int(entry.findtext("{*}Size", "0"))
        token = page.findtext("{*}NextContinuationToken")
        if page.findtext("{*}IsTruncated") != "true" or not token:
            return found
        parameters = {"list-type": "2", "prefix": prefix, "continuation-token": token}
    raise UserError(f"{url}: the listing of {prefix} does not end: check `url`")


def _parsed(text: str, url: str) -> ElementTree.Element:
    """Return the listing; definitions of entities, which can grow without bound, are refused."""
    try:
        page = ElementTree.fromstring(text) if "<!" not in text else None
    except ElementTree.ParseError:
        page = None
    if page is None or not page.tag.endswith("ListBucketResult"):
        raise UserError(f"{url} answers with no listing of a bucket: {text[:80]!r}: check `url`")
    return page
