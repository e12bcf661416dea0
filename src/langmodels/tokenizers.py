"""Tokenizers: cut text into units that a model can count, from characters to learned subwords.

Words are too many and characters too small. Byte-pair encoding starts from bytes and keeps
gluing the most frequent pair together; WordPiece and Unigram choose subwords in other ways.

Conventions, the same in every function
    byte        a token of its own: ids 0 … 255 are the bytes
    pair        two ids that stand side by side, (left, right)
    merges      {pair: id}, in the order in which they were learned: the first makes 256, the next
                257, and so on. A smaller id was learned earlier, and is applied earlier
    word        what pre-tokenization leaves whole, a space before it included; no token crosses
                from one word into the next
    special     a token that is no text: it has an id, and is never cut or merged

Letters: V vocabulary size, M merges, T tokens, n bytes or characters of a word.

Sources: Gage (1994), Sennrich et al. (2016), Radford et al. (2019: bytes, and the pattern),
Schuster & Nakajima (2012) and Devlin et al. (2019: WordPiece), Kudo (2018: Unigram).
"""

import base64
import json
import math
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from heapq import heapify, heappop, heappush
from itertools import pairwise

import numpy as np
import regex

Pair = tuple[int, int]

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


# --- Characters and words -----------------------------------------------------------------------


class CharTokenizer:
    """One token for each character of a text; id 0 for every other character.

    Attributes:
        characters: the distinct characters in the order of their code points; characters[i] has
            the id i + 1.
    """

    def __init__(self, text: str) -> None:
        """Collect the characters of the text."""
        self.characters = sorted(set(text))

    def encode(self, text: str) -> list[int]:
        """The id of each character, 0 where it is not among `characters`."""
        raise NotImplementedError("tokenizers.CharTokenizer")

    def decode(self, ids: Sequence[int]) -> str:
        """The text again, with U+FFFD "�" for each 0.

        Raises:
            ValueError: for an id that is no token; the message names it.
        """
        raise NotImplementedError("tokenizers.CharTokenizer")


def pretokenize(text: str) -> list[str]:
    """Cut a text into words as GPT-2 does; joined together they are the text again.

    From left to right, at each place the first of these that matches, as long as it can be:

        1. 's  'd  'm  't  'll  've  're, in small letters (so "don't" is "don", "'t")
        2. letters, with one space before them if there is one
        3. numbers, likewise
        4. other signs that are no white space, likewise
        5. white space; where a word follows, its last character is left for that word, which
           takes it if it is a space; else it is a piece of its own

    Letters and numbers are Unicode's categories L and N (`\\p{L}`, `\\p{N}`); other marks, such
    as the accents of category M, are signs.

    Example:
        >>> pretokenize("I'm 25,  really")
        ["I", "'m", " 25", ",", " ", " really"]
    """
    raise NotImplementedError("tokenizers.pretokenize")


def count_words(text: str) -> Counter[bytes]:
    """How often each word occurs, as UTF-8: what `train_bpe` learns from."""
    return Counter({word.encode(): n for word, n in Counter(pretokenize(text)).items()})


# --- Byte-pair encoding -------------------------------------------------------------------------


def merge(ids: Sequence[int], pair: Pair, new_id: int) -> list[int]:
    """Replace each occurrence of the pair by the new id, from left to right.

    In a run such as a a a the first two are taken and the third is left over.

    Args:
        ids: any ids; they stay as they are.
        pair: (left, right).
        new_id: what stands for the pair from now on; it may occur in `ids` already.

    Example:
        >>> merge([1, 2, 3, 1, 2], (1, 2), 256)
        [256, 3, 256]
    """
    raise NotImplementedError("tokenizers.merge")


def train_bpe(word_counts: Mapping[bytes, int], n_merges: int) -> dict[Pair, int]:
    """Learn merges: again and again make a token of the most frequent pair.

    A pair counts once for each place where it stands, in every occurrence of the word (so a a a
    holds the pair (a, a) twice). Of several pairs with the highest count the lowest is taken: the
    one with the lower left id, and among these the lower right id.

    Args:
        word_counts: word → how often it occurs, at least once; it stays as it is.
        n_merges: how many to learn, M; fewer where no pair is left.

    Returns:
        The merges, {pair: id} with the ids 256, 257, … in the order of learning.

    Example:
        >>> train_bpe({b"hug": 10, b"pug": 5, b"hugs": 5}, 2)
        {(117, 103): 256, (104, 256): 257}
    """
    raise NotImplementedError("tokenizers.train_bpe")


