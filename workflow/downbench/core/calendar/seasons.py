"""Seasons by their calendar months."""

ALL_YEAR = tuple(range(1, 13))
SEASONS = {"DJF": (12, 1, 2), "MAM": (3, 4, 5), "JJA": (6, 7, 8), "SON": (9, 10, 11)}
