"""What the hidden tests of chapter 11 are too quick to ask: transformers' own `generate`."""

import random

import pytest
import torch

from langmodels.generation import GREEDY, beam_search, speculate, stream
from langmodels.models import Decoder, from_llama, llama_config


@pytest.fixture(scope="module")
def pairs():
    """Makes a random LLaMA of transformers, and ours with its weights."""
    from transformers import LlamaConfig, LlamaForCausalLM
    from transformers.utils import logging

    logging.set_verbosity_error()

    def make(seed: int):
        torch.manual_seed(seed)
        sizes = LlamaConfig(
            vocab_size=23,
            hidden_size=16,
            num_hidden_layers=1,
            num_attention_heads=2,
            intermediate_size=20,
            initializer_range=0.6,  # so that it has opinions
            tie_word_embeddings=False,
        )
        theirs = LlamaForCausalLM(sizes).eval()
        ours = Decoder(llama_config(theirs.config)).eval()
        ours.load_state_dict(from_llama(theirs.state_dict()))
        return ours, theirs

    return make


def written_by(theirs, prompt, max_new, eos, **settings):
    tokens = torch.tensor([prompt])
    output = theirs.generate(
        tokens,
        attention_mask=torch.ones_like(tokens),
        max_new_tokens=max_new,
        eos_token_id=eos,
        pad_token_id=0,
        do_sample=False,
        return_dict_in_generate=True,
        output_scores=True,
        **settings,
    )
    rows = [row[len(prompt) :] for row in output.sequences.tolist()]
    return [row[: row.index(eos) + 1] if eos in row else row for row in rows], output


def some_call(seed: int):
    chance = random.Random(seed)
    prompt = [chance.randrange(23) for _ in range(chance.randint(1, 5))]
    return chance, prompt, chance.choice([1, 3, 6, 12]), chance.choice([None, 3, 7])


@pytest.mark.parametrize("seed", range(12))
def test_beams_are_those_of_transformers(pairs, seed: int) -> None:
    ours, theirs = pairs(seed)
    chance, prompt, max_new, eos = some_call(seed)
    n_beams, penalty = chance.choice([2, 3, 5]), chance.choice([0.0, 0.5, 1.0, 2.0, -1.0])
    expected, output = written_by(
        theirs,
        prompt,
        max_new,
        eos,
        num_beams=n_beams,
        num_return_sequences=n_beams,
        length_penalty=penalty,
    )
    found = beam_search(ours, prompt, n_beams, max_new, eos=eos, length_penalty=penalty)
    assert [beam.tokens for beam in found] == expected
    scores = [beam.score for beam in found]
    assert scores == pytest.approx(output.sequences_scores.tolist(), abs=1e-4)


@pytest.mark.parametrize("seed", range(6))
def test_greedy_texts_are_those_of_transformers(pairs, seed: int) -> None:
    ours, theirs = pairs(seed)
    chance, prompt, max_new, eos = some_call(seed)
    min_new = chance.choice([0, 2]) if eos is not None else 0
    settings = {"repetition_penalty": chance.choice([1.0, 1.4])}
    if min_new:
        settings["min_new_tokens"] = min_new
    (expected,), _ = written_by(theirs, prompt, max_new, eos, **settings)
    sampling = type(GREEDY)(temperature=0.0, repetition=settings["repetition_penalty"])
    found = stream(ours, prompt, max_new, sampling, eos=eos, min_new=min_new)
    assert list(found) == expected


@pytest.mark.parametrize("seed", range(4))
def test_a_draft_changes_no_greedy_text(pairs, seed: int) -> None:
    (target, theirs), (draft, _) = pairs(seed), pairs(seed + 100)
    _, prompt, max_new, _ = some_call(seed)
    (expected,), _ = written_by(theirs, prompt, max_new, None)
    assert speculate(target, draft, prompt, max_new, 3, GREEDY) == expected