def encode_word(word: bytes, merges: Mapping[Pair, int]) -> list[int]:
    """The tokens of one word: of the pairs in it, merge the one learned first, until none is left.

    Args:
        word: UTF-8, or any other bytes.
        merges: {pair: id} as `train_bpe` gives them.

    Returns:
        Ids; of an empty word, none.

    Example:
        >>> encode_word(b"bugs", {(117, 103): 256, (256, 115): 257})
        [98, 257]
    """
    raise NotImplementedError("tokenizers.encode_word")


def token_bytes(merges: Mapping[Pair, int]) -> dict[int, bytes]:
    """What each token stands for: the bytes, then each merge as its two parts joined."""
    table = {byte: bytes([byte]) for byte in range(256)}
    for (left, right), new_id in merges.items():
        table[new_id] = table[left] + table[right]
    return table


def decode(ids: Sequence[int], vocabulary: Mapping[int, bytes]) -> str:
    """The text that tokens stand for.

    A character may be spread over several tokens, so only the whole is UTF-8. A model can write
    bytes that are not: what does not decode becomes U+FFFD "�", as Python's errors="replace" does.

    Args:
        ids: tokens.
        vocabulary: id → bytes, see `token_bytes`.

    Raises:
        ValueError: for an id that is not in the vocabulary; the message names it.
    """
    raise NotImplementedError("tokenizers.decode")


# --- The same, fast -----------------------------------------------------------------------------


def train_bpe_fast(word_counts: Mapping[bytes, int], n_merges: int) -> dict[Pair, int]:
    """The merges of `train_bpe`, without counting all pairs again after each.

    A merge changes only pairs that touch it. So count once, remember which words hold a pair, and
    correct the counts where a merge takes place: the pairs with both neighbours go, two new ones
    come. Only words that hold the pair are visited, and the most frequent pair comes from a heap.

    Cost: after a merge the counts of the words that hold the pair are added or subtracted, at
    most twice for each of their tokens, and those of no other word.

    Args, returns: as `train_bpe`, with the same rule for equal counts.
    """
    raise NotImplementedError("tokenizers.train_bpe_fast")


def encode_fast(word: bytes, merges: Mapping[Pair, int]) -> list[int]:
    """The tokens of `encode_word`, for words of any length.

    The tokens are a linked list. A heap holds the places where a merge is possible, that learned
    first on top and of equal ones the leftmost. Each merge makes at most two new places.

    Cost: for n bytes at most 3 n pairs are looked up in `merges`, and of the order of n log n ids
    are compared. (A copy of `merges` costs a look-up for each of its entries.)

    Args, returns: as `encode_word`.
    """
    raise NotImplementedError("tokenizers.encode_fast")


# --- A whole tokenizer --------------------------------------------------------------------------


class BPETokenizer:
    """Text to ids and back: pre-tokenization, the merges in each word, and special tokens.

    Attributes:
        merges: {pair: id}.
        special: special token → id; the ids follow those of the merges.
        vocabulary: id → bytes, special tokens included.
    """

    def __init__(self, merges: Mapping[Pair, int], special: Sequence[str] = ()) -> None:
        """Give each special token (not empty, all different) an id after the last merge."""
        self.merges = merges
        self.special = {text: 256 + len(merges) + n for n, text in enumerate(special)}
        self.vocabulary = token_bytes(merges)
        self.vocabulary |= {number: text.encode() for text, number in self.special.items()}
        self._known: dict[str, list[int]] = {}  # a cache: the same words come again and again

    def encode(self, text: str, special: bool = False) -> list[int]:
        """The ids of a text.

        Args:
            text: any text.
            special: whether special tokens that are written out in the text are recognised: from
                left to right, the longest first, and what is between them is cut into words
                by itself. Without it they are text like any other: the way to read what
                strangers write.
        """
        raise NotImplementedError("tokenizers.BPETokenizer")

    def decode(self, ids: Sequence[int]) -> str:
        """The text again; see the function `decode`."""
        return decode(ids, self.vocabulary)


def write_ranks(merges: Mapping[Pair, int]) -> str:
    """The vocabulary as tiktoken stores it: a line for each token, its bytes in base64 and its id.

    The pairs are not in the file.
    """
    table = token_bytes(merges).items()
    return "".join(f"{base64.b64encode(token).decode()} {number}\n" for number, token in table)


