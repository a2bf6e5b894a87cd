"""How many replicas, where, and what each of them gets."""

import argparse
import re
from dataclasses import dataclass

_REPLICAS = re.compile(r"(\d+)(?:-(\d+))?")


@dataclass(frozen=True, kw_only=True)
class Replicas:
    """Where replicas run, and how many."""

    address: str | None  # of a Ray cluster to join ("auto": the one on this machine), or none
    least: int
    most: int
    processors: float  # for each replica
    gpu: float  # share of a GPU for each replica
    batch: int = 8  # images answered together, at most
    batch_wait: float = 0.005  # seconds to wait for others of the batch

    @property
    def at_once(self) -> int:
        """Count the images that all replicas together may have in hand."""
        return self.most * self.batch


def add_replicas(parser: argparse.ArgumentParser) -> None:
    """Add the options of replicas to a command."""
    parser.add_argument(
        "--serve",
        default="",
        metavar="ray[://ADDRESS]",
        help="run the model in replicas behind Ray Serve; with an address, join that cluster",
    )
    parser.add_argument(
        "--replicas", default="1", metavar="N|MIN-MAX", help="how many; a range follows the load"
    )
    parser.add_argument(
        "--replica-cpus", type=float, default=1.0, metavar="N", help="processors for each replica"
    )
    parser.add_argument(
        "--replica-gpus", type=float, default=0.0, metavar="SHARE", help="of a GPU for each replica"
    )


def checked_replicas(engine: str, count: str, processors: float, gpu: float) -> Replicas:
    """Read what was asked for. Raise ValueError, in one sentence, if that makes no sense."""
    name, _, address = engine.partition("://")
    if name != "ray" or ("://" in engine and not address):
        raise ValueError(f"Expected ray or ray://ADDRESS (--serve), but {engine!r} was given.")
    found = _REPLICAS.fullmatch(count)
    least, most = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
    if not 1 <= least <= most:
        raise ValueError(
            f"Expected a number such as 2, or a range such as 1-4 (--replicas), but {count!r} "
            "was given."
        )
    if not 0 < processors < float("inf"):
        raise ValueError(f"Expected a number over 0 (--replica-cpus), but {processors} was given.")
    if not (0 <= gpu <= 1 or (gpu < float("inf") and gpu == int(gpu))):
        raise ValueError(
            f"Expected a share from 0 to 1 or whole GPUs (--replica-gpus), but {gpu} was given."
        )
    return Replicas(address=address or None, least=least, most=most, processors=processors, gpu=gpu)
