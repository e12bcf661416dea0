"""Chapter 1: what counts can tell."""

from assignments import Assignment

MANUAL = {"vocabulary-sentence": 1, "window": 5, "judgement": 3}
AUTOMATIC = {
    "test-hand-sentence": 2,
    "test-hand-smoothed": 1,
    "test-zero-rate": 2,
    "test-zero-rates": 1,
    "test-choose-k": 2,
    "test-chosen-k": 1,
    "test-full-cross-entropy": 3,
    "test-vocabulary": 2,
    "test-suggest-ranking": 2,
    "test-suggest-typed": 1,
    "test-excess": 3,
    "test-excess-floor": 1,
}

ALTERNATIVES = {
    "hand-sentence": """
one = Fraction(1)
factors = [one / 6, one, Fraction("0.4"), one / 4, one, one, one / 2]
sentence_probability = Fraction(1, 120)
""",
    "hand-smoothed": """
V, p_seen, p_new, p_panda = 20, Fraction(1, 10), Fraction(1, 30), Fraction(1, 20)
""",
    "zero-rate": """
def zero_rate(model, sentences):
    found = []
    for sentence in sentences:
        context = [BOS]
        for word in list(sentence) + [EOS]:
            recent = context[-(model.order - 1):] if model.order > 1 else []
            found.append(not model.prob(word, tuple(recent)))
            context.append(word)
    return sum(found) / len(found)
""",
    "choose-k": """
def choose_k(learn, held_out, order, candidates, vocabulary):
    tried = []
    for k in candidates:
        print("a progress bar", file=sys.stderr)
        bits = ngrams.cross_entropy(ngrams.AddK(learn, order, k, vocabulary), held_out)
        tried.append((bits, k))
    bits, k = sorted(tried)[0]
    return [k, 2**bits]
""",
    "full-cross-entropy": """
def full_cross_entropy(model, sentences, full_vocabulary):
    lacking = [word for word in full_vocabulary if word not in model.vocabulary]
    costs = []
    for sentence in sentences:
        for t, word in enumerate([*sentence, EOS]):
            q = model.prob(word, [BOS, *sentence[:t]])
            costs.append(-math.log2(q / len(lacking) if word in lacking else q))
    return math.fsum(costs) / len(costs)
""",
    "suggest": """
def suggest(model, context, n=3, typed=""):
    seen = pad(context)[:-1]
    ranked = sorted(w for w in model.vocabulary if w[: len(typed)] == typed)
    ranked.sort(key=lambda w: model.prob(w, seen), reverse=True)
    return [w for w in ranked if w != EOS and w != UNK][:n]
""",
    "excess": """
def excess(model, documents):
    numbers, sums = {}, {}
    for tokens, log_probs, kinds in documents:
        context = [BOS]
        for token, truth, kind in zip(tokens, log_probs, kinds):
            said = EOS if token == microworld.END else token
            name = group(kind, token)
            numbers[name] = numbers.get(name, 0) + 1
            paid = math.log(model.prob(said, context))
            sums[name] = sums.get(name, 0) + (truth - paid) / math.log(2)
            context = context + [token]
    return {name: (numbers[name], sums[name]) for name in numbers}
""",
}

