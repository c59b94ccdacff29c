"""Random numbers by name (trap T20)."""

from downbench.core import rng


def test_same_keys_same_numbers():
    assert (
        rng.generator(1, "m", "2001-01-01", 0).random(5)
        == rng.generator(1, "m", "2001-01-01", 0).random(5)
    ).all()


def test_every_key_matters():
    keys = [
        (1, "m", "d", 0),
        (2, "m", "d", 0),
        (1, "n", "d", 0),
        (1, "m", "e", 0),
        (1, "m", "d", 1),
    ]
    assert len({rng.seed_of(*key) for key in keys}) == len(keys)


def test_keys_do_not_run_into_each_other():
    assert rng.seed_of("ab", "c") != rng.seed_of("a", "bc")


def test_seeds_are_the_same_on_every_machine():
    assert rng.seed_of(1, "corrdiff", "2007-01-01", 3) == 15121438574457841249
