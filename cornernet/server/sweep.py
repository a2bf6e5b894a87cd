"""What a server tidies up now and then, as long as it runs."""

import asyncio
from collections.abc import Iterable
from pathlib import Path

import anyio

from cornernet.server.arenas import give_back
from cornernet.server.uploads import Uploads

_SECONDS = 30.0


async def sweep(uploads: Uploads, temp_file_sets: Iterable[set[str]]) -> None:
    """Delete files that nobody uses, forget their names, and give free memory back, for ever."""
    while True:
        await asyncio.sleep(min(_SECONDS, uploads.limits.kept_seconds / 2))
        for tidy in (uploads.sweep, give_back):
            await anyio.to_thread.run_sync(tidy)
        for names in temp_file_sets:  # Gradio's, which only grow
            names -= {name for name in names if not Path(name).exists()}
