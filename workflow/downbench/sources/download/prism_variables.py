"""What PRISM calls variables, and their units; a day is the 24 hours that end at 12 UTC."""

VOCABULARY = {
    "pr": ("ppt", "mm"),
    "tasmax": ("tmax", "degC"),
    "tasmin": ("tmin", "degC"),
    "tas": ("tmean", "degC"),
}
"""Name and unit by our name."""
