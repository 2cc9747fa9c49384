"""Train the detector from a recipe; stop at any time and go on with the same command."""

from __future__ import annotations

import csv
import json
import logging
import os
import subprocess
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch.utils.data import DataLoader

from vision.training.data import dataset
from vision.training.fit.windows import Windows
from vision.training.recipe import Recipe

logger = logging.getLogger(__name__)


def train(
    recipe: Recipe, *, data: Path, weights: Path, out: Path, taught: Path | None = None
) -> Path:
    """Train and return the weights of the last epoch (exponential moving average).

    A finished run (`out/run.json`) is left as it is. Raises DataError for missing or
    changed pictures, FileNotFoundError for missing starting weights.
    """
    start = weights / f"{recipe.network.architecture}-coco-init.safetensors"
    if not start.is_file():
        raise FileNotFoundError(f"{start} is missing: name the folder of the starting weights")
    last = out / "fit" / "weights" / "last.pt"
    if (out / "run.json").is_file():
        logger.info("this run is finished out=%s", out)
        return last
    out.mkdir(parents=True, exist_ok=True)
    facts = dataset.prepare(recipe, data=data, weights=weights, out=out / "dataset", taught=taught)
    parts = _begin_part(out)
    trainer = _trainer(recipe, start, out, resume=last if last.is_file() else None)
    trainer.train()
    run = {
        "recipe": json.loads(_as_json(recipe)),
        "dataset": facts,
        "parts": parts,
        "wall_s": round(_seconds(out)),
        "torch": torch.__version__,
    }
    (out / "run.json").write_text(json.dumps(run, indent=1))
    return last


def _trainer(recipe: Recipe, start: Path, out: Path, *, resume: Path | None) -> Any:
    os.environ.setdefault("YOLO_OFFLINE", "true")
    os.environ.setdefault("YOLO_AUTOINSTALL", "false")
    from ultralytics.data.dataset import YOLODataset
    from ultralytics.models.yolo.detect import DetectionTrainer
    from ultralytics.utils import SETTINGS
    from ultralytics.utils.torch_utils import strip_optimizer

    from vision.training.fit.network import TrainedNetwork

    SETTINGS.update({"sync": False})
    folder = out / "dataset"

    class Trainer(DetectionTrainer):  # type: ignore[misc]
        """Ultralytics' loop over our windows, from starting weights on disk."""

        def get_model(self, cfg: Any = None, weights: Any = None, verbose: bool = True) -> Any:  # noqa: ARG002
            model = TrainedNetwork(cfg, nc=self.data["nc"], ch=3, verbose=False)
            model.precision, model.wanted = recipe.schedule.precision, recipe.loss
            if weights is not None:
                model.load(weights)
                return model
            if recipe.network.start == "random":
                return model
            own, given = model.state_dict(), load_file(start)
            fits = {k: v for k, v in given.items() if k in own and own[k].shape == v.shape}
            model.load_state_dict(fits, strict=False)
            logger.info("starting weights tensors=%d of=%d", len(fits), len(own))
            return model

        def get_dataloader(
            self, dataset_path: str, batch_size: int = 16, rank: int = 0, mode: str = "train"
        ) -> Any:
            torch.set_num_threads(recipe.schedule.threads)  # Ultralytics pins cores - 1
            if mode != "train":
                return super().get_dataloader(dataset_path, batch_size, rank, mode)
            windows = Windows(
                folder / "images/train",
                folder / "labels/train",
                recipe.crops,
                seed=recipe.schedule.seed + self.start_epoch,
            )
            loader = DataLoader(
                windows, batch_size, shuffle=True, collate_fn=YOLODataset.collate_fn
            )
            loader.reset = lambda: None  # type: ignore[attr-defined]
            return loader

        def validate(self) -> tuple[Any, float]:
            """Skip: `vision release` measures on what the truck runs."""
            return self.metrics, 0.0

        def final_eval(self) -> None:
            """Only make the file small."""
            strip_optimizer(self.last)

    schedule = recipe.schedule
    settings = {
        "model": f"{recipe.network.architecture}.yaml",
        "data": str(folder / "data.yaml"),
        "imgsz": recipe.network.input_width_px,
        "epochs": schedule.epochs,
        "batch": schedule.batch,
        "nbs": schedule.batch,
        "optimizer": "AdamW",
        "lr0": schedule.learning_rate,
        "lrf": 0.02,
        "cos_lr": True,
        "warmup_epochs": 1,
        "weight_decay": 0.01,
        "seed": schedule.seed,
        "amp": False,
        "workers": 0,
        "val": False,
        "plots": False,
        "close_mosaic": 0,
        "device": 0 if schedule.device == "cuda" else "cpu",
        "project": str(out.resolve()),
        "name": "fit",
        "exist_ok": True,
        "resume": str(resume) if resume else False,
    }
    return Trainer(overrides=settings)


def _begin_part(out: Path) -> list[dict[str, Any]]:
    """Note with which code this start goes on, and after how many epochs; return all starts."""
    file = out / "parts.json"
    parts: list[dict[str, Any]] = json.loads(file.read_text()) if file.is_file() else []
    parts.append({"code_commit": _commit(), "epochs_before": len(_epochs(out))})
    file.write_text(json.dumps(parts, indent=1))
    return parts


def _epochs(out: Path) -> list[float]:
    """Seconds since the start of its part, for each finished epoch (Ultralytics' results.csv)."""
    file = out / "fit" / "results.csv"
    if not file.is_file():
        return []
    with file.open(newline="", encoding="utf-8") as rows:
        return [float(row["time"]) for row in csv.DictReader(rows)]


def _seconds(out: Path) -> float:
    """Time spent on finished epochs; the clock begins anew with each part."""
    times = _epochs(out)
    ends = [now for now, later in zip(times, [*times[1:], 0.0], strict=True) if later < now]
    return sum(ends)


def _as_json(recipe: Recipe) -> bytes:
    import msgspec

    return msgspec.json.encode(recipe)


def _commit() -> str:
    """Name the last commit that touched vision/, marked when files there differ from it."""
    vision = Path(__file__).parents[2]
    code = [".", ":!models"]
    commit = _git(["log", "-1", "--format=%H", "--", *code], vision)
    changed = _git(["status", "--porcelain", "--", *code], vision)
    return (commit or "unknown") + ("-changed" if changed else "")


def _git(arguments: list[str], folder: Path) -> str:
    answer = subprocess.run(
        ["git", *arguments], capture_output=True, text=True, check=False, cwd=folder
    )
    return answer.stdout.strip()
