"""Addresses that came from outside: only pages of ours are gone on to."""

from __future__ import annotations


def own_page(address: str) -> str:
    """The address if it is a page of ours, else nothing: nobody is led elsewhere."""
    plain = address.isascii() and address.isprintable() and "\\" not in address and "//" not in address
    inner = address.partition("?")[0]
    ours = address == "/console" or address.startswith(("/console/", "/console?"))
    return address if plain and ours and ".." not in inner else ""
