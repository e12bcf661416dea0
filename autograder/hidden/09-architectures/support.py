"""What stands beside the student's code: other memory layouts."""

import importlib
from typing import Any

import torch
from torch import Tensor


def on_views(function: str, x: Tensor, *others: Any) -> Any:
    """Call a function of the chapter with a tensor that is not contiguous in memory."""
    view = torch.stack([x, x], dim=-1)[..., 0]
    return getattr(importlib.import_module("langmodels.architectures"), function)(view, *others)
