"""What GHCN-Daily calls variables; values are whole tenths of a unit."""

VOCABULARY = {
    "pr": ("PRCP", "mm"),
    "tasmax": ("TMAX", "degC"),
    "tasmin": ("TMIN", "degC"),
    "tas": ("TAVG", "degC"),
}
"""Element and unit, of ten counts, by our name."""

WINDOW = "24 hours to the observation of each station, mostly in the morning of the day"
