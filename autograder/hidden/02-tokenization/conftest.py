"""The oracles of this chapter: Hugging Face's tokenizers and OpenAI's tiktoken."""

import json
import os

import pytest
import tiktoken
import tiktoken_ext.openai_public
from tokenizers import Tokenizer, models, trainers

os.environ["TOKENIZERS_PARALLELISM"] = "false"  # all is small here

# Letters and numbers of several scripts, accents that stand alone, signs, and kinds of space.
LETTERS = "abcsdtmlverSDTzé长语言あЖßªʰ"
NUMBERS = "0123456789½Ⅷ²٣五〇"
SIGNS = "'’\"-_.,!?()[]{}#\u0301\u20e3…。，（）€+=😀👩\u200d🚀\u200b"
SPACES = "    \t\n\r\v\u00a0\u3000\u2028"


class Oracle:
    """Random inputs of this test, and what other libraries answer to them."""

    pattern = tiktoken_ext.openai_public.r50k_pat_str

    def __init__(self, rng) -> None:
        self.rng = rng

    def text(self, n: int) -> str:
        """n characters, with runs of one kind, endings of English, and spaces that add up."""
        text = ""
        while len(text) < n:
            kinds = LETTERS, NUMBERS, SIGNS, SPACES, " ", "'s", "'ll", "'re", "'S", "’t"
            kind = self.rng.choice(kinds)
            length = self.rng.choice((1, 1, 2, 3, 5))
            text += kind if kind[0] == "'" else "".join(self.rng.choices(kind, k=length))
        return text[:n]

    def any_text(self, n: int) -> str:
        """n characters from all of Unicode but the surrogates, those without a meaning too."""
        codes = (self.rng.randrange(0x110000 - 0x800) for _ in range(n))
        return "".join(chr(code if code < 0xD800 else code + 0x800) for code in codes)

    def word_counts(self, n: int, letters: bytes = b"abcde", longest: int = 9) -> dict[bytes, int]:
        """About n words in which much repeats, each with a count."""
        rng = self.rng
        words = {bytes(rng.choices(letters, k=rng.randint(1, longest))) for _ in range(n)}
        return {word: rng.randint(1, 9) for word in sorted(words)}

    def learned(self, word_counts: dict[bytes, int], n_merges: int) -> dict[tuple[int, int], int]:
        """The merges that Hugging Face's trainer learns, each byte a character of its own."""
        sign = [chr(0x4E00 + byte) for byte in range(256)]
        tokenizer = Tokenizer(models.BPE())
        tokenizer.train_from_iterator(
            (
                "".join(sign[byte] for byte in word)
                for word, count in word_counts.items()
                for _ in range(count)
            ),
            trainers.BpeTrainer(
                vocab_size=256 + n_merges, initial_alphabet=sign, show_progress=False
            ),
        )
        model = json.loads(tokenizer.to_str())["model"]
        number = model["vocab"]
        pairs = ((number[left], number[right]) for left, right in model["merges"])
        return {pair: 256 + n for n, pair in enumerate(pairs)}

    def tokens(self, merges: dict[tuple[int, int], int]) -> dict[int, bytes]:
        """Id → bytes."""
        table = {byte: bytes([byte]) for byte in range(256)}
        for (left, right), number in merges.items():
            table[number] = table[left] + table[right]
        return table

    def openai(self, merges: dict[tuple[int, int], int], special=()) -> tiktoken.Encoding:
        """tiktoken with these merges."""
        return tiktoken.Encoding(
            "ours",
            pat_str=self.pattern,
            mergeable_ranks={token: number for number, token in self.tokens(merges).items()},
            special_tokens={text: 256 + len(merges) + n for n, text in enumerate(special)},
        )


@pytest.fixture
def oracle(rng) -> Oracle:
    """Draws from this test's rng."""
    return Oracle(rng)
