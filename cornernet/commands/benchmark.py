"""`benchmark`: a table of how fast this machine answers."""

import argparse
import platform
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from cornernet.commands.options import expect_destinations, tell, write_json
from cornernet.data.samples import held_out_scene
from cornernet.detector import load_detector
from cornernet.device import choose_device, choose_precision, describe, limit_threads
from cornernet.evaluation.benchmark import benchmark
from cornernet.evaluation.precisions import MIN_IOU, Agreement, agreement
from cornernet.evaluation.subjects import noise_image, peak_mebibytes, subject_of


def add_benchmark(parser: argparse.ArgumentParser) -> None:
    """Describe the command."""
    parser.add_argument("--model", metavar="NAME|PATH", help="(default: shapes)")
    parser.add_argument("--preset", metavar="NAME", help="an architecture with random weights")
    parser.add_argument("--size", default="640x480", metavar="WxH", help="of the image, in pixels")
    parser.add_argument("--runs", type=int, default=5, help="after one for warming up")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda or mps")
    parser.add_argument(
        "--accuracy", type=int, metavar="IMAGES", help="compare precisions on drawn scenes instead"
    )
    parser.add_argument("--json", metavar="FILE|-", help="where to write all figures")
    parser.set_defaults(command=_benchmark)


def _benchmark(options: argparse.Namespace) -> int:
    if options.model and options.preset:
        raise ValueError("Expected --model or --preset, but both were given.")
    if not 1 <= options.runs <= 1000:
        raise ValueError(f"Expected 1 to 1000 runs, but {options.runs} was given.")
    expect_destinations(options.json)
    limit_threads()
    if options.accuracy is not None:
        report = _agreements(options.model or "shapes", options.accuracy, options.device)
        _write(report, _agreement_lines(report), options.json)
        return 0
    report = _times(options)
    _write(report, _lines(report), options.json)
    tell("times on a busy machine mean little; the ratios compare neighbours")
    return 0


def _times(options: argparse.Namespace) -> dict[str, Any]:
    name, is_random = options.preset or options.model or "shapes", bool(options.preset)
    size_hw, device = _size_hw(options.size), choose_device(options.device)
    subject = subject_of(name, is_random=is_random)
    rows = []
    for row in benchmark(subject, noise_image(size_hw), runs=options.runs, device=device):
        precision = None if row.way == "straightforward" else row.precision
        peak = (
            peak_mebibytes(name, size_hw, precision, is_random=is_random)
            if device.type == "cpu"
            else None
        )
        rows.append({**asdict(row), "peak_mebibytes": peak})
    return {
        "machine": _machine(device),
        "model": subject.name,
        "image": f"{size_hw[1]}x{size_hw[0]}",
        "ways": rows,
    }


def _agreements(model: str, count: int, device: str) -> dict[str, Any]:
    if not 1 <= count <= 100_000:
        raise ValueError(f"Expected 1 to 100000 images, but {count} was given.")
    exact = load_detector(model, device=device, precision="fp32")
    images = [held_out_scene(20261, index).image for index in range(count)]
    rows = []
    for precision in ("bf16", "fp16"):
        other = load_detector(model, device=device, precision=precision)
        rows.append({"precision": precision, **_agreement_values(agreement(exact, other, images))})
    return {"model": model, "precisions": rows}


def _agreement_values(found: Agreement) -> dict[str, Any]:
    return {
        "images": found.images,
        "fp32_detections": found.reference_count,
        "detections": found.other_count,
        "matched": found.matched_share,
        "mean_score_change": found.mean_score_change,
        "largest_score_change": found.largest_score_change,
    }


def _agreement_lines(report: dict[str, Any]) -> list[str]:
    rows = report["precisions"]
    return [
        f"{report['model']}: against fp32 on {rows[0]['images']} drawn scenes, "
        f"matched at IoU {MIN_IOU}",
        "",
        "| precision | detections (fp32) | matched | mean score change | largest |",
        "|---|---|---|---|---|",
        *(
            f"| {row['precision']} | {row['detections']} ({row['fp32_detections']}) "
            f"| {100 * row['matched']:.1f} % | {row['mean_score_change']:.4f} "
            f"| {row['largest_score_change']:.4f} |"
            for row in rows
        ),
    ]


def _size_hw(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    if not (width.isdigit() and height.isdigit() and 0 < int(width) * int(height) <= 4096**2):
        raise ValueError(f"Expected a size such as 640x480, but {text!r} was given.")
    return int(height), int(width)


def _machine(device: torch.device) -> dict[str, Any]:
    return {
        "processor": _processor(),
        "device": describe(device),
        "auto_precision": str(choose_precision("auto", device)).removeprefix("torch."),
        "vector_instructions": torch.backends.cpu.get_cpu_capability(),
        "torch": torch.__version__,
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _write(report: dict[str, Any], lines: list[str], destination: str | None) -> None:
    if destination != "-":
        print("\n".join(lines))
    if destination:
        write_json(report, destination)


def _lines(report: dict[str, Any]) -> list[str]:
    machine = report["machine"]
    head = (
        f"{report['model']}, image {report['image']}: {machine['processor']}, {machine['device']}, "
        f"{machine['vector_instructions']}, PyTorch {machine['torch']}"
    )
    columns = (
        "| way | precision | preprocess | network (min–max) | decode | drawing | GFLOP | GFLOP/s "
        "| of matmul's | faster | faster (CPU time) | peak MiB |"
    )
    return [head, "", columns, "|" + "---|" * 12, *(_row(way) for way in report["ways"])]


def _row(way: dict[str, Any]) -> str:
    stages = way["stages"]
    network = stages["network"]
    peak = way["peak_mebibytes"]
    cells = (
        way["way"],
        way["precision"],
        f"{stages['preprocess']['median']:.1f} ms",
        f"{network['median']:.0f} ms ({network['least']:.0f}–{network['most']:.0f})",
        f"{stages['decode']['median']:.1f} ms",
        f"{stages['drawing']['median']:.1f} ms",
        f"{way['gflop']:.1f}",
        f"{way['gflop_per_second']:.0f}",
        f"{100 * way['share_of_peak']:.0f} %",
        f"{way['speed_up']:.2f} ×",
        f"{way['cpu_speed_up']:.2f} ×",
        "-" if peak is None else f"{peak:.0f}",
    )
    return f"| {' | '.join(cells)} |"
