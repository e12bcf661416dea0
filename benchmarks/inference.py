"""Writing text with a cache: the reference beside transformers and beside reading all again.

make bench                          or, for a shorter run:
PYTHONPATH=solutions python benchmarks/inference.py --pairs 3

One thread, random weights, the same in both; greedy, so that the tokens can be compared. The two
take turns in one process, and the table shows the ratio of the medians, with the smallest and the
largest ratio of a pair.
"""

import argparse
import statistics
import time
from collections.abc import Callable

import torch
from rich.console import Console
from rich.table import Table
from transformers import GenerationConfig, LlamaConfig, LlamaForCausalLM
from transformers.utils import logging

from langmodels.inference import KVCache, generate, prefill
from langmodels.models import Decoder, DecoderConfig, from_llama

SIZES = {
    "5 M": DecoderConfig(4096, width=256, n_layers=6, n_heads=8, n_kv_heads=2, inner=682),
    "30 M": DecoderConfig(8192, width=512, n_layers=9, n_heads=8, n_kv_heads=2, inner=1408),
}
PROMPT, LENGTH = 32, 512  # tokens at the beginning, and at the end
CONTEXT, AGAIN = 1024, 4  # where reading all again is timed, and how many tokens of it

Text = list[list[int]]


def pair_of_models(config: DecoderConfig) -> tuple[Decoder, LlamaForCausalLM]:
    """Ours and theirs with the same random weights."""
    torch.manual_seed(0)
    theirs = LlamaForCausalLM(
        LlamaConfig(
            vocab_size=config.vocabulary,
            hidden_size=config.width,
            num_hidden_layers=config.n_layers,
            num_attention_heads=config.n_heads,
            num_key_value_heads=config.n_kv_heads,
            intermediate_size=config.inner,
            rms_norm_eps=config.norm_eps,
            tie_word_embeddings=config.tied,
            max_position_embeddings=2 * CONTEXT,
        )
    ).eval()
    ours = Decoder(config).eval()
    ours.load_state_dict(from_llama(theirs.state_dict()))
    return ours, theirs


def seconds(work: Callable[[], Text]) -> tuple[float, Text]:
    """How long the work kept a core busy, and what it wrote."""
    started = time.process_time()
    written = work()
    return time.process_time() - started, written


def take_turns(
    first: Callable[[], Text], second: Callable[[], Text], pairs: int
) -> tuple[list[float], list[float]]:
    """Times of both; the first pair warms up and is left out.

    Raises:
        RuntimeError: if they do not write the same.
    """
    times: list[tuple[float, float]] = []
    for number in range(pairs + 1):
        turns = [seconds(work) for work in ((first, second) if number % 2 else (second, first))]
        if turns[0][1] != turns[1][1]:
            raise RuntimeError("the two write different texts")
        times.append((turns[0][0], turns[1][0]) if number % 2 else (turns[1][0], turns[0][0]))
    ours, theirs = zip(*times[1:], strict=True)
    return list(ours), list(theirs)


def row(name: str, ours: list[float], theirs: list[float], n_tokens: int) -> list[str]:
    """A row of the table."""
    ratios = [b / a for a, b in zip(ours, theirs, strict=True)]
    medians = statistics.median(ours), statistics.median(theirs)
    return [
        name,
        *(f"{1000 * median / n_tokens:.2f}" for median in medians),
        f"{medians[1] / medians[0]:.2f}",
        f"{min(ratios):.2f} … {max(ratios):.2f}",
    ]


def main() -> None:
    """Time both against each other, and print one table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=7, help="timings of each; default: 7")
    pairs = parser.parse_args().pairs
    torch.set_num_threads(1)
    logging.set_verbosity_error()
    table = Table(title="CPU milliseconds a token, one thread")
    for column in ("", "ours", "the other", "times as long", "of the pairs"):
        table.add_column(column, justify="left" if not column else "right")

    for size, config in SIZES.items():
        ours, theirs = pair_of_models(config)
        prompt = torch.randint(config.vocabulary, (PROMPT,)).tolist()
        n_new = LENGTH - PROMPT
        greedy = GenerationConfig(
            max_new_tokens=n_new, do_sample=False, eos_token_id=None, pad_token_id=0
        )

        def write(model: Decoder = ours, prompt: list[int] = prompt, n_new: int = n_new) -> Text:
            return generate(model, [prompt], n_new)

        def write_there(
            model: LlamaForCausalLM = theirs,
            prompt: list[int] = prompt,
            greedy: GenerationConfig = greedy,
        ) -> Text:
            tokens = torch.tensor([prompt])
            mask = torch.ones_like(tokens)
            written = model.generate(tokens, attention_mask=mask, generation_config=greedy)
            return [line[len(prompt) :] for line in written.tolist()]

        times = take_turns(write, write_there, pairs)
        table.add_row(*row(f"{size}, transformers, {PROMPT} → {LENGTH}", *times, n_new))

        long = torch.randint(config.vocabulary, (CONTEXT,)).tolist()
        cache = KVCache(config, 1, CONTEXT + AGAIN)
        with torch.inference_mode():
            first = int(prefill(ours, [long], cache).argmax())

        @torch.inference_mode()
        def go_on(model: Decoder = ours, cache: KVCache = cache, first: int = first) -> Text:
            cache.lengths, tokens = [CONTEXT], [first]
            for _ in range(AGAIN):
                logits = model(torch.tensor([tokens[-1:]]), cache)
                tokens.append(int(logits[0, -1].argmax()))
            return [tokens]

        @torch.inference_mode()
        def read_again(model: Decoder = ours, prompt: list[int] = long, first: int = first) -> Text:
            tokens = [first]
            for _ in range(AGAIN):
                hidden = model.hidden(torch.tensor([prompt + tokens]))
                tokens.append(int(model.logits(hidden[0, -1]).argmax()))
            return [tokens]

        times = take_turns(go_on, read_again, pairs)
        table.add_row(*row(f"{size}, all read again, {CONTEXT:,}", *times, AGAIN))
    Console().print(table)


if __name__ == "__main__":
    main()
