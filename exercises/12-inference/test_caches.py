"""Caches, told by hand what a decoder would tell them: the key of a token is its number."""

import torch

from autograder.student import read
from autograder.testing import complaint, exercise, expect, expect_that

# One layer, one head of width 2.
SIZES = {"vocabulary": 10, "width": 2, "n_layers": 1, "n_heads": 1}


def numbered(*rows):
    """Keys of shape (B, 1, T, 2): both numbers of a token's key are its number."""
    return torch.tensor(rows, dtype=torch.float32)[:, None, :, None].repeat(1, 1, 1, 2)


def tell(cache, *rows, counts=None):
    """A model call with these tokens. What the first layer gets back, as numbers; and the mask."""
    keys = numbered(*rows)
    _, mask = cache.start(keys.shape[2], counts)
    keys, values = cache.update(0, keys, -keys)
    cache.finish()
    expect(values, -keys, given="the values, which are minus the keys here")
    return keys[:, 0, :, 0].int().tolist(), mask


YES, NO = True, False


# --- KVCache ----------------------------------------------------------------------------------


@exercise("inference.KVCache")
def test_tokens_come_back_in_order(student):
    """First three tokens, then one, then two more: each time all that there are so far."""
    cache = student.inference.KVCache(student.models.DecoderConfig(**SIZES), 1, 8)
    expect(tell(cache, [1, 2, 3])[0], [[1, 2, 3]])
    expect(tell(cache, [4])[0], [[1, 2, 3, 4]])
    expect(tell(cache, [5, 6])[0], [[1, 2, 3, 4, 5, 6]])


@exercise("inference.KVCache")
def test_new_tokens_see_the_past_and_themselves(student):
    """After two tokens, two new ones: the first sees three keys, the second four."""
    cache = student.inference.KVCache(student.models.DecoderConfig(**SIZES), 1, 8)
    tell(cache, [1, 2])
    _, mask = tell(cache, [3, 4])
    expect(mask, torch.tensor([[[[YES, YES, YES, NO], [YES, YES, YES, YES]]]]))
    _, mask = tell(cache, [5])
    expect(mask, None, given="the mask of a single token, which sees everything")


@exercise("inference.KVCache")
def test_rows_may_differ_in_length(student):
    """The second row has one token and two of padding; its next token takes their place."""
    cache = student.inference.KVCache(student.models.DecoderConfig(**SIZES), 2, 8)
    tell(cache, [1, 2, 3], [6, 0, 0], counts=[3, 1])
    tokens, mask = tell(cache, [4], [7])
    expect(tokens[0], [1, 2, 3, 4])
    expect(tokens[1][:2], [6, 7], given="the tokens of the second row")
    expect(mask, torch.tensor([[[[YES, YES, YES, YES]]], [[[YES, YES, NO, NO]]]]))


@exercise("inference.KVCache")
def test_a_window_of_two(student):
    """Each token sees itself and one before it."""
    config = student.models.DecoderConfig(**SIZES, window=2)
    cache = student.inference.KVCache(config, 1, 8)
    _, mask = tell(cache, [1, 2, 3])
    expect(mask, torch.tensor([[[[YES, NO, NO], [YES, YES, NO], [NO, YES, YES]]]]))
    _, mask = tell(cache, [4])
    expect(mask, torch.tensor([[[[NO, NO, YES, YES]]]]))


# --- SlidingWindowCache -----------------------------------------------------------------------


@exercise("inference.SlidingWindowCache")
def test_a_ring_of_three(student):
    """The fourth token goes where the first was, the fifth where the second was."""
    config = student.models.DecoderConfig(**SIZES, window=3)
    cache = student.inference.SlidingWindowCache(config, 1)
    expect(tell(cache, [1])[0], [[1]])
    expect(tell(cache, [2])[0], [[1, 2]])
    expect(tell(cache, [3])[0], [[1, 2, 3]])
    expect(tell(cache, [4])[0], [[4, 2, 3]])
    expect(tell(cache, [5])[0], [[4, 5, 3]])


@exercise("inference.SlidingWindowCache")
def test_a_piece_sees_what_was_there_and_itself(student):
    """With a window of 3: the 4 sees 2, 3, 4 and the 5 sees 3, 4, 5. They come after the slots."""
    config = student.models.DecoderConfig(**SIZES, window=3)
    cache = student.inference.SlidingWindowCache(config, 1)
    tell(cache, [1, 2, 3])
    tokens, mask = tell(cache, [4, 5])
    expect(tokens, [[1, 2, 3, 4, 5]])
    expect(mask, torch.tensor([[[[NO, YES, YES, YES, NO], [NO, NO, YES, YES, YES]]]]))
    expect(tell(cache, [6])[0], [[4, 5, 6]])


@exercise("inference.SlidingWindowCache")
def test_padding_gets_no_slot(student):
    """The second row has a single token after the call, and two after the next."""
    config = student.models.DecoderConfig(**SIZES, window=2)
    cache = student.inference.SlidingWindowCache(config, 2)
    tell(cache, [1, 2, 3], [6, 0, 0], counts=[3, 1])
    expect(tell(cache, [4], [7])[0], [[3, 4], [6, 7]])


