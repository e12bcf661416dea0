"""Chapter 2: what a token costs."""

from assignments import Assignment

MANUAL = {"unused-reason": 4, "judgement": 4}
AUTOMATIC = {
    "test-hand-merges": 3,
    "test-hand-tokens": 1,
    "test-bits-per-byte": 3,
    "test-fertility": 3,
    "test-unused": 5,
    "test-group-digits": 4,
    "test-chat-ids": 3,
}

ALTERNATIVES = {
    "hand-merges": """
hand_merges = [list("es"), ["es", "t"], list("lo"), ["lo", "w"]]
""",
    "hand-tokens": """
hand_tokens = ("low", "est")
""",
    "bits-per-byte": """
def bits_per_byte(loss, ids, texts):
    print("a progress bar", file=sys.stderr)
    everything = "".join(texts).encode("utf-8")
    return math.log2(math.e) * loss * len([n for some in ids for n in some]) / len(everything)
""",
    "fertility": """
def fertility(words, merges):
    total = whole = 0
    for word in words:
        tokens = list(tokenizers.encode_word(word.encode("utf-8"), merges))
        total += len(tokens)
        if len(tokens) == 1:
            whole += 1
    return [total / len(words), whole / len(words)]
""",
    "unused": """
def unused(merges, word_counts):
    idle = {number: True for number in merges.values()}
    for word in word_counts:
        for number in tokenizers.encode_word(word, merges):
            idle.pop(number, None)
    return list(idle)
""",
    "group-digits": """
def group_digits(text):
    import re

    return re.findall("[0-9]{1,3}(?=(?:[0-9]{3})*(?![0-9]))|[^0-9]+", text)
""",
    "chat-ids": """
def chat_ids(message, merges, markers):
    ids = encode(message, merges)
    ids.insert(0, markers["<|user|>"])
    ids.append(markers["<|bot|>"])
    return tuple(ids)
""",
}

