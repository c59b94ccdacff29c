"""Names of variables that are treated each in its own way.

Outside of `core/config`, so that they are part of the fingerprint of each step that asks.
"""

RAIN = "pr"
TEMPERATURES = ("tas", "tasmax", "tasmin")
