"""Chapter 11: what a server's texts tell about its settings, and two temperatures."""

from assignments import Assignment

AUTOMATIC = {
    "test-hand": 2,
    "test-hand-penalties": 1,
    "test-price": 3,
    "test-writers": 2,
    "test-temperature": 3,
    "test-letters": 3,
    "test-every": 3,
    "test-sharpened": 2,
    "test-distances": 1,
}

ALTERNATIVES = {
    "hand": """
heated = (Fraction(4, 5), Fraction(1, 5), Fraction(), Fraction())
""",
    "hand-penalties": """
penalised = [Fraction(n, 5) for n in (0, 3, 2, 0)]
""",
    "price": """
def log_probability(model, tokens, n_prompt, sampling):
    print("a progress bar", file=sys.stderr)
    logits = model(torch.tensor(tokens)[None])
    logs = [torch.tensor(0.0)]
    for end in range(n_prompt, len(tokens)):
        before = torch.tensor(tokens[:end])[None]
        logs.append(next_distribution(logits[:, end - 1], before, sampling, n_prompt)[0].log())
        logs[-1] = logs[-1][tokens[end]]
    return torch.stack(logs).sum()
""",
    "temperature": """
def fitted_temperature(logits, tokens):
    def loss(tau):
        return torch.nn.functional.cross_entropy(logits.double() / tau, tokens).item()
    return min((0.05 * 1.004**i for i in range(1501)), key=loss)
""",
    "letters": """
def letters(tokens, vocabulary, stops):
    waiting = ""
    for token in tokens:
        for character in vocabulary[token]:
            waiting += character
            for stop in sorted(stops, key=len, reverse=True):
                if waiting.endswith(stop):
                    yield from waiting[: len(waiting) - len(stop)]
                    return
            while waiting and not any(stop.startswith(waiting) for stop in stops):
                yield waiting[0]
                waiting = waiting[1:]
    yield from waiting
""",
    "every": """
def every_text(model, prompt, n_new, sampling):
    found = {(): 1.0}
    for _ in range(n_new):
        longer = {}
        for text, p in found.items():
            row = torch.tensor([[*prompt, *text]])
            shares = next_distribution(model(row)[:, -1], row, sampling, len(prompt))[0]
            for token in shares.nonzero()[:, 0].tolist():
                longer[(*text, token)] = p * shares[token].item()
        found = longer
    return found
""",
    "sharpened": """
def sharpened(texts, temperature):
    logs = torch.tensor([*texts.values()], dtype=torch.float64).log()
    return dict(zip(texts, apply_temperature(logs, temperature).softmax(-1).tolist()))
""",
}

PRICE = """
def log_probability(model, tokens, n_prompt, sampling):
    row = torch.tensor([tokens])
    logits, total = model(row), 0.0
    for place in range({first}, len(tokens)):
        shares = {shares}
        share = shares[0, tokens[place]].item()
        total += {log}
    return total
"""
PRICED = {
    "first": "n_prompt",
    "shares": "next_distribution(logits[:, place - 1], row[:, :place], sampling, n_prompt)",
    "log": "math.log(share) if share else -math.inf",
}

LETTERS = """
def letters(tokens, vocabulary, stops):
    characters = (ord(c) for token in tokens for c in vocabulary[token])
    stops = [[ord(c) for c in stop] for stop in stops]
    {body}
"""

