"""What PRISM calls variables, and their units; a day is the 24 hours that end at 12 UTC."""

VOCABULARY = {
    "pr": ("ppt", "mm"),
    "tasmax": ("tmax", "degC"),
    "tasmin": ("tmin", "degC"),
    "tas": ("tmean", "degC"),
}
"""Name and unit by our name."""

WINDOWS = {
    "end": "24 hours to 12 UTC of the day",
    "start": "24 hours from 12 UTC of the day",
}
"""Hours of a value by `stamp`."""
