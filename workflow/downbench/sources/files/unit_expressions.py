"""Reads units as archives write them: kg m**-2 s**-1, kg/(m^2 s), mm/hr, m of water."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

SECONDS = {"s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0}
METRES = {"m": 1.0, "km": 1e3, "dam": 10.0, "cm": 1e-2, "mm": 1e-3, "in": 0.0254, "ft": 0.3048}
KILOGRAMS = {"kg": 1.0, "g": 1e-3, "mg": 1e-6}
PASCALS = {"pa": 1.0, "hpa": 100.0, "kpa": 1000.0, "mbar": 100.0}
SHARES = {"1": 1.0, "%": 0.01}
SYMBOLS = {
    **{name: (scale, {"s": 1}) for name, scale in SECONDS.items()},
    **{name: (scale, {"m": 1}) for name, scale in METRES.items()},
    **{name: (scale, {"kg": 1}) for name, scale in KILOGRAMS.items()},
    **{name: (scale, {"Pa": 1}) for name, scale in PASCALS.items()},
    **{name: (scale, {}) for name, scale in SHARES.items()},
    "kn": (1852 / 3600, {"m": 1, "s": -1}),
    "j": (1.0, {"kg": 1, "m": 2, "s": -2}),
}
"""Scale and dimensions of each symbol, in lower case."""

ALIASES = {
    "s": ("sec", "second", "seconds"),
    "min": ("minute", "minutes"),
    "h": ("hr", "hrs", "hour", "hours"),
    "d": ("day", "days", "dy"),
    "m": ("meter", "meters", "metre", "metres", "gpm", "mgp"),
    "km": ("kilometer", "kilometers", "kilometre", "kilometres"),
    "dam": ("gpdm", "dagpm", "decameter", "decameters", "dm_gpm"),
    "cm": ("centimeter", "centimeters", "centimetre", "centimetres"),
    "mm": ("millimeter", "millimeters", "millimetre", "millimetres"),
    "in": ("inch", "inches"),
    "ft": ("foot", "feet"),
    "kg": ("kilogram", "kilograms"),
    "g": ("gram", "grams"),
    "pa": ("pascal", "pascals"),
    "hpa": ("hectopascal", "hectopascals"),
    "mbar": ("mb", "mbars", "millibar", "millibars"),
    "%": ("percent", "pct", "percentage"),
    "1": ("fraction", "dimensionless", "unitless", "proportion", "ratio"),
    "kn": ("knot", "knots", "kt", "kts"),
    "j": ("joule", "joules"),
}
NAMES = {alias: symbol for symbol, aliases in ALIASES.items() for alias in aliases}
SUPERSCRIPTS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹·", "-0123456789 ")
WATER = re.compile(r"\b(of )?(liquid )?(water( equivalent)?|h2o|air)\b|\bl?w\.?e\.?(?=\s|$)")
INTERVAL = re.compile(r"[\[(]?\s*0\s*(-|to)\s*1\s*[\])]?")
BRACKETS = re.compile(r"[\[(]([^\[\]()]*)[\])]")
POWER_OF_BRACKET = re.compile(r"[\])]\s*\^?[-+]?\d")
DIVISOR = re.compile(r"/\s*\(([^()]*)\)")
FACTOR = re.compile(
    r"\s*(?P<sign>[/*.]?)\s*(?:(?P<number>\d+(?:\.\d+)?(?:e-?\d+)?)(?![\d.])|(?P<name>[a-z%_]+))"
    r"(?:\^?(?P<power>[-+]?\d+))?"
)


@dataclass(frozen=True)
class Expression:
    """Scale to SI and dimensions of a unit: mm day-1 is 1.16e-8 of m s-1."""

    scale: float = 1.0
    dimensions: Mapping[str, int] = field(default_factory=dict)

    def times(self, other: "Expression", power: int = 1) -> "Expression":
        """Return the product with a power of another unit."""
        exponents = {
            name: self.dimensions.get(name, 0) + power * other.dimensions.get(name, 0)
            for name in {**self.dimensions, **other.dimensions}
        }
        kept = {name: exponent for name, exponent in exponents.items() if exponent}
        return Expression(self.scale * other.scale**power, kept)


def parse(text: str) -> Expression | None:
    """Return what a unit stands for; None if it is not understood.

    Qualifiers of water are ignored: "m of water equivalent" is a depth in m.
    """
    plain = _plain(text)
    unit, position = Expression(), 0
    while position < len(plain):
        match = FACTOR.match(plain, position)
        factor = _factor(match) if match else None
        if factor is None:
            return None
        unit, position = unit.times(factor, -1 if match["sign"] == "/" else 1), match.end()
    return unit if plain else None


def _factor(match: re.Match) -> Expression | None:
    if match["number"]:
        base = Expression(float(match["number"]))
    else:
        symbol = SYMBOLS.get(NAMES.get(match["name"], match["name"]))
        if symbol is None:
            return None
        base = Expression(*symbol)
    return Expression().times(base, int(match["power"] or 1))


def _plain(text: str) -> str:
    """Return the unit in lower case, without brackets and words, powers as ^; '' if unclear."""
    lower = text.strip().lower().translate(SUPERSCRIPTS).replace("**", "^")
    if INTERVAL.fullmatch(lower):
        return "1"
    lower = re.sub(r"\s+per\s+", "/", WATER.sub(" ", lower))
    lower = re.sub(r"\^\((-?\d+)\)", r"^\1", lower)
    if POWER_OF_BRACKET.search(lower):
        return ""  # (3 h)-1 is not 3 h-1
    factored = DIVISOR.sub(
        lambda m: "".join(f"/{u}" for u in re.split(r"[\s.*]+", m[1].strip())), lower
    )
    return BRACKETS.sub(r"\1", factored).strip()