def read_ranks(text: str) -> dict[Pair, int]:
    """The merges of a file that `write_ranks` or OpenAI wrote.

    Which pair made a token is found by encoding its bytes with the merges before it: two tokens
    remain. The ids of single bytes may be others than ours (GPT-2's are); such files are read as
    if they were ours: the bytes are 0 … 255 here, and later tokens keep their ids.

    Args:
        text: lines of base64, a space and an id, in any order; empty lines do not count.

    Raises:
        ValueError: if a byte is missing, if ids are not 0, 1, 2, …, or if a token is not made of
            two earlier ones; the message names the id.
    """
    raise NotImplementedError("tokenizers.read_ranks")


# --- Other subwords -----------------------------------------------------------------------------


def wordpiece(
    word: str,
    vocabulary: Collection[str],
    unknown: str = "[UNK]",
    max_characters: int = 100,
) -> list[str]:
    """Cut a word as BERT does: the longest piece of the vocabulary that it begins with, and so on.

    A piece that does not begin the word is written, and looked up, with "##" before it. There is
    no way back: where nothing fits the rest, or the word has more than `max_characters`, the
    whole word is `unknown`. (Devlin et al., 2019)

    Returns:
        Pieces of the vocabulary, or [unknown]; of an empty word, none.

    Example:
        >>> wordpiece("hugs", {"h", "hug", "##g", "##gs", "##s", "##u"})
        ["hug", "##s"]
    """
    raise NotImplementedError("tokenizers.wordpiece")


def unigram_segment(text: str, logprobs: Mapping[str, float]) -> list[str]:
    """The most probable way to cut a text, where pieces are drawn independently: Viterbi.

    The probability of a way to cut is the product of its pieces' probabilities. A character that
    is no piece may stand alone all the same, with 10 nats less than the least probable piece, so
    that every text can be cut. (Kudo, 2018)

    Args:
        text: the text, n characters.
        logprobs: piece (not empty) → ln P, at least one; pieces may have any length.

    Returns:
        The pieces in order, joined the text; any best way where there are several.

    Example:
        >>> unigram_segment("hug", {"h": -3.0, "u": -3.0, "g": -3.0, "hu": -4.0, "ug": -3.5})
        ["h", "ug"]
    """
    raise NotImplementedError("tokenizers.unigram_segment")


# --- Stretch ------------------------------------------------------------------------------------


def unigram_em_step(
    word_counts: Mapping[str, int], logprobs: Mapping[str, float]
) -> dict[str, float]:
    """One round of expectation-maximisation for the pieces of a unigram model.

        E: e(x) = Σ_word c(word) Σ_cut P(cut | word) · (how often x is in the cut)
        M: ln P(x) = ln e(x) - ln Σ_y e(y)

    All ways to cut a word count, each with its probability; forward and backward sums go through
    them without listing them. No word gets less probable by it. (Plain EM: SentencePiece also
    takes the digamma function of e and drops rare pieces.)

    Args:
        word_counts: word (not empty) → how often it occurs.
        logprobs: piece → ln P.

    Returns:
        New log-probabilities. A piece that is in no way to cut any word is left out.

    Raises:
        ValueError: for a word that cannot be cut into pieces; the message names it.
    """
    raise NotImplementedError("tokenizers.unigram_em_step")


def to_tokenizer_json(merges: Mapping[Pair, int], special: Sequence[str] = ()) -> str:
    """The tokenizer as a `tokenizer.json`, which Hugging Face's libraries load.

    In that file tokens are text, so each byte is written as a character that can be seen. The
    bytes of "!" … "~", "¡" … "¬" and "®" … "ÿ" (33 … 126, 161 … 172, 174 … 255) stand for
    themselves; the other 68, in their order, are U+0100, U+0101, … So a space is "Ġ".

    A JSON object with version "1.0"; added_tokens, a list of {"id", "content", "special": true,
    "single_word", "lstrip", "rstrip", "normalized": false} for the special tokens, whose ids
    follow those of the merges; pre_tokenizer {"type": "ByteLevel", "add_prefix_space": false,
    "trim_offsets": true, "use_regex": true}; decoder the same; and model {"type": "BPE",
    "vocab": {token: id}, "merges": [[left, right], …] in the order of learning}.

    Returns:
        JSON text. `tokenizers.Tokenizer.from_str` makes a tokenizer of it that encodes as ours.
    """
    raise NotImplementedError("tokenizers.to_tokenizer_json")
