"""What `create_app` gives answers to name things by: people, places, desks, choices, who changed a record."""

from __future__ import annotations

from functools import partial

from service.audit import changed
from service.docs.codes import names_of
from service.identity.desks import Manned
from service.identity.people import People
from service.kit.call import Services
from service.kit.naming import Names
from service.measures.offices import Divisions
from service.serving.known import known_values


def tell_names(services: Services, divisions: Divisions) -> None:
    """Puts them where every call reaches them."""
    services.known |= known_values(services.policy.roles, divisions)
    people = People()
    services.names = Names(people.of, divisions.name_of)
    services.shelf |= {People: people, Manned: Manned()}
    services.labels = names_of
    services.changed = partial(changed.tell, named=partial(people.named, closed=True))
