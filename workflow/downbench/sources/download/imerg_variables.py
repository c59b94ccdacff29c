"""What IMERG calls rain in its versions, and the names of its daily collections."""

VARIABLES = {"07B": "precipitation", "06": "precipitationCal"}
UNITS = ("mm/day", "mm")
"""Units of the daily files: version 06 writes mm, of the day."""

RUNS = {"final": ("F", ""), "late": ("L", "-L"), "early": ("E", "-E")}
"""Letter in the name of the collection, and what the name of a file adds."""

WINDOW = "00-24 UTC"
