"""Every step has one shape: `parse(argv)`, `main(argv)`, and a docstring that --help shows."""

import inspect
import pkgutil
from importlib import import_module

import pytest

import downbench.steps

STEPS = sorted(module.name for module in pkgutil.iter_modules(downbench.steps.__path__))


@pytest.mark.parametrize("name", STEPS)
def test_parse_and_main_take_the_arguments_of_the_command_line(name: str) -> None:
    step = import_module(f"downbench.steps.{name}")
    for function in (step.parse, step.main):
        (parameter,) = inspect.signature(function).parameters.values()
        assert parameter.name == "argv" and parameter.default is None
    assert inspect.getsource(step).endswith('if __name__ == "__main__":\n    cli.run(main)\n')


@pytest.mark.parametrize("name", STEPS)
def test_help_shows_the_first_line_of_the_module(name: str, capsys) -> None:
    step = import_module(f"downbench.steps.{name}")
    with pytest.raises(SystemExit) as end:
        step.parse(["--help"])
    assert end.value.code == 0
    words = " ".join(capsys.readouterr().out.split())
    assert words.startswith(f"usage: python -m downbench.steps.{name} ")
    first = step.__doc__.partition("\n")[0]
    assert first.endswith(".") and first in words
