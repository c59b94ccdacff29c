"""What ECA&D calls variables; values are whole tenths of a unit."""

VOCABULARY = {
    "pr": ("rr", "mm"),
    "tasmax": ("tx", "degC"),
    "tasmin": ("tn", "degC"),
    "tas": ("tg", "degC"),
}
"""Element and unit, of ten counts, by our name."""

STATED_UNITS = {"mm": ("0.1 mm",), "degC": ("0.1 &#176;C", "0.1 °C", "0.1 degC")}
"""How the head of a file writes a tenth of the unit."""

WINDOW = "24 hours to the reporting time of each network, for rain often 06-06 UTC"
