"""By which names this server may be asked, and which other sites' pages may ask or frame it."""

import ipaddress
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

_LOOPBACK = ("localhost", "ip6-localhost")


@dataclass(frozen=True, kw_only=True)
class Access:
    """Who may come, and how."""

    host: str = "127.0.0.1"  # the address that is listened on
    names: tuple[str, ...] = ()  # more names of this server; "*.example.org" means all below it
    embedders: tuple[str, ...] = ()  # origins whose pages may frame this one; "*" means all
    root_path: str = ""  # where a proxy serves the page: a path, or a whole address

    @property
    def is_public(self) -> bool:
        """Return whether other machines can reach the address."""
        return not _is_loopback(_bare(self.host))


def hosted(access: Access, environment: Mapping[str, str] = os.environ) -> Access:
    """Add the names and the frame that Hugging Face gives a Space."""
    if not environment.get("SPACE_ID"):
        return access
    return Access(
        host=access.host,
        names=(*access.names, "*.hf.space", "huggingface.co"),
        embedders=(*access.embedders, "https://huggingface.co", "https://*.hf.space"),
        root_path=access.root_path,
    )


def may_be_asked_as(access: Access, host: str) -> bool:
    """Return whether a Host header names this server.

    A foreign name that was made to point here (DNS rebinding) would let any website read the
    answers. Numbers cannot be made to point elsewhere.
    """
    name = _name_of(host)
    if not name:
        return False
    if _is_number(name) or _is_loopback(name) or _is_listed(access, name):
        return True
    own = socket.gethostname().lower()
    return access.is_public and name in (own, f"{own}.local")


def may_ask(access: Access, origin: str, hosts: tuple[str, ...]) -> bool:
    """Return whether a page of an origin may change things: one of this server's own pages may."""
    parts = urlsplit(origin)
    own = {host.lower() for host in hosts}
    return parts.netloc.lower() in own or _is_listed(access, (parts.hostname or "").lower())


def _is_listed(access: Access, name: str) -> bool:
    if not name:
        return False
    listed = [one.lower() for one in access.names]
    if "://" in access.root_path:
        listed.append((urlsplit(access.root_path).hostname or "").lower())
    below = [one[1:] for one in listed if one.startswith("*.")]
    return name in listed or name.endswith(tuple(below))


def _name_of(host: str) -> str:
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""


def _bare(host: str) -> str:
    return host.removeprefix("[").removesuffix("]").lower()


def _is_number(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _is_loopback(name: str) -> bool:
    if _is_number(name):
        return ipaddress.ip_address(name).is_loopback
    return name in _LOOPBACK or name.endswith(".localhost")