MISTAKES = [
    (
        "hand-merges",
        "st before es",
        """
hand_merges = [("s", "t"), ("e", "st"), ("l", "o"), ("lo", "w")]
""",
        {"test-hand-merges"},
    ),
    (
        "hand-merges",
        "words are not weighed",
        """
hand_merges = [("l", "o"), ("lo", "w"), ("e", "s"), ("es", "t")]
""",
        {"test-hand-merges"},
    ),
    (
        "hand-merges",
        "pairs of letters only",
        """
hand_merges = [("e", "s"), ("s", "t"), ("w", "e"), ("l", "o")]
""",
        {"test-hand-merges"},
    ),
    (
        "hand-tokens",
        "the e of lower is kept",
        """
hand_tokens = ["lowe", "st"]
""",
        {"test-hand-tokens"},
    ),
    (
        "hand-tokens",
        "letters",
        """
hand_tokens = list("lowest")
""",
        {"test-hand-tokens"},
    ),
    (
        "bits-per-byte",
        "nats for bits",
        """
def bits_per_byte(loss, ids, texts):
    return loss * sum(map(len, ids)) / sum(len(text.encode()) for text in texts)
""",
        {"test-bits-per-byte"},
    ),
    (
        "bits-per-byte",
        "characters for bytes",
        """
def bits_per_byte(loss, ids, texts):
    return loss / math.log(2) * sum(map(len, ids)) / sum(map(len, texts))
""",
        {"test-bits-per-byte"},
    ),
    (
        "bits-per-byte",
        "the mean of the texts",
        """
def bits_per_byte(loss, ids, texts):
    each = [loss / math.log(2) * len(i) / len(t.encode()) for i, t in zip(ids, texts)]
    return sum(each) / len(each)
""",
        {"test-bits-per-byte"},
    ),
    (
        "fertility",
        "each word once",
        """
def fertility(words, merges):
    lengths = [len(tokenizers.encode_word(word.encode(), merges)) for word in set(words)]
    return sum(lengths) / len(lengths), lengths.count(1) / len(lengths)
""",
        {"test-fertility"},
    ),
    (
        "fertility",
        "words are those of length one",
        """
def fertility(words, merges):
    lengths = [len(tokenizers.encode_word(word.encode(), merges)) for word in words]
    return sum(lengths) / len(lengths), sum(len(word) == 1 for word in words) / len(words)
""",
        {"test-fertility"},
    ),
    (
        "fertility",
        "tokens per character",
        """
def fertility(words, merges):
    lengths = [len(tokenizers.encode_word(word.encode(), merges)) for word in words]
    return sum(lengths) / sum(map(len, words)), lengths.count(1) / len(lengths)
""",
        {"test-fertility"},
    ),
    (
        "unused",
        "bytes as well",
        """
def unused(merges, word_counts):
    used = {number for word in word_counts for number in tokenizers.encode_word(word, merges)}
    return {*range(256), *merges.values()} - used
""",
        {"test-unused"},
    ),
    (
        "unused",
        "those that are parts of others",
        """
def unused(merges, word_counts):
    parts = {number for pair in merges for number in pair}
    return parts & set(merges.values())
""",
        {"test-unused"},
    ),
    (
        "unused",
        "those that are no whole word",
        """
def unused(merges, word_counts):
    table = tokenizers.token_bytes(merges)
    return {number for number in merges.values() if table[number] not in word_counts}
""",
        {"test-unused"},
    ),
    (
        "group-digits",
        "from the left",
        """
def group_digits(text):
    import re

    return re.findall("[0-9]{1,3}|[^0-9]+", text)
""",
        {"test-group-digits"},
    ),
    (
        "group-digits",
        "other digits of Unicode too",
        """
def group_digits(text):
    pieces = []
    for c in text:
        if pieces and pieces[-1][-1].isdigit() == c.isdigit():
            pieces[-1] += c
        else:
            pieces.append(c)
    done = []
    for piece in pieces:
        while piece[0].isdigit() and len(piece) > 3:
            first = len(piece) % 3 or 3
            done.append(piece[:first])
            piece = piece[first:]
        done.append(piece)
    return done
""",
        {"test-group-digits"},
    ),
    (
        "group-digits",
        "what is between is lost",
        """
def group_digits(text):
    import re

    return re.findall("[0-9]{1,3}(?=(?:[0-9]{3})*(?![0-9]))", text)
""",
        {"test-group-digits"},
    ),
    (
        "chat-ids",
        "markers in the text are read as markers",
        """
def chat_ids(message, merges, markers):
    import re

    whole = "<|user|>" + message + "<|bot|>"
    ids = []
    for part in re.split(r"(<\\|user\\|>|<\\|bot\\|>)", whole):
        ids += [markers[part]] if part in markers else encode(part, merges)
    return ids
""",
        {"test-chat-ids"},
    ),
    (
        "chat-ids",
        "markers are taken out of the text",
        """
def chat_ids(message, merges, markers):
    for marker in markers:
        message = message.replace(marker, "")
    return [markers["<|user|>"], *encode(message, merges), markers["<|bot|>"]]
""",
        {"test-chat-ids"},
    ),
    (
        "chat-ids",
        "the markers are text",
        """
def chat_ids(message, merges, markers):
    return encode("<|user|>" + message + "<|bot|>", merges)
""",
        {"test-chat-ids"},
    ),
]

ASSIGNMENT = Assignment(
    folder="02-tokenization",
    notebook="tokenization.ipynb",
    module="tokenizers",
    needs=("pretokenize", "decode"),
    automatic=AUTOMATIC,
    manual=MANUAL,
    alternatives=ALTERNATIVES,
    noisy="test-bits-per-byte",
    mistakes=MISTAKES,
    mistaken={"st before es", "each word once", "from the left"},
    complaint=(
        "test-hand-merges",
        "merge 1: another pair occurs as often as ('s', 't') and comes first",
    ),
    written={
        "unused-reason": "Because the longer token takes every place.",
        "judgement": "A. It is slower.",
    },
    only_shown=set(),
)
