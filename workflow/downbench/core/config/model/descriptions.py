"""Descriptions of options that several baselines have."""

WINDOW = "width of the window around the day of the year [days]"
LIBRARY = "past days that are kept, chosen at random; null keeps all of the training years [days]"
