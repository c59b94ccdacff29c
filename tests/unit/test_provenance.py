"""The fingerprint of code: what counts, and what does not."""

import ast
import re

import pytest

from downbench.core import provenance

CONFIG = "downbench.core.config"
STEP = r"downbench\.steps\.(\w+)\""
# A step typed by hand without --evaluation reads config/default.yaml; a rule never does.
BY_HAND = {"settings.py: yamls", "settings.py: checked"}
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


def steps_of_rules():
    """Modules of the package, outside of the configuration, that any rule's fingerprint holds."""
    root = provenance.PACKAGE
    rules = (root.parent / "rules").glob("*.smk")
    steps = {step for path in rules for step in re.findall(STEP, path.read_text())}
    found = [f"downbench.steps.{step}" for step in steps]
    for part in ("labs", "plots"):
        paths = (path.relative_to(root) for path in (root / part).rglob("*.py"))
        found += [".".join(("downbench", *path.with_suffix("").parts)) for path in paths]
    return [path for path in provenance._closure(found) if path.suffix == ".py"]


def methods_of_the_configuration():
    """What its classes do beyond reading their keys, less names that are keys elsewhere."""
    methods, keys = set(), set()
    for path in (provenance.PACKAGE / "core/config").rglob("*.py"):
        tree = ast.parse(path.read_text())
        for one in (node for node in tree.body if isinstance(node, ast.ClassDef)):
            keys |= {n.target.id for n in one.body if isinstance(n, ast.AnnAssign)}
            methods |= {n.name for n in one.body if isinstance(n, ast.FunctionDef)}
    return {name for name in methods - keys if not name.startswith("_")}


def test_no_step_uses_what_the_configuration_does_beyond_reading_its_keys():
    methods, paths = methods_of_the_configuration(), steps_of_rules()
    assert "offers" in methods and len(paths) > 100
    used = {
        f"{path.name}: {node.attr}"
        for path in paths
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in methods
    }
    assert not used, "not in the fingerprint: move it out of core/config"


def test_no_step_takes_a_constant_or_a_function_from_the_configuration():
    taken = {
        f"{path.name}: {alias.name}"
        for path in steps_of_rules()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(CONFIG)
        for alias in node.names
        if not alias.name[0].isupper() or alias.name.isupper()
    }
    assert taken == BY_HAND, "not in the fingerprint: move it out of core/config"


def test_templates_beside_a_module_count(package):
    before = version()
    (package / "page.css").write_text("a {}")
    assert version() != before


def test_a_module_that_is_not_there_is_an_error(package):
    with pytest.raises(ModuleNotFoundError, match="demo.nowhere"):
        provenance.code_version("demo.nowhere")
