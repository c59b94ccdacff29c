"""What CORDEX-ML-Bench calls variables, and their units where a file states none."""

VOCABULARY = {
    "pr": ("pr", "mm day-1"),
    "tasmax": ("tasmax", "K"),
    "ta850": ("t_850", "K"),
    "hus850": ("q_850", "kg kg-1"),
    "zg500": ("z_500", "m"),
}
"""Name and unit by our name."""

WINDOW = "00-24 UTC, stamped 12:00"
