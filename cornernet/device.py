"""Where and how precisely to compute."""

import math
import os
from contextlib import AbstractContextManager
from pathlib import Path

import torch

PRECISION_VARIABLE = "CORNERNET_PRECISION"  # of the environment: what "auto" means
_DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}


def choose_device(name: str = "auto") -> torch.device:
    """Take the named device, or the best one here. Raise ValueError if it is not available."""
    available = ["cpu"]
    if torch.backends.mps.is_available():
        available.insert(0, "mps")
    if torch.cuda.is_available():
        available.insert(0, "cuda")
    if name == "auto":
        return torch.device(available[0])
    if name.split(":")[0] not in available:
        options = ", ".join(["auto", *available])
        raise ValueError(f"Expected a device of this machine ({options}), but {name!r} was given.")
    try:
        device = torch.device(name)
    except RuntimeError as error:
        raise ValueError(
            f"Expected a device such as cpu or cuda:0, but {name!r} was given."
        ) from error
    count = torch.cuda.device_count() if device.type == "cuda" else 1
    if device.index is not None and device.index >= count:
        raise ValueError(f"Expected a number below {count} in the device, but {name!r} was given.")
    return device


def choose_precision(name: str = "auto", device: torch.device | None = None) -> torch.dtype:
    """Return the type of convolutions at inference.

    "auto" is what the environment's CORNERNET_PRECISION says, else the fastest that is accurate.
    Raise ValueError, in one sentence, for another name, there or here.
    """
    names = ("auto", *_DTYPES)
    options = ", ".join(names)
    if name not in names:
        raise ValueError(f"Expected a precision ({options}), but {name!r} was given.")
    if name == "auto":
        name = os.environ.get(PRECISION_VARIABLE, "").strip() or "auto"
        if name not in names:
            raise ValueError(f"Expected {PRECISION_VARIABLE} to be {options}, but it is {name!r}.")
    if name == "auto":
        return torch.float32 if device is None else fast_precision(device)
    return _DTYPES[name]


def fast_precision(device: torch.device) -> torch.dtype:
    """Return bfloat16 where the device computes it faster than float32."""
    if device.type == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float32
    if device.type == "cpu" and torch.cpu._is_avx512_bf16_supported():
        return torch.bfloat16
    return torch.float32


def training_precision(device: torch.device) -> torch.dtype:
    """Return the type of convolutions in training: as "auto", but single instead of half precision.

    Half precision's range is too small for gradients.
    """
    chosen = choose_precision("auto", device)
    return torch.float32 if chosen == torch.float16 else chosen


def available_cores(
    groups: Path = Path("/sys/fs/cgroup"), own: Path = Path("/proc/self/cgroup")
) -> int:
    """Count the cores this process may use: its affinity, and the quotas of its control groups."""
    affinity = getattr(os, "sched_getaffinity", None)  # Linux only
    cores = len(affinity(0)) if affinity else os.cpu_count() or 1
    quota = min(_quota(folder) for folder in _folders(groups, own))
    return max(1, math.ceil(min(cores, quota)))


def _folders(groups: Path, own: Path) -> list[Path]:
    """List where limits of this process stand: those of all groups above its own hold, too.

    A container sees its own group as the root; a service of systemd does not.
    """
    try:
        lines = own.read_text().splitlines()
    except OSError:
        return [groups]
    group = next((line.removeprefix("0::/") for line in lines if line.startswith("0::/")), "")
    inner = Path(group)
    if ".." in inner.parts:  # a group outside of what this process sees
        return [groups]
    return [groups / part for part in (inner, *inner.parents)]


def _quota(groups: Path) -> float:
    try:
        if (groups / "cpu.max").is_file():  # cgroup 2: "max 100000", or microseconds of each period
            quota, period = (groups / "cpu.max").read_text().split()
        else:
            quota = (groups / "cpu/cpu.cfs_quota_us").read_text().strip()
            period = (groups / "cpu/cpu.cfs_period_us").read_text().strip()
        return math.inf if quota in ("max", "-1") else int(quota) / int(period)
    except (OSError, ValueError):
        return math.inf


def limit_threads() -> None:
    """Compute with no more threads than there are cores; in containers PyTorch counts the host's.

    Threads that wait for a core make everything slower than fewer threads would be.
    """
    cores = available_cores()
    if torch.get_num_threads() > cores:
        torch.set_num_threads(cores)


def autocast(device: torch.device, dtype: torch.dtype) -> AbstractContextManager[object]:
    """Compute convolutions in `dtype`; float32 switches autocast off."""
    return torch.autocast(device.type, dtype, enabled=dtype != torch.float32)


def describe(device: torch.device) -> str:
    """Name the device as its owner would."""
    if device.type == "cuda":
        return f"CUDA ({torch.cuda.get_device_name(device)})"
    threads = torch.get_num_threads()
    counted = "1 thread" if threads == 1 else f"{threads} threads"
    return {"cpu": f"CPU ({counted})", "mps": "MPS (Apple GPU)"}[device.type]
