"""Files, modules, targets and links that the documentation mentions exist."""

import ast
import fnmatch
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PACKAGE = ROOT / "workflow/downbench"
ROOMS = ("workflow", "tests", "bench", "config", "docs", "profiles", "envs")
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("docs/**/*.md")])
CURRENT = [page for page in PAGES if "results" not in page.parts]
"""Pages about the code as it is; pages of results name the code of their time."""

CODE = re.compile(r"`([^`\n]+)`")
FENCE = re.compile(r"^ *```.*?^ *```$", re.DOTALL | re.M)
FILE = re.compile(
    r"(?<![\w<>{}*…/.~-])(?:config/\w+\.csv|[\w./*-]*\w\.(?:py|smk|yaml|json|md|toml|lock))\b(?![\w<{/])"
)
WRITTEN = re.compile(r"^`([\w/.-]+)`:?$", re.M)
"""A line of its own: the file that the block below it belongs to."""
MODULE = re.compile(r"\bdownbench(?:\.[a-z]\w*)+")
MAKE = re.compile(r"(?:^|`|&& )make ((?:[A-Z]+=\S+ )*)([a-z][\w-]*)", re.M)
LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")
TEST = re.compile(r"`(test_\w+_\w+)`")
IDENTIFIER = re.compile(r"(?<![\w<{./])[a-z][a-z0-9]*(?:_[a-z0-9]+)+(?![\w<{*./(])")
WORD = re.compile(r"[A-Za-z_]\w*")
SOURCES = (".py", ".yaml", ".smk", ".j2", ".csv")
EXCHANGED = {"model.json", "transforms.json", "physics.json", "oracle.json", "training.json"}
"""Files of bundles and results, which the repository does not hold."""


def text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def names(pages: list[Path], pattern: re.Pattern[str], group: int = 0) -> list[tuple[str, str]]:
    """Pairs of page and name, each once."""
    pairs = {
        (str(page.relative_to(ROOT)), match[group])
        for page in pages
        for match in pattern.finditer(text(page))
    }
    return sorted(pairs)


def files() -> list[tuple[str, str]]:
    """Pairs of page and file, without those that a guide asks its reader to write."""
    pairs = set()
    for page in CURRENT:
        prose = FENCE.sub("", text(page))
        written = set(WRITTEN.findall(prose))
        mentioned = {name for code in CODE.findall(prose) for name in FILE.findall(code)}
        pairs |= {(str(page.relative_to(ROOT)), name) for name in mentioned - written - EXCHANGED}
    return sorted(pairs)


@cache
def repository() -> tuple[str, ...]:
    """Paths of all files of the repository, with a leading slash."""
    nested = (path for room in ROOMS for path in (ROOT / room).rglob("*.*"))
    return tuple(f"/{path.relative_to(ROOT)}" for path in [*ROOT.glob("*.*"), *nested])


def identifiers() -> list[tuple[str, str]]:
    """Pairs of page and name: keys, columns and functions outside of the code blocks of guides."""
    pairs = set()
    for page in CURRENT:
        spans = CODE.findall(FENCE.sub("", text(page)))
        pairs |= {(str(page.relative_to(ROOT)), n) for s in spans for n in IDENTIFIER.findall(s)}
    return sorted(pairs)


@cache
def vocabulary() -> frozenset[str]:
    """Words of code and configuration."""
    rooms = (ROOT / room for room in ("workflow", "config", "tests", "bench"))
    paths = [path for room in rooms for path in room.rglob("*") if path.suffix in SOURCES]
    words = {word for path in paths for word in WORD.findall(text(path))}
    return frozenset(words | {path.stem for path in paths})


def is_composed(name: str) -> bool:
    """Whether code puts a name together: a quantity, and a suffix such as `_reference`."""
    words = vocabulary()
    ends = (match.start() for match in re.finditer("_", name))
    return any(name[:end] in words and name[end:] in words for end in ends)


@cache
def definitions(module: Path) -> frozenset[str]:
    """Names that a module defines at its top level."""
    defined = set()
    for node in ast.parse(module.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            defined.add(node.name)
        elif isinstance(node, ast.Assign):
            defined |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return frozenset(defined)


def exists(module: str) -> bool:
    """Whether a dotted name is a package, a module or something that a module defines."""
    path = PACKAGE.joinpath(*module.split(".")[1:])
    if path.is_dir() or path.with_suffix(".py").is_file():
        return True
    parent = path.parent.with_suffix(".py")
    return parent.is_file() and path.name in definitions(parent)


@cache
def anchors(page: Path) -> frozenset[str]:
    """Anchors of the headings of a page, as GitHub writes them."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", text(page)), re.M)
    plain = (re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading) for heading in headings)
    words = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in plain)
    return frozenset(heading.strip().replace(" ", "-") for heading in words)


@pytest.mark.parametrize(("page", "name"), files())
def test_files_exist(page: str, name: str) -> None:
    """A path may leave out the folders that it begins with, as within a room."""
    ending = name.removeprefix("../").removeprefix("../")
    assert fnmatch.filter(repository(), f"*/{ending}"), f"{page} mentions {name}: no such file"


@pytest.mark.parametrize(("page", "name"), identifiers())
def test_keys_columns_and_functions_exist(page: str, name: str) -> None:
    exists_somewhere = name in vocabulary() or is_composed(name)
    assert exists_somewhere, f"{page} mentions {name}: neither code nor configuration has it"


@pytest.mark.parametrize(("page", "module"), names(CURRENT, MODULE))
def test_modules_exist(page: str, module: str) -> None:
    assert exists(module), f"{page} mentions {module}: no such module"


@pytest.mark.parametrize(("page", "target"), names(PAGES, MAKE, group=2))
def test_make_targets_exist(page: str, target: str) -> None:
    targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    assert target in targets, f"{page} mentions `make {target}`: no such target"


@pytest.mark.parametrize(("page", "function"), names(CURRENT, TEST, group=1))
def test_tests_exist(page: str, function: str) -> None:
    defined = (definitions(path) for path in ROOT.glob("tests/**/test_*.py"))
    assert any(function in functions for functions in defined), f"{page} mentions {function}"


@pytest.mark.parametrize("page", [str(page.relative_to(ROOT)) for page in PAGES])
def test_links_lead_somewhere(page: str) -> None:
    for pair in LINK.findall(FENCE.sub("", text(ROOT / page))):
        link = next(filter(None, pair))
        if link.startswith(("http://", "https://", "mailto:")):
            continue
        path, _, anchor = link.partition("#")
        target = ((ROOT / page).parent / path).resolve() if path else ROOT / page
        assert target.exists(), f"{page} links to {link}: no such file"
        assert not anchor or anchor in anchors(target), f"{page} links to {link}: no such heading"
