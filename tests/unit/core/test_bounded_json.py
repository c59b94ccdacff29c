"""JSON from elsewhere: read in linear time, or refused."""

import time

import pytest

from downbench.core.errors import UserError
from downbench.core.io import bounded_json


@pytest.mark.parametrize("unit", [b'\\"', b"\\", b'"', b'a\\"', b'"\\'])
def test_a_string_that_does_not_end_is_refused_at_once(unit):
    begin = time.process_time()
    with pytest.raises(UserError, match=r"x.json: not usable JSON"):
        bounded_json.check(b'"' + unit * 200_001, "x.json")
    assert time.process_time() - begin < 5


@pytest.mark.parametrize("number", [b"1e999", b"-1e999", b"Infinity", b"NaN"])
def test_a_number_that_is_not_finite_is_refused(number):
    with pytest.raises(UserError, match="is not finite"):
        bounded_json.check(b'{"a": ' + number + b"}", "x.json")


def test_brackets_and_digits_in_strings_are_text():
    text = '"' + "[" * 50 + r"\"" + "{" * 50 + "1" * 50 + '"'
    assert bounded_json.check(text.encode(), "x.json") == "[" * 50 + '"' + "{" * 50 + "1" * 50


def test_escapes_hide_no_brackets():
    with pytest.raises(UserError, match="nested deeper"):
        bounded_json.check(rb'["\\", ' + b"[" * 50, "x.json")
