"""The fingerprint of code: what counts, and what does not."""

import pytest

from downbench.core import provenance

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


def version():
    for cached in (provenance._file, provenance._tree, provenance._imports):
        cached.cache_clear()
    return provenance.code_version("demo.above")


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


def test_code_counts_also_where_it_is_imported_from(package):
    before = version()
    (package / "below.py").write_text("def f(x):\n    return 2 * x\n")
    assert version() != before


def test_modules_out_of_reach_do_not_count(package):
    before = version()
    (package / "aside.py").write_text("A = 2\n")
    assert version() == before


def test_classes_of_the_configuration_do_not_count(package):
    folder = package / "core" / "config"
    folder.mkdir(parents=True)
    (folder / "families.py").write_text("A = 1\n")
    (package / "below.py").write_text("from demo.core.config.families import A\nf = print\n")
    before = version()
    (folder / "families.py").write_text("A = 2\n")
    assert version() == before


def test_templates_beside_a_module_count(package):
    before = version()
    (package / "page.css").write_text("a {}")
    assert version() != before


def test_a_module_that_is_not_there_is_an_error(package):
    with pytest.raises(ModuleNotFoundError, match="demo.nowhere"):
        provenance.code_version("demo.nowhere")
