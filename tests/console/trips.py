"""How many round trips a page's reads may take."""

TRIPS = 8
