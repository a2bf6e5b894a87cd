"""What the page reads of an address, its own or one that the explorer asks for."""

from urllib.parse import parse_qs

LONGEST_QUERY = 2000  # characters of an address that are looked at


def query_of(given: object) -> str:
    """Take the query of an address, cut to a length that is safe to read."""
    return str(given)[:LONGEST_QUERY]


def value_of(query: str, name: str) -> str:
    """Read a value; "" where there is none."""
    return parse_qs(query).get(name, [""])[0]


def number_of(query: str, name: str) -> int | None:
    """Read a whole number of up to nine digits; None where there is none."""
    return whole_number(value_of(query, name))


def whole_number(text: str) -> int | None:
    """Read a whole number of up to nine digits; None for any other text."""
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 10 else None
