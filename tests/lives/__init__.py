"""A project's life over HTTP, as its people live it: the one family of helpers that drives one (decision 0254).

    life = build().life(facts={"investment_yuan": "3000000.00"})     # in a World: a tenant, its people, an owner
    await life.at("started")                                         # a waypoint; everything before it is done first
    await life.issue_budget("1000000.00")                            # an act of the Measures, by whoever's it is
    await life.does("owner", "payments", payment("400000.00"))       # any deed at all: who, which, what they say
    await life.refused("owner", "payments", {}, 403, "forbidden")    # what must be refused, and leaves no trace
    await life.wrong("owner", "payments", payment("600000.01"), "/amount_yuan", "beyond_budget", article=38)

`life.py`: one project and its acts. `case.py`: any deed on it. `world.py`: where it is lived. `reviews.py`: the
province's review, a city's own. `needs.py`: a need before it is declared. `worker.py`: what the worker does meanwhile.
`said.py`: what people say. `people.py`: who they are. A desk is `<tier>.<role>`: "city.gatekeeper", "province.office",
"county.unit"; "owner" is whoever the world declares for, "360200:city.unit" somebody of another tenant. Nothing here
belongs to one feature's tests.
"""

from tests.lives.life import ROAD, Life
from tests.lives.people import (
    COUNTIES,
    FOREIGN,
    PROVINCE,
    TENANT,
    People,
    Ready,
    Thing,
    good,
    login_of,
    people,
)
from tests.lives.said import APPROVAL, REASON
from tests.lives.world import World, builder, lives

__all__ = [
    "APPROVAL",
    "COUNTIES",
    "FOREIGN",
    "PROVINCE",
    "REASON",
    "ROAD",
    "TENANT",
    "Life",
    "People",
    "Ready",
    "Thing",
    "World",
    "builder",
    "good",
    "lives",
    "login_of",
    "people",
]
