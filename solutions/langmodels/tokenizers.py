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
        # BEGIN SOLUTION
        ids = {character: number for number, character in enumerate(self.characters, start=1)}
        return [ids.get(character, 0) for character in text]
        # END SOLUTION

    def decode(self, ids: Sequence[int]) -> str:
        """The text again, with U+FFFD "�" for each 0.

        Raises:
            ValueError: for an id that is no token; the message names it.
        """
        # BEGIN SOLUTION
        table = [REPLACEMENT, *self.characters]
        for number in ids:
            if not 0 <= number < len(table):
                raise ValueError(f"{number} is no token: there are {len(table)}")
        return "".join(table[number] for number in ids)
        # END SOLUTION


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
    # BEGIN SOLUTION
    pattern = r"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
    return list(regex.findall(pattern, text))
    # END SOLUTION


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
    # BEGIN SOLUTION
    merged = []
    position = 0
    while position < len(ids):
        if tuple(ids[position : position + 2]) == pair:
            merged.append(new_id)
            position += 2
        else:
            merged.append(ids[position])
            position += 1
    return merged
    # END SOLUTION


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
    # BEGIN SOLUTION
    words = [(list(word), count) for word, count in word_counts.items()]
    merges: dict[Pair, int] = {}
    for new_id in range(256, 256 + n_merges):
        pair_counts: Counter[Pair] = Counter()
        for ids, count in words:
            for pair in pairwise(ids):
                pair_counts[pair] += count
        if not pair_counts:
            break
        best = min(pair_counts, key=lambda pair: (-pair_counts[pair], pair))
        merges[best] = new_id
        words = [(merge(ids, best, new_id), count) for ids, count in words]
    return merges
    # END SOLUTION


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
    # BEGIN SOLUTION
    ids = list(word)
    while len(ids) > 1:
        pair = min(pairwise(ids), key=lambda pair: merges.get(pair, math.inf))
        if pair not in merges:
            break
        ids = merge(ids, pair, merges[pair])
    return ids
    # END SOLUTION


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
    # BEGIN SOLUTION
    for number in ids:
        if number not in vocabulary:
            raise ValueError(f"{number} is no token: there are {len(vocabulary)}")
    return b"".join(vocabulary[number] for number in ids).decode(errors="replace")
    # END SOLUTION


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
    # BEGIN SOLUTION
    words = [list(word) for word in word_counts]
    counts = list(word_counts.values())
    pair_counts: defaultdict[Pair, int] = defaultdict(int)
    where: defaultdict[Pair, set[int]] = defaultdict(set)  # words that hold the pair, or did
    for number, (ids, count) in enumerate(zip(words, counts, strict=True)):
        for pair in pairwise(ids):
            pair_counts[pair] += count
            where[pair].add(number)
    heap = [(-count, pair) for pair, count in pair_counts.items()]
    heapify(heap)

    merges: dict[Pair, int] = {}
    while heap and len(merges) < n_merges:
        negative, pair = heappop(heap)
        if (count := pair_counts[pair]) != -negative:
            # Counts of pairs in the heap only fall: put it back at its true place.
            if count:
                heappush(heap, (-count, pair))
            continue
        merges[pair] = new_id = 256 + len(merges)
        left, right = pair
        made: set[Pair] = set()
        for number in where.pop(pair):
            ids, count = words[number], counts[number]
            position, last = 0, len(ids) - 1
            while position < last:
                if ids[position] != left or ids[position + 1] != right:
                    position += 1
                    continue
                ids[position : position + 2] = [new_id]
                last -= 1
                if position:
                    before = ids[position - 1]
                    pair_counts[before, left] -= count
                    pair_counts[before, new_id] += count
                    where[before, new_id].add(number)
                    made.add((before, new_id))
                if position < last:
                    after = ids[position + 1]
                    pair_counts[right, after] -= count
                    pair_counts[new_id, after] += count
                    where[new_id, after].add(number)
                    made.add((new_id, after))
                position += 1
        del pair_counts[pair]
        for new_pair in made:
            if count := pair_counts[new_pair]:
                heappush(heap, (-count, new_pair))
    return merges
    # END SOLUTION


