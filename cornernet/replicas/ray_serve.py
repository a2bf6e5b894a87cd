"""Replicas behind Ray Serve. Nothing of Ray is imported before `start` is called."""

import asyncio
import atexit
import os
import socket
import time
from typing import Any

from torch import Tensor

from cornernet.detector import load_detector
from cornernet.replicas.answering import Answering
from cornernet.replicas.options import Replicas
from cornernet.replicas.remote import Ask

APPLICATION = "cornernet"
DEPLOYMENT = "model"
PATIENCE_SECONDS = 100.0  # for an answer, with all repetitions; below the page's own limit
_PAUSE_SECONDS = 0.2  # before a question is repeated
_KNOCK_SECONDS = 5.0  # for a cluster's port to open


def start(replicas: Replicas, model: str, device: str) -> Ask:
    """Start or join Ray, and replicas that have the model loaded; give what asks them.

    Raise ValueError, in one sentence, if that cannot be done.
    """
    try:
        import ray
        from ray import serve
    except ImportError as error:
        raise ValueError(
            'Expected Ray to be installed for --serve: pip install "ray[serve]==2.60.0".'
        ) from error
    _join(ray, replicas)
    serve.start(proxy_location="Disabled")  # no port of its own: visitors come to the page
    deployed = serve.deployment(**_settings(replicas))(Replica)
    try:
        handle = serve.run(
            deployed.bind(model, device, replicas), name=APPLICATION, route_prefix=None
        )
    except RuntimeError as error:
        raise ValueError(
            "Expected the replicas to start, but they did not: Ray's log says why "
            "(/tmp/ray/session_latest/logs/serve)."
        ) from error
    return Asking(handle)


def _join(ray: Any, replicas: Replicas) -> None:  # noqa: ANN401
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing is sent to Ray's makers
    here = {"include_dashboard": False}
    where = {"address": replicas.address} if replicas.address else here
    if replicas.address not in (None, "auto"):
        _expect_open(replicas.address)
    try:
        ray.init(log_to_driver=False, logging_level="ERROR", **where)
    except (ConnectionError, ValueError, RuntimeError) as error:
        raise ValueError(
            f"Expected a Ray cluster at {replicas.address or 'this machine'} (--serve), but none "
            f"can be joined: {str(error).splitlines()[0]}"
        ) from error
    atexit.register(ray.shutdown)


def _expect_open(address: str) -> None:
    """Raise ValueError unless something listens there: Ray itself goes on trying for minutes."""
    host, _, port = address.rpartition(":")
    where = (host.removeprefix("[").removesuffix("]"), int(port) if port.isdecimal() else 0)
    if not (host and 0 < where[1] < 65536):
        raise ValueError(f"Expected ray://HOST:PORT (--serve), but ray://{address} was given.")
    try:
        socket.create_connection(where, _KNOCK_SECONDS).close()
    except OSError as error:
        raise ValueError(
            f"Expected a Ray cluster at {address} (--serve), but it cannot be reached: {error}"
        ) from error


def _settings(replicas: Replicas) -> dict[str, Any]:
    return {
        "name": DEPLOYMENT,
        "max_ongoing_requests": 2 * replicas.batch,
        "ray_actor_options": {"num_cpus": replicas.processors, "num_gpus": replicas.gpu},
        "autoscaling_config": {
            "min_replicas": replicas.least,
            "initial_replicas": replicas.least,
            "max_replicas": replicas.most,
            "target_ongoing_requests": max(1, replicas.batch // 2),
        },
        "health_check_period_s": 5,
        "health_check_timeout_s": 30,
    }


class Replica:
    """What Ray runs in a process of its own."""

    def __init__(self, model: str, device: str, replicas: Replicas) -> None:
        from ray import serve

        answering = Answering(lambda name: load_detector(name, device=device))
        answering.facts(model)  # loaded before the first question

        @serve.batch(max_batch_size=replicas.batch, batch_wait_timeout_s=replicas.batch_wait)  # type: ignore[untyped-decorator]
        async def look(inputs: list[tuple[str, Tensor]]) -> list[Any]:
            return await asyncio.to_thread(answering.look, inputs)

        self._answering, self._look = answering, look

    async def ask(self, question: str, *given: Any) -> Any:  # noqa: ANN401
        """Answer, an image together with others that come now."""
        if question == "look":
            return await self._look(given)
        return await asyncio.to_thread(getattr(self._answering, question), *given)


class Asking:
    """Ask any replica; a question whose replica died meanwhile is asked again."""

    def __init__(self, handle: Any) -> None:  # noqa: ANN401
        self._handle = handle
        self.repeated = 0

    def __call__(self, question: str, *given: Any) -> Any:  # noqa: ANN401
        """Give the answer. Raise ValueError, in one sentence, if none comes in time."""
        from ray.exceptions import RayActorError, RayTaskError

        end = time.monotonic() + PATIENCE_SECONDS
        while (left := end - time.monotonic()) > 0:
            try:
                return self._handle.ask.remote(question, *given).result(timeout_s=left)
            except RayTaskError as error:
                if isinstance(error.cause, ValueError):
                    raise error.cause from None
                raise
            except RayActorError:  # the replica died, or cannot be reached
                self.repeated += 1
                time.sleep(_PAUSE_SECONDS)
            except TimeoutError:
                break
        raise ValueError("Expected an answer of a replica, but none came: try again in a moment.")