# Wrong answers that students give: answer cell, what is wrong, the code, the tests that see it.
MISTAKES = [
    (
        "hand",
        "top-p before the temperature",
        "heated = [Fraction(36, 49), Fraction(9, 49), Fraction(4, 49), Fraction(0)]",
        {"test-hand"},
    ),
    (
        "hand",
        "only the likeliest stays",
        "heated = [Fraction(n) for n in (1, 0, 0, 0)]",
        {"test-hand"},
    ),
    (
        "hand",
        "not normalised again",
        "heated = [Fraction(18, 25), Fraction(9, 50), Fraction(0), Fraction(0)]",
        {"test-hand"},
    ),
    ("hand", "rounded numbers", "heated = [0.8, 0.2, 0.0, 0.0]", {"test-hand"}),
    (
        "hand-penalties",
        "the prompt counts, too",
        "penalised = [Fraction(0), Fraction(0), Fraction(1), Fraction(0)]",
        {"test-hand-penalties"},
    ),
    (
        "hand-penalties",
        "min-p before the penalties",
        "penalised = [Fraction(1), Fraction(0), Fraction(0), Fraction(0)]",
        {"test-hand-penalties"},
    ),
    (
        "hand-penalties",
        "no penalty for what was written",
        "penalised = [Fraction(2, 3), Fraction(1, 3), Fraction(0), Fraction(0)]",
        {"test-hand-penalties"},
    ),
    *(
        ("price", what, PRICE.format(**PRICED | changes), seen_by)
        for what, changes, seen_by in (
            (
                "the row after the token",
                {"shares": PRICED["shares"].replace("place - 1", "place")},
                {"test-price", "test-writers"},
            ),
            (
                "the prompt is paid for",
                {"first": "1"},
                {"test-price"},
            ),
            (
                "the prompt is punished as if it were written",
                {"shares": PRICED["shares"].replace(", n_prompt)", ")")},
                {"test-price"},
            ),
            (
                "penalties see the token itself",
                {"shares": PRICED["shares"].replace(":place]", ": place + 1]")},
                {"test-price", "test-writers"},
            ),
            (
                "settings are forgotten",
                {"shares": "logits[:, place - 1].softmax(-1)"},
                {"test-price", "test-writers"},
            ),
            (
                "in bits",
                {"log": "math.log2(share) if share else -math.inf"},
                {"test-price"},
            ),
            (
                "the impossible costs nothing",
                {"log": "math.log(share) if share else 0.0"},
                {"test-price", "test-writers"},
            ),
            (
                "a call for each token",
                {
                    "shares": "next_distribution("
                    "model(row[:, :place])[:, -1], row[:, :place], sampling, n_prompt)"
                },
                {"test-price"},
            ),
        )
    ),
    (
        "writers",
        "the first that is possible",
        """
writers = {}
for server, written in TEXTS.items():
    for name, sampling in CANDIDATES.items():
        totals = [log_probability(MODEL, numbers("a" + text), 1, sampling) for text in written]
        if min(totals) > -math.inf:
            writers.setdefault(server, name)
""",
        {"test-writers"},
    ),
    (
        "writers",
        "one text of each",
        """
writers = {}
for server, written in TEXTS.items():
    totals = {
        name: log_probability(MODEL, numbers("a" + written[0]), 1, sampling)
        for name, sampling in CANDIDATES.items()
    }
    writers[server] = max(totals, key=totals.get)
""",
        {"test-writers"},
    ),
    *(
        (
            "temperature",
            what,
            f"""
def fitted_temperature(logits, tokens):
    def loss(tau):
        return {loss}
    taus = [{first} * {step}**i for i in range({n})]
    best = min(taus, key=loss)
    return {result}
""",
            {"test-temperature"},
        )
        for what, first, step, n, loss, result in (
            (
                "its reciprocal",
                "0.05",
                "1.004",
                "1501",
                "torch.nn.functional.cross_entropy(logits.double() / tau, tokens).item()",
                "1 / best",
            ),
            (
                "a coarse list",
                "0.05",
                "1.1",
                "63",
                "torch.nn.functional.cross_entropy(logits.double() / tau, tokens).item()",
                "best",
            ),
            (
                "only up to 1",
                "0.05",
                "1.004",
                "751",
                "torch.nn.functional.cross_entropy(logits.double() / tau, tokens).item()",
                "best",
            ),
            (
                "the largest mean probability",
                "0.05",
                "1.004",
                "1501",
                "-(logits.double() / tau).softmax(-1).gather(1, tokens[:, None]).mean().item()",
                "best",
            ),
            (
                "logits are divided, but not normalised",
                "0.05",
                "1.004",
                "1501",
                "-(logits.double() / tau).gather(1, tokens[:, None]).mean().item()",
                "best",
            ),
        )
    ),
    *(
        ("letters", what, LETTERS.format(body=body), {"test-letters"})
        for what, body in (
            ("nothing stops", "yield from map(chr, characters)"),
            (
                "all at the end",
                "yield from [chr(c) for c in until_stop(characters, stops)]",
            ),
            (
                "the text of a whole token at once",
                "for token in until_stop(list(characters), stops): yield chr(token)",
            ),
            ("whole numbers", "yield from until_stop(characters, stops)"),
            (
                "only the first stop",
                "yield from map(chr, until_stop(characters, stops[:1]))",
            ),
            (
                "only a stop that is a token",
                "stops = [[vocabulary.index(''.join(map(chr, s)))] for s in stops"
                " if ''.join(map(chr, s)) in vocabulary]\n"
                "    for token in until_stop(tokens, stops): yield from vocabulary[token]",
            ),
            (
                "one token is taken too many",
                "tokens = iter(tokens)\n"
                "    yield from map(chr, until_stop(characters, stops))\n"
                "    next(iter(tokens), None)",
            ),
        )
    ),
    *(
        (
            "every",
            what,
            f"""
def every_text(model, prompt, n_new, sampling):
    vocabulary = model(torch.tensor([prompt])).shape[-1]
    found = {{}}
    for written in {texts}:
        tokens = [*prompt, *written]
        share = {share}
        if {kept}:
            found[{key}] = share
    return found
""",
            seen_by,
        )
        for what, texts, share, kept, key, seen_by in (
            (
                "no token twice",
                "itertools.permutations(range(vocabulary), n_new)",
                "math.exp(log_probability(model, tokens, len(prompt), sampling))",
                "share",
                "written",
                {"test-every"},
            ),
            (
                "settings are forgotten",
                "itertools.product(range(vocabulary), repeat=n_new)",
                "math.exp(log_probability(model, tokens, len(prompt), PLAIN))",
                "share",
                "written",
                {"test-every", "test-distances"},
            ),
            (
                "logarithms",
                "itertools.product(range(vocabulary), repeat=n_new)",
                "log_probability(model, tokens, len(prompt), sampling)",
                "share > -math.inf",
                "written",
                {"test-every", "test-distances"},
            ),
            (
                "the impossible is listed",
                "itertools.product(range(vocabulary), repeat=n_new)",
                "math.exp(log_probability(model, tokens, len(prompt), sampling))",
                "True",
                "written",
                {"test-every"},
            ),
            (
                "with the prompt",
                "itertools.product(range(vocabulary), repeat=n_new)",
                "math.exp(log_probability(model, tokens, len(prompt), sampling))",
                "share",
                "tuple(tokens)",
                {"test-every"},
            ),
            (
                "the prompt is written, too",
                "itertools.product(range(vocabulary), repeat=n_new)",
                "math.exp(log_probability(model, tokens, 1, sampling))",
                "share",
                "written",
                {"test-every"},
            ),
        )
    ),
    *(
        (
            "sharpened",
            what,
            f"""
def sharpened(texts, temperature):
    powers = {{text: {power} for text, p in texts.items()}}
    {change}
    return {{text: power / {total} for text, power in powers.items()}}
""",
            seen_by,
        )
        for what, power, change, total, seen_by in (
            (
                "the power upside down",
                "p**temperature",
                "pass",
                "sum(powers.values())",
                {"test-sharpened", "test-distances"},
            ),
            (
                "no sum",
                "p ** (1 / temperature)",
                "pass",
                "1",
                {"test-sharpened", "test-distances"},
            ),
            (
                "probabilities for logits",
                "math.exp(p / temperature)",
                "pass",
                "sum(powers.values())",
                {"test-sharpened", "test-distances"},
            ),
            (
                "the given texts change",
                "max(p, 1e-3) ** (1 / max(temperature, 0.1))",
                "texts.update(powers)",
                "sum(powers.values())",
                {"test-sharpened"},
            ),
        )
    ),
    (
        "distances",
        "the sum is not halved",
        """
distances = {
    heat: 2 * distance(
        every_text(FORK, [0], 2, Sampling(temperature=heat)),
        sharpened(every_text(FORK, [0], 2, PLAIN), heat),
    )
    for heat in HEATS
}
""",
        {"test-distances"},
    ),
    (
        "distances",
        "sharpened twice",
        """
distances = {}
for heat in HEATS:
    stepwise = every_text(FORK, [0], 2, Sampling(temperature=heat))
    distances[heat] = distance(stepwise, sharpened(stepwise, heat))
""",
        {"test-distances"},
    ),
]

ASSIGNMENT = Assignment(
    folder="11-generation",
    notebook="generation.ipynb",
    module="generation",
    needs=("apply_temperature", "stream"),
    automatic=AUTOMATIC,
    manual={"temperatures": 4, "verdict": 4},
    alternatives=ALTERNATIVES,
    noisy="test-price",
    mistakes=MISTAKES,
    mistaken={"top-p before the temperature", "a coarse list", "all at the end"},
    complaint=("test-hand", "heated: 36/49 is not the probability of a"),
    written={
        "temperatures": "Cold texts are better.",
        "verdict": "Temperature 0 for both.",
    },
    only_shown={"writers", "distances"},
)
