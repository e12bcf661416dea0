"""Tests of a batch in which each text has its own adapter.

A test is a function whose name begins with test_. `pytest src/langmodels/test_lora.py` runs all of
this file on your own function; graded, it runs on other people's. Add as many tests as you like,
with whatever pytest offers but files.
"""

import torch

from langmodels.lora import batched_lora


def test_batched_lora() -> None:
    """Fails on every wrong batch of adapters that you can think of, and on no right one.

    What a right one costs is not tested here.
    """
    raise NotImplementedError("test_lora.test_batched_lora")
