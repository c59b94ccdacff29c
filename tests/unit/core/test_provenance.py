"""The fingerprint of code: what counts, and what does not."""

import pytest

from downbench.core import provenance, source_summaries

MODULE = '''"""Words."""
from demo.below import f


def g(x):
    """More words."""
    return f(x) + 1  # why
'''


@pytest.fixture
def package(tmp_path, monkeypatch):
    root = tmp_path / "demo"
    root.mkdir()
    for name, text in {
        "__init__": "",
        "above": MODULE,
        "below": "def f(x):\n    return x\n",
        "aside": "A = 1\n",
    }.items():
        (root / f"{name}.py").write_text(text)
    monkeypatch.setattr(provenance, "PACKAGE", root)
    monkeypatch.setattr(provenance, "NAME", "demo")
    return root


def version(**options):
    for function in vars(provenance).values():
        if hasattr(function, "cache_clear"):
            function.cache_clear()
    return provenance.code_version("demo.above", **options)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("# why", "# because"),
        ("Words.", "Other words."),
        ("More words.", "Fewer."),
        ("f(x) + 1", "(f(x)  +  1)"),
    ],
)
def test_words_and_layout_do_not_count(package, old, new):
    before = version()
    (package / "above.py").write_text(MODULE.replace(old, new))
    assert version() == before


def test_help_texts_do_not_count(package):
    (package / "below.py").write_text("f = dict(description='a', n=1)\n")
    before = version()
    (package / "below.py").write_text("f = dict(description='b', n=1)\n")
    assert version() == before
    (package / "below.py").write_text("f = dict(description='b', n=2)\n")
    assert version() != before


@pytest.mark.parametrize("keyword", ["meaning", "definition", "heading"])
def test_the_wording_of_metrics_counts_for_pages_alone(package, keyword):
    (package / "below.py").write_text(f"f = dict({keyword}='Mean error.', unit='K')\n")
    before, page = version(), version(wording=True)
    (package / "below.py").write_text(f"f = dict({keyword}='Bias.', unit='K')\n")
    assert version() == before and version(wording=True) != page
    (package / "below.py").write_text(f"f = dict({keyword}='Bias.', unit='1')\n")
    assert version() != before


def test_code_counts_also_where_it_is_imported_from(package):
    before = version()
    (package / "below.py").write_text("def f(x):\n    return 2 * x\n")
    assert version() != before


def test_modules_out_of_reach_do_not_count(package):
    before = version()
    (package / "aside.py").write_text("A = 2\n")
    assert version() == before


OPTIONS = """
from pydantic import Field, field_validator

Size = int | str
NAMES = ("small", "large")
FAMILIES = {"toy": dict}


class Toy:
    size: Size = Field(default=1, description="its size")

    @field_validator("size")
    @classmethod
    def _positive(cls, size):
        return abs(size)

    @property
    def double(self):
        return 2 * self.size


def checked(options):
    return options
"""


@pytest.fixture
def options(package):
    """A module of the configuration that the fingerprinted module imports."""
    folder = package / "core" / "config"
    folder.mkdir(parents=True)
    (folder / "families.py").write_text(OPTIONS)
    (package / "below.py").write_text("from demo.core.config.families import Toy\nf = print\n")
    return folder / "families.py"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    size: Size", "    colour: str = 'red'\n    size: Size"),
        ("default=1", "default=2"),
        ("int | str", "int"),
        ('{"toy": dict}', '{"toy": dict, "other": dict}'),
        ("class Toy:", "class Other:\n    size: int = 1\n\n\nclass Toy:"),
    ],
)
def test_a_new_option_or_family_does_not_count(options, old, new):
    before = version()
    assert old in OPTIONS
    options.write_text(OPTIONS.replace(old, new))
    assert version() == before


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("abs(size)", "max(size, 0)"),
        ("2 * self.size", "self.size + self.size"),
        ("return options", "return dict(options)"),
        ('("small", "large")', '("small", "medium", "large")'),
    ],
)
def test_functions_properties_and_constants_of_the_configuration_count(options, old, new):
    before = version()
    assert old in OPTIONS
    options.write_text(OPTIONS.replace(old, new))
    assert version() != before


def test_a_module_with_nothing_but_options_does_not_count(options):
    options.write_text("class Toy:\n    size: int = 1\n")
    before = version()
    options.with_name("more.py").write_text("class More:\n    size: int = 1\n")
    options.write_text("from demo.core.config.more import More\nclass Toy:\n    size: int = 1\n")
    assert version() == before


def test_templates_beside_a_module_count(package):
    before = version()
    (package / "page.css").write_text("a {}")
    assert version() != before


def test_a_module_that_is_not_there_is_an_error(package):
    with pytest.raises(ModuleNotFoundError, match="demo.nowhere"):
        provenance.code_version("demo.nowhere")


def test_a_summary_is_kept_and_holds_for_the_same_bytes_alone(package, monkeypatch):
    before = version()
    monkeypatch.setattr(source_summaries, "summary", None)  # nothing is parsed again
    assert version() == before
    monkeypatch.undo()
    monkeypatch.setattr(provenance, "PACKAGE", package)
    monkeypatch.setattr(provenance, "NAME", "demo")
    (package / "below.py").write_text("def f(x):\n    return x + 1\n")
    assert version() != before
    (package / "below.py").write_text("def f(x):\n    return x\n")
    assert version() == before


@pytest.mark.parametrize(
    "text", ["", "[]", '{"version": "another", "summaries": {"above.py": 1}}']
)
def test_kept_summaries_that_cannot_be_used_are_made_again(package, text):
    before = version()
    (package / source_summaries.KEPT).write_text(text)
    assert version() == before
