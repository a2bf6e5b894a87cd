"""`study`: answer one open question with our own runs, one by one."""

import argparse
from pathlib import Path

import torch

from cornernet.commands.options import tell
from cornernet.device import choose_device
from cornernet.figures.study_plots import draw_errors, draw_speed, draw_training, save_plot
from cornernet.studies.errors import run_error_study, subjects
from cornernet.studies.questions import STUDIES, Study
from cornernet.studies.record import STUDIES_FOLDER, Record, write_record
from cornernet.studies.runs import Budget
from cornernet.studies.speed import run_speed_study
from cornernet.studies.training_study import expect_resumable, run_study
from cornernet.writing import expect_folder, visible, whole_file

IMAGES = {"training": 200, "errors": 300, "speed": 0}
TIMES = 7


def add_study(parser: argparse.ArgumentParser) -> None:
    """Describe the command."""
    parser.add_argument("name", choices=sorted(STUDIES), metavar=f"{'|'.join(sorted(STUDIES))}")
    parser.add_argument(
        "--resume", action="store_true", help="go on with the runs that are in --out"
    )
    parser.add_argument("--out", type=Path, default=Path("runs/studies"), metavar="DIR")
    parser.add_argument(
        "--to", type=Path, default=STUDIES_FOLDER, metavar="DIR", help="folder of the results"
    )
    parser.add_argument("--minutes", type=float, default=15.0, help="of each run (default 15)")
    parser.add_argument("--seeds", default="1,2", metavar="S,S,...", help="(default: 1,2)")
    parser.add_argument("--runs", type=int, help="how many runs to make now, at most")
    parser.add_argument("--images", type=int, help="to measure on (training: 200, errors: 300)")
    parser.add_argument("--batch-size", type=int, default=16, help="of the runs (default 16)")
    parser.add_argument("--workers", type=int, default=1, help="of the runs (default 1)")
    parser.add_argument("--times", type=int, default=TIMES, help="speed: how often (default 7)")
    parser.add_argument(
        "--photos-root", type=Path, metavar="DIR", help="errors: folder of val.json and images"
    )
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda or mps")
    parser.set_defaults(command=_study)


def _study(options: argparse.Namespace) -> int:
    study, device = STUDIES[options.name], choose_device(options.device)
    expect_folder(options.to)
    record = _record(study, options, device)
    if record is not None:
        print(visible(str(_written(study, record, options.to))))
    return 0


def _record(study: Study, options: argparse.Namespace, device: torch.device) -> Record | None:
    images = options.images or IMAGES[study.kind]
    if study.kind == "errors":
        if options.photos_root is None:
            tell("without --photos-root, only drawn scenes are studied")
        return run_error_study(study, subjects(options.photos_root), images, device)
    if study.kind == "speed":
        if not 1 <= options.times <= 1000:
            raise ValueError(f"Expected 1 to 1000 times, but {options.times} was given.")
        tell("times on a busy machine mean little")
        return run_speed_study(study, options.times, device)
    budget = Budget(
        minutes=options.minutes,
        seeds=_seeds(options.seeds),
        images=images,
        batch_size=options.batch_size,
        workers=options.workers,
    )
    if not options.resume:
        expect_resumable(study, options.out, budget)
    return run_study(study, options.out, budget, device, options.runs)


def _seeds(text: str) -> tuple[int, ...]:
    if not all(seed.isdecimal() for seed in text.split(",")):
        raise ValueError(f"Expected seeds such as 1,2, but {text!r} was given.")
    return tuple(int(seed) for seed in text.split(","))


def _written(study: Study, record: Record, folder: Path) -> Path:
    """Write the plot, then the record."""
    if study.kind == "training":
        figure = draw_training(record)
    elif study.kind == "errors":
        assert study.paper is not None
        figure = draw_errors(record, study.paper.rows)
    else:
        figure = draw_speed(record)
    path = folder / f"{study.name}.json"
    folder.mkdir(parents=True, exist_ok=True)
    with whole_file(path.with_suffix(".png")) as new:
        save_plot(figure, new)
    write_record(path, record)
    return path
