"""Byte-pair encoding on English and Chinese: the reference beside Hugging Face's and OpenAI's.

make bench                          or, with another number of merges:
PYTHONPATH=solutions python benchmarks/bpe.py --merges 1000

Pairs of runs in one process, the order alternating: the median of their ratios. Encoding begins
with an empty cache each time, as it does for a new text. (This file is not called tokenizers.py:
Python puts the folder of a script first on its path, before the library of that name.)
"""

import argparse
import os
from collections.abc import Callable
from functools import partial

import tiktoken
from rich.console import Console
from rich.table import Table
from tiktoken_ext.openai_public import r50k_pat_str
from tokenizers import Tokenizer, models, pre_tokenizers, trainers

from autograder.measure import compare
from langmodels.data import load_text
from langmodels.tokenizers import BPETokenizer, count_words, token_bytes, train_bpe_fast

os.environ["TOKENIZERS_PARALLELISM"] = "false"  # one thread, as ours

MEGABYTE = 2**20
PAIRS = 7


def main() -> None:
    """Train and encode with both, and print how many times as long ours takes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--merges", type=int, default=8000)
    n_merges = parser.parse_args().merges

    english, chinese = load_text("wiki"), load_text("chinese")
    half = MEGABYTE // 2
    train = english[:half] + "\n" + chinese.encode()[:half].decode(errors="ignore")

    def train_theirs() -> None:
        theirs = Tokenizer(models.BPE())
        theirs.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        alphabet = pre_tokenizers.ByteLevel.alphabet()
        trainer = trainers.BpeTrainer(
            vocab_size=256 + n_merges, initial_alphabet=alphabet, show_progress=False
        )
        theirs.train_from_iterator([train], trainer)

    merges = train_bpe_fast(count_words(train), n_merges)
    openai = tiktoken.Encoding(
        "ours",
        pat_str=r50k_pat_str,
        mergeable_ranks={token: number for number, token in token_bytes(merges).items()},
        special_tokens={},
    )

    def encode_ours(text: str) -> list[int]:
        return BPETokenizer(merges).encode(text)

    table = Table("", "ours takes … times as long", "95 % sure", title=f"{n_merges:,} merges")

    def row(name: str, theirs: Callable[[], object], ours: Callable[[], object]) -> None:
        ratio = compare(theirs, ours, pairs=PAIRS, warm_up=1)
        table.add_row(name, f"{ratio.median:.1f}", f"{ratio.low:.1f} to {ratio.high:.1f}")

    size = len(train.encode()) / MEGABYTE
    row(
        f"train on {size:.1f} MB, against tokenizers",
        train_theirs,
        lambda: train_bpe_fast(count_words(train), n_merges),
    )
    for name, text in (("English", english[half:]), ("Chinese", chinese[len(chinese) // 2 :])):
        assert encode_ours(text) == openai.encode_ordinary(text)
        encode_theirs = partial(openai.encode_ordinary, text)
        row(f"encode {name}, against tiktoken", encode_theirs, partial(encode_ours, text))
    Console().print(table)


if __name__ == "__main__":
    main()
