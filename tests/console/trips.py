"""How many round trips a page's reads may take."""

TRIPS = 8
# The province's figures stand beside needs and duties, each with the period before (decision 0207): seven operations.
MOST = {"/console/monitor": 12}
