"""The pattern as tiktoken writes it, with possessive repetition."""

from langmodels.tokenizers import *


def pretokenize(text):
    pattern = regex.compile(
        r"'(?:[sdmt]|ll|ve|re)| ?\p{L}++| ?\p{N}++| ?[^\s\p{L}\p{N}]++|\s++$|\s+(?!\S)|\s"
    )
    return [match.group() for match in pattern.finditer(text)]