@exercise("inference.SlidingWindowCache")
def test_adds_up_the_last_three(student):
    """A model that adds up what it sees: 2 + 3 + 4 = 9, 3 + 4 + 9 = 16, 4 + 9 + 6 = 19."""
    adder = student.support.Adder(3)
    config = student.models.DecoderConfig(**SIZES, window=3)
    cache = student.inference.SlidingWindowCache(config, 1)
    digits = [student.inference.prefill(adder, [[1, 2, 3, 4]], cache).argmax().item()]
    for _ in range(2):
        digits.append(adder(torch.tensor([digits[-1:]]), cache).argmax().item())
    expect(digits, [9, 6, 9], given="what comes after 1 2 3 4, one by one")


# --- PagedCache -------------------------------------------------------------------------------


@exercise("inference.PagedCache")
def test_pages_are_handed_out_when_they_are_needed(student):
    """Pages of two tokens: three tokens need two pages, a fourth needs no more, a fifth does."""
    config = student.models.DecoderConfig(**SIZES)
    cache = student.inference.PagedCache(config, 1, 4, 2)
    for tokens, n_pages in [([1, 2, 3], 2), ([4], 2), ([5], 3)]:
        tell(cache, tokens)
        found = [len(read(cache, "tables")[0]), len(read(cache, "free"))]
        expect(found, [n_pages, 4 - n_pages], given=f"pages of the row and free ones at {tokens}")


@exercise("inference.PagedCache")
def test_pages_are_read_one_after_another(student):
    """The text of each row in order, and then the slots of its last page that are not filled."""
    config = student.models.DecoderConfig(**SIZES)
    cache = student.inference.PagedCache(config, 2, 4, 2)
    tell(cache, [1, 2], [6, 0], counts=[2, 1])
    tokens, mask = tell(cache, [3], [7])
    expect([tokens[0][:3], tokens[1][:2]], [[1, 2, 3], [6, 7]])
    expect(mask, torch.tensor([[[[YES, YES, YES, NO]]], [[[YES, YES, NO, NO]]]]))


@exercise("inference.PagedCache")
def test_released_pages_are_free_again(student):
    """When the first row is done the second can have all three pages."""
    config = student.models.DecoderConfig(**SIZES)
    cache = student.inference.PagedCache(config, 2, 3, 2)
    tell(cache, [1, 2, 3], [6, 0, 0], counts=[3, 1])
    words = complaint(lambda: cache.start(3, [0, 3]))
    expect_that(bool(words), expected="a ValueError: there is no page for 4 tokens", got=words)
    cache.release(0)
    expect([read(cache, "lengths"), read(cache, "tables")[0]], [[0, 1], []])
    expect(tell(cache, [0, 0, 0], [7, 8, 9], counts=[0, 3])[0][1], [6, 7, 8, 9])


# --- quantize_int8 ----------------------------------------------------------------------------


@exercise("inference.quantize_int8")
def test_codes_of_four_numbers(student):
    """The largest magnitude is 12.7, so a step is 0.1."""
    codes, step = student.inference.quantize_int8(torch.tensor([12.7, -6.4, 0.26, 0.0]))
    expect(codes, torch.tensor([127, -64, 3, 0], dtype=torch.int8))
    expect(step, torch.tensor([0.1]), tolerance=1e-6)


@exercise("inference.quantize_int8")
def test_each_vector_has_a_step_of_its_own(student):
    """A step of 1 for the loud vector, of 0.01 for the quiet one, of 0 for silence."""
    x = torch.tensor([[127.0, -3.2], [0.312, -1.27], [0.0, 0.0]])
    codes, steps = student.inference.quantize_int8(x)
    expect(codes, torch.tensor([[127, -3], [31, -127], [0, 0]], dtype=torch.int8))
    expect(steps, torch.tensor([[1.0], [0.01], [0.0]]), tolerance=1e-6)


# --- QuantizedCache ---------------------------------------------------------------------------


@exercise("inference.QuantizedCache")
def test_what_comes_back_is_rounded(student):
    """The key (12.7, 0.26) comes back as (12.7, 0.3), in steps of 0.1."""
    cache = student.inference.QuantizedCache(student.models.DecoderConfig(**SIZES), 1, 4)
    key, value = torch.tensor([[[[12.7, 0.26]]]]), torch.tensor([[[[-0.5, 127.0]]]])
    cache.start(1)
    got = cache.update(0, key, value)
    expect(got[0], torch.tensor([[[[12.7, 0.3]]]]), tolerance=1e-6)
    off = (got[1] - value).abs().max().item()
    expect_that(off <= 0.5, expected="values at most half a step of 1 off", got=got[1])


@exercise("inference.QuantizedCache")
def test_codes_are_kept_and_not_numbers(student):
    """8 bits a number: the codes of two tokens, and a step for each."""
    cache = student.inference.QuantizedCache(student.models.DecoderConfig(**SIZES), 1, 4)
    for key in ([127.0, -64.0], [0.1, 0.25]):
        cache.start(1)
        tensor = torch.tensor([[[key]]])
        cache.update(0, tensor, tensor)
        cache.finish()
    codes = torch.tensor([[127, -64], [51, 127]], dtype=torch.int8)
    expect(read(cache, "keys")[0, 0, 0, :2], codes, given="the codes of two keys")
    steps = torch.tensor([[1.0], [0.25 / 127]])
    expect(read(cache, "key_steps")[0, 0, 0, :2], steps, given="their steps", tolerance=1e-6)