def encode_fast(word: bytes, merges: Mapping[Pair, int]) -> list[int]:
    """The tokens of `encode_word`, for words of any length.

    The tokens are a linked list. A heap holds the places where a merge is possible, that learned
    first on top and of equal ones the leftmost. Each merge makes at most two new places.

    Cost: for n bytes at most 3 n pairs are looked up in `merges`, and of the order of n log n ids
    are compared. (A copy of `merges` costs a look-up for each of its entries.)

    Args, returns: as `encode_word`.
    """
    # BEGIN SOLUTION
    ids = list(word)
    end = len(ids)
    following = list(range(1, end + 1))
    preceding = list(range(-1, end))
    heap: list[tuple[int, int, Pair]] = []

    def consider(left: int, right: int) -> None:
        pair = ids[left], ids[right]
        if (new_id := merges.get(pair)) is not None:
            heappush(heap, (new_id, left, pair))

    for position in range(end - 1):
        consider(position, position + 1)
    gone = -1
    while heap:
        new_id, left, pair = heappop(heap)
        right = following[left]
        if right == end or (ids[left], ids[right]) != pair:
            continue  # another merge has taken one of the two
        ids[left], ids[right] = new_id, gone
        after = following[left] = following[right]
        preceding[after] = left
        if preceding[left] >= 0:
            consider(preceding[left], left)
        if after < end:
            consider(left, after)
    return [token for token in ids if token != gone]
    # END SOLUTION


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
        # BEGIN SOLUTION
        parts = [text]
        if special and self.special:
            longest_first = sorted(self.special, key=len, reverse=True)
            parts = regex.split(f"({'|'.join(map(regex.escape, longest_first))})", text)
        ids = []
        for number, part in enumerate(parts):
            if number % 2:  # what the group has matched
                ids.append(self.special[part])
                continue
            for word in pretokenize(part):
                if word not in self._known:
                    self._known[word] = encode_fast(word.encode(), self.merges)
                ids += self._known[word]
        return ids
        # END SOLUTION

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
    # BEGIN SOLUTION
    rows = [line.split() for line in text.splitlines() if line.strip()]
    tokens = {int(number): base64.b64decode(token) for token, number in rows}
    merges: dict[Pair, int] = {}
    for number in range(len(rows)):
        if number not in tokens:
            raise ValueError(f"there are {len(rows)} tokens, but none has the id {number}")
        token = tokens[number]
        if number < 256:
            if len(token) != 1 or token in map(tokens.get, range(number)):
                raise ValueError(f"the first 256 tokens are not the bytes: id {number}")
            continue
        parts = encode_word(token, merges)
        if len(parts) != 2:
            raise ValueError(f"{number} is not made of two earlier tokens")
        merges[parts[0], parts[1]] = number
    if len(rows) < 256:
        raise ValueError(f"the first 256 tokens are not the bytes: id {len(rows)} is missing")
    return merges
    # END SOLUTION


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
    # BEGIN SOLUTION
    if len(word) > max_characters:
        return [unknown]
    pieces = []
    start = 0
    while start < len(word):
        prefix = "##" if start else ""
        for end in range(len(word), start, -1):
            piece = prefix + word[start:end]
            if piece in vocabulary:
                break
        else:
            return [unknown]
        pieces.append(piece)
        start = end
    return pieces
    # END SOLUTION


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
    # BEGIN SOLUTION
    lengths = sorted({1, *map(len, logprobs)})
    unknown = min(logprobs.values()) - 10
    best = [0.0]  # best[end]: ln P of the best way to cut text[:end]
    last_start = [0]
    for end in range(1, len(text) + 1):
        best.append(-math.inf)
        last_start.append(end)
        for length in lengths:
            if (start := end - length) < 0:
                break
            price = logprobs.get(text[start:end], unknown if length == 1 else -math.inf)
            if best[start] + price > best[end]:
                best[end] = best[start] + price
                last_start[end] = start
    pieces = []
    end = len(text)
    while end:
        pieces.append(text[last_start[end] : end])
        end = last_start[end]
    return pieces[::-1]
    # END SOLUTION


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
    # BEGIN SOLUTION
    lengths = {len(piece) for piece in logprobs}
    expected: defaultdict[str, float] = defaultdict(float)
    for word, count in word_counts.items():
        n = len(word)
        spans = [
            (end - length, end, word[end - length : end])
            for end in range(1, n + 1)
            for length in lengths
            if length <= end and word[end - length : end] in logprobs
        ]
        forward = [0.0] + [-math.inf] * n  # ln P(word[:end]), all ways to cut it
        for start, end, piece in spans:
            forward[end] = np.logaddexp(forward[end], forward[start] + logprobs[piece])
        if forward[n] == -math.inf:
            raise ValueError(f"{word!r} cannot be cut into pieces")
        backward = [-math.inf] * n + [0.0]
        for start, end, piece in sorted(spans, reverse=True):
            backward[start] = np.logaddexp(backward[start], logprobs[piece] + backward[end])
        for start, end, piece in spans:
            through = forward[start] + logprobs[piece] + backward[end]
            if through > -math.inf:
                expected[piece] += count * math.exp(through - forward[n])
    total = math.log(sum(expected.values()))
    return {piece: math.log(value) - total for piece, value in expected.items() if value}
    # END SOLUTION


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
    # BEGIN SOLUTION
    seen = [*range(33, 127), *range(161, 173), *range(174, 256)]
    unseen = [byte for byte in range(256) if byte not in seen]
    characters = {byte: chr(byte) for byte in seen}
    characters |= {byte: chr(256 + number) for number, byte in enumerate(unseen)}
    table = {
        number: "".join(characters[byte] for byte in token)
        for number, token in token_bytes(merges).items()
    }
    plain = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False}
    added = [
        {"id": 256 + len(merges) + n, "content": text, "special": True, **plain}
        for n, text in enumerate(special)
    ]
    byte_level = {
        "type": "ByteLevel",
        "add_prefix_space": False,
        "trim_offsets": True,
        "use_regex": True,
    }
    model = {
        "type": "BPE",
        "vocab": {token: number for number, token in table.items()},
        "merges": [[table[left], table[right]] for left, right in merges],
    }
    return json.dumps(
        {
            "version": "1.0",
            "added_tokens": added,
            "pre_tokenizer": byte_level,
            "decoder": byte_level,
            "model": model,
        }
    )
    # END SOLUTION
