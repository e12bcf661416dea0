"""What only a GPU shows: that cached decoding pays, alone and in a batch.

On a CPU this is a rehearsal: everything is small, and two pairs of timings prove nothing.
"""

import pytest

from autograder.measure import compare, expect_ratio, measured
from autograder.testing import exercise, expect_that

SMALL = {"vocabulary": 64, "width": 32, "n_layers": 2, "n_heads": 4, "n_kv_heads": 2}
LARGE = {"vocabulary": 8192, "width": 2048, "n_layers": 12, "n_heads": 16, "n_kv_heads": 4}


def sizes(device):
    """(the model's sizes, tokens of the prompt, tokens to write, pairs of timings)."""
    return (SMALL, 24, 3, 2) if device == "cpu" else (LARGE, 4096, 16, 20)


def model_and_prompt(student, device, n_rows=1):
    config, n_tokens, n_new, pairs = sizes(device)
    prompts = [
        [(7 * row + i) % config["vocabulary"] for i in range(n_tokens)] for row in range(n_rows)
    ]
    return student.support.decoder.obj(config, device), prompts, n_new, pairs


@pytest.mark.gpu
@exercise("inference.KVCache")
def test_on_a_gpu_a_step_does_not_copy_the_cache(student, device):
    """On a GPU, one more token takes far less memory than the cache has."""
    model, prompts, _, _ = model_and_prompt(student, device, n_rows=4)
    cache = student.support.filled_cache.obj(model, prompts, room=8)
    student.support.step.obj(model, cache)  # the first may set up kernels
    n_bytes = student.support.cache_bytes(cache)
    with measured(student) as cost:
        student.support.step.obj(model, cache)
    taken = cost.peak_bytes if cost.device_bytes is None else cost.device_bytes
    # One layer's keys and values may be gathered, not those of all layers.
    limit = n_bytes if device == "cpu" else n_bytes // 2
    expect_that(0 < taken < limit, expected=f"less than {limit:,} bytes", got=f"{taken:,} bytes")


def against_reading_again(student, device):
    model, prompts, n_new, pairs = model_and_prompt(student, device)
    return compare(
        lambda: student.inference.generate.obj(model, prompts, n_new),
        lambda: student.support.read_again.obj(model, prompts, n_new),
        pairs=pairs,
    )


@pytest.mark.gpu
@exercise("inference.generate")
def test_on_a_gpu_the_cache_pays(student, device):
    """On a GPU, after a long prompt it is at least twice as fast as reading all again each time."""
    expect_ratio(against_reading_again(student, device), at_least=2)


@pytest.mark.gpu
@exercise("inference.generate")
def test_on_a_gpu_the_cache_pays_well(student, device):
    """On a GPU, after a long prompt it is at least four times as fast as reading all again."""
    expect_ratio(against_reading_again(student, device), at_least=4)


@pytest.mark.gpu
@exercise("inference.generate")
def test_on_a_gpu_a_batch_of_sixteen_is_faster_than_one_by_one(student, device):
    """On a GPU, sixteen rows at once are done at least four times as fast as one after another."""
    config, _, n_new, pairs = sizes(device)
    model, _, _, _ = model_and_prompt(student, device)
    prompts = [[(3 * row + i) % config["vocabulary"] for i in range(8)] for row in range(16)]

    def one_by_one():
        for prompt in prompts:
            student.inference.generate.obj(model, [prompt], n_new)

    ratio = compare(
        lambda: student.inference.generate.obj(model, prompts, n_new), one_by_one, pairs=pairs
    )
    expect_ratio(ratio, at_least=4)