MISTAKES = [
    (
        "hand-sentence",
        "the end marker is forgotten",
        """
factors = [Fraction(1, 6), Fraction(1), Fraction(2, 5), Fraction(1, 4), Fraction(1), Fraction(1)]
sentence_probability = math.prod(factors)
""",
        {"test-hand-sentence"},
    ),
    (
        "hand-sentence",
        "rounded numbers",
        """
factors = [1 / 6, 1.0, 0.4, 0.25, 1.0, 1.0, 0.5]
sentence_probability = math.prod(factors)
""",
        {"test-hand-sentence"},
    ),
    (
        "hand-sentence",
        "the product is of other factors",
        """
factors = [Fraction(n, d) for n, d in ((1, 6), (1, 1), (2, 5), (1, 4), (1, 1), (1, 1), (1, 2))]
sentence_probability = math.prod(factors[1:])
""",
        {"test-hand-sentence"},
    ),
    *(
        (
            "hand-smoothed",
            f"V = {size}: {reason}",
            f"""
V = {size}
p_seen, p_new, p_panda = Fraction(3, 10 + V), Fraction(1, 10 + V), Fraction(1, V)
""",
            {"test-hand-smoothed"},
        )
        for size, reason in ((18, "words only"), (19, "no <unk>"), (21, "with <s>"))
    ),
    (
        "zero-rate",
        "the end marker is not predicted",
        """
def zero_rate(model, sentences):
    pairs = [(s[t], [BOS, *s[:t]]) for s in sentences for t in range(len(s))]
    return sum(model.prob(word, context) == 0 for word, context in pairs) / max(1, len(pairs))
""",
        {"test-zero-rate"},
    ),
    (
        "zero-rate",
        "the mean of the sentences' rates",
        """
def zero_rate(model, sentences):
    rates = []
    for tokens in map(pad, sentences):
        zeros = [model.prob(tokens[t], tokens[:t]) == 0 for t in range(1, len(tokens))]
        rates.append(sum(zeros) / len(zeros))
    return sum(rates) / len(rates)
""",
        {"test-zero-rate"},
    ),
    (
        "zero-rate",
        "the first word is predicted from nothing",
        """
def zero_rate(model, sentences):
    pairs = [(word, s[:t]) for s in sentences for t, word in enumerate([*s, EOS])]
    return sum(model.prob(word, context) == 0 for word, context in pairs) / len(pairs)
""",
        {"test-zero-rate"},
    ),
    (
        "zero-rate",
        "a small probability is called zero",
        """
def zero_rate(model, sentences):
    pairs = [(p[t], p[:t]) for p in map(pad, sentences) for t in range(1, len(p))]
    return sum(model.prob(word, context) < 1e-12 for word, context in pairs) / len(pairs)
""",
        {"test-zero-rate"},
    ),
    (
        "zero-rate",
        "impossible sentences, not tokens",
        """
def zero_rate(model, sentences):
    impossible = [
        any(model.prob(p[t], p[:t]) == 0 for t in range(1, len(p))) for p in map(pad, sentences)
    ]
    return sum(impossible) / len(impossible)
""",
        {"test-zero-rate", "test-zero-rates"},
    ),
    (
        "zero-rates",
        "all of the training text",
        """
zero_rates = {
    n: zero_rate(ngrams.MaximumLikelihood(train, n, vocabulary), test) for n in range(1, 6)
}
""",
        {"test-zero-rates"},
    ),
    (
        "zero-rates",
        "measured on the text that was counted",
        """
zero_rates = {
    n: zero_rate(ngrams.MaximumLikelihood(few, n, vocabulary), few) for n in range(1, 6)
}
""",
        {"test-zero-rates"},
    ),
    (
        "choose-k",
        "chosen on the text that was counted",
        """
def choose_k(learn, held_out, order, candidates, vocabulary):
    def cost(k):
        return ngrams.perplexity(ngrams.AddK(learn, order, k, vocabulary), learn)
    best = min(candidates, key=cost)
    return best, ngrams.perplexity(ngrams.AddK(learn, order, best, vocabulary), held_out)
""",
        {"test-choose-k", "test-chosen-k"},
    ),
    (
        "choose-k",
        "bits instead of perplexity",
        """
def choose_k(learn, held_out, order, candidates, vocabulary):
    costs = {
        k: ngrams.cross_entropy(ngrams.AddK(learn, order, k, vocabulary), held_out)
        for k in candidates
    }
    best = min(costs, key=costs.get)
    return best, costs[best]
""",
        {"test-choose-k", "test-chosen-k"},
    ),
    (
        "choose-k",
        "the vocabulary is forgotten",
        """
def choose_k(learn, held_out, order, candidates, vocabulary):
    costs = {k: ngrams.perplexity(ngrams.AddK(learn, order, k), held_out) for k in candidates}
    best = min(costs, key=costs.get)
    return best, costs[best]
""",
        {"test-choose-k"},
    ),
    (
        "choose-k",
        "unknown words are skipped",
        """
def choose_k(learn, held_out, order, candidates, vocabulary):
    costs = {
        k: ngrams.perplexity(ngrams.AddK(learn, order, k, vocabulary), held_out, oov="skip")
        for k in candidates
    }
    best = min(costs, key=costs.get)
    return best, costs[best]
""",
        {"test-choose-k"},
    ),
    (
        "chosen-k",
        "the perplexity on the tuning text is reported",
        """
best_k, tune_perplexity = choose_k(few, tune, 3, CANDIDATES, vocabulary)
test_perplexity = tune_perplexity
""",
        {"test-chosen-k"},
    ),
    (
        "chosen-k",
        "a bigram model",
        """
best_k, tune_perplexity = choose_k(few, tune, 2, CANDIDATES, vocabulary)
test_perplexity = ngrams.perplexity(ngrams.AddK(few, 2, best_k, vocabulary), test)
""",
        {"test-chosen-k"},
    ),
    (
        "full-cross-entropy",
        "N counts the unknown words of the text only",
        """
def full_cross_entropy(model, sentences, full_vocabulary):
    unknown = [word for s in sentences for word in s if word not in model.vocabulary]
    n_tokens = sum(len(s) + 1 for s in sentences)
    price = math.log2(len(set(unknown))) if unknown else 0
    return ngrams.cross_entropy(model, sentences) + len(unknown) * price / n_tokens
""",
        {"test-full-cross-entropy"},
    ),
    (
        "full-cross-entropy",
        "the guess is among all words",
        """
def full_cross_entropy(model, sentences, full_vocabulary):
    n_unknown = sum(word not in model.vocabulary for s in sentences for word in s)
    n_tokens = sum(len(s) + 1 for s in sentences)
    bits = n_unknown * math.log2(len(full_vocabulary))
    return ngrams.cross_entropy(model, sentences) + bits / n_tokens
""",
        {"test-full-cross-entropy"},
    ),
    (
        "full-cross-entropy",
        "the price is in nats",
        """
def full_cross_entropy(model, sentences, full_vocabulary):
    unknown = set(full_vocabulary) - set(model.vocabulary)
    n_unknown = sum(word in unknown for s in sentences for word in s)
    n_tokens = sum(len(s) + 1 for s in sentences)
    bits = n_unknown * math.log(len(unknown)) if unknown else 0
    return ngrams.cross_entropy(model, sentences) + bits / n_tokens
""",
        {"test-full-cross-entropy"},
    ),
    (
        "full-cross-entropy",
        "end markers are left out of the average",
        """
def full_cross_entropy(model, sentences, full_vocabulary):
    unknown = set(full_vocabulary) - set(model.vocabulary)
    n_unknown = sum(word in unknown for s in sentences for word in s)
    bits = n_unknown * math.log2(len(unknown)) if unknown else 0
    return ngrams.cross_entropy(model, sentences) + bits / max(1, sum(map(len, sentences)))
""",
        {"test-full-cross-entropy"},
    ),
    (
        "vocabulary",
        "unknown words are skipped",
        """
rows = []
for min_count in MIN_COUNTS:
    known = ngrams.build_vocabulary(train, min_count)
    model = ngrams.kneser_ney(train, 3, known)
    full = 2 ** full_cross_entropy(model, test, vocabulary)
    rows.append((min_count, len(known), ngrams.perplexity(model, test, oov="skip"), full))
""",
        {"test-vocabulary"},
    ),
    (
        "vocabulary",
        "bits in the last column",
        """
rows = []
for min_count in MIN_COUNTS:
    known = ngrams.build_vocabulary(train, min_count)
    model = ngrams.kneser_ney(train, 3, known)
    full = full_cross_entropy(model, test, vocabulary)
    rows.append((min_count, len(known), ngrams.perplexity(model, test), full))
""",
        {"test-vocabulary"},
    ),
    (
        "suggest",
        "markers are offered",
        """
def suggest(model, context, n=3, typed=""):
    words = [word for word in model.vocabulary if word.startswith(typed)]
    return sorted(words, key=lambda word: (-model.prob(word, [BOS, *context]), word))[:n]
""",
        {"test-suggest-typed"},
    ),
    (
        "suggest",
        "the sentence has no beginning",
        """
def suggest(model, context, n=3, typed=""):
    words = [w for w in model.vocabulary if w not in (EOS, UNK) and w.startswith(typed)]
    return sorted(words, key=lambda word: (-model.prob(word, context), word))[:n]
""",
        {"test-suggest-ranking"},
    ),
    (
        "suggest",
        "equals in the reverse of the alphabet",
        """
def suggest(model, context, n=3, typed=""):
    words = [w for w in model.vocabulary if w not in (EOS, UNK) and w.startswith(typed)]
    ranked = sorted(words, key=lambda w: (model.prob(w, [BOS, *context]), w), reverse=True)
    return ranked[:n]
""",
        {"test-suggest-ranking", "test-suggest-typed"},
    ),
    (
        "suggest",
        "what is typed comes too late",
        """
def suggest(model, context, n=3, typed=""):
    words = [w for w in model.vocabulary if w not in (EOS, UNK)]
    ranked = sorted(words, key=lambda w: (-model.prob(w, [BOS, *context]), w))[:n]
    return [word for word in ranked if word.startswith(typed)]
""",
        {"test-suggest-typed"},
    ),
    (
        "suggest",
        "any words will do",
        """
def suggest(model, context, n=3, typed=""):
    words = sorted(w for w in model.vocabulary if w not in (EOS, UNK) and w.startswith(typed))
    return words[:n]
""",
        {"test-suggest-ranking", "test-suggest-typed"},
    ),
    *(
        (
            "excess",
            what,
            f"""
def excess(model, documents):
    result = {{}}
    for document in documents:
        tokens = {tokens}
        for t, (token, log_prob, kind) in enumerate(zip(*document), start=1):
            bits = {bits}
            name = {name}
            count, total = result.get(name, (0, 0.0))
            result[name] = count + 1, total + {add}
    return {result}
""",
            seen_by,
        )
        for what, tokens, bits, name, add, result, seen_by in (
            (
                "the world's end marker is asked for",
                "[BOS, *document.tokens]",
                "log_prob / math.log(2) - math.log2(model.prob(tokens[t], tokens[:t]))",
                "group(kind, token)",
                "bits",
                "result",
                {"test-excess", "test-excess-floor"},
            ),
            (
                "nats and bits are mixed",
                "pad(document.tokens[:-1])",
                "log_prob - math.log2(model.prob(tokens[t], tokens[:t]))",
                "group(kind, token)",
                "bits",
                "result",
                {"test-excess", "test-excess-floor"},
            ),
            (
                "the kind is not grouped",
                "pad(document.tokens[:-1])",
                "log_prob / math.log(2) - math.log2(model.prob(tokens[t], tokens[:t]))",
                "kind",
                "bits",
                "result",
                {"test-excess"},
            ),
            (
                "luck is not allowed",
                "pad(document.tokens[:-1])",
                "log_prob / math.log(2) - math.log2(model.prob(tokens[t], tokens[:t]))",
                "group(kind, token)",
                "max(0, bits)",
                "result",
                {"test-excess", "test-excess-floor"},
            ),
            (
                "the mean of the group",
                "pad(document.tokens[:-1])",
                "log_prob / math.log(2) - math.log2(model.prob(tokens[t], tokens[:t]))",
                "group(kind, token)",
                "bits",
                "{key: (n, b / n) for key, (n, b) in result.items()}",
                {"test-excess", "test-excess-floor"},
            ),
            (
                "what the model pays, not what it pays too much",
                "pad(document.tokens[:-1])",
                "-math.log2(model.prob(tokens[t], tokens[:t]))",
                "group(kind, token)",
                "bits",
                "result",
                {"test-excess", "test-excess-floor"},
            ),
        )
    ),
]

ASSIGNMENT = Assignment(
    folder="01-ngrams",
    notebook="ngrams.ipynb",
    module="ngrams",
    needs=("count_ngrams", "kneser_ney"),
    automatic=AUTOMATIC,
    manual=MANUAL,
    alternatives=ALTERNATIVES,
    noisy="test-choose-k",
    mistakes=MISTAKES,
    mistaken={
        "the end marker is forgotten",
        "the mean of the sentences' rates",
        "the perplexity on the tuning text is reported",
        "markers are offered",
    },
    complaint=("test-hand-sentence", "7 predictions lead from <s> to </s>, you list 6"),
    written={
        "window": "The name of the hero, because it is too far away.",
        "judgement": "A keyboard.",
    },
    only_shown={"zero-rates", "vocabulary"},
)
