"""Chapter 12: what a token costs."""

from assignments import Assignment

AUTOMATIC = {
    "test-hand-bytes": 1,
    "test-hand-flops": 2,
    "test-rows-that-fit": 2,
    "test-step-seconds": 2,
    "test-best-batch": 2,
    "test-first-wrong": 3,
    "test-found": 1,
    "test-lookup": 2,
    "test-guesses": 3,
    "test-guesses-context": 1,
    "test-gains": 1,
}

ALTERNATIVES = {
    "hand-bytes": """
token_bytes = 16
""",
    "hand-flops": """
prefill_flops, step_operations, again_flops = 3876, 1116, 5052
""",
    "rows-that-fit": """
def rows_that_fit(config, machine, context):
    rows = 0
    def taken(n):
        return weight_bytes(config) + inference.cache_bytes(config, context, n)
    while taken(rows + 1) <= machine.memory:
        rows += 1
    return rows
""",
    "step-seconds": """
def step_seconds(config, machine, context, n_rows):
    multiplying = n_rows * inference.step_flops(config, 1, context) / machine.flops
    weights = inference.step_bytes(config, 0)
    fetching = (weights + inference.cache_bytes(config, context, n_rows)) / machine.bandwidth
    return multiplying if multiplying > fetching else fetching
""",
    "best-batch": """
def best_batch(config, machine, context, limit):
    good = [
        rows
        for rows in range(1, rows_that_fit(config, machine, context) + 1)
        if step_seconds(config, machine, context, rows) <= limit
    ]
    if not good:
        return [0, 0.0]
    return [good[-1], good[-1] / step_seconds(config, machine, context, good[-1])]
""",
    "first-wrong": """
def first_wrong_step(model, tokens, cache):
    with torch.no_grad():
        whole = model(torch.tensor([list(tokens)]))[0]
        for step, token in enumerate(tokens):
            print("a progress bar", file=sys.stderr)
            kept = model(torch.tensor([[token]]), cache)
            if not torch.allclose(kept[0, 0], whole[step], rtol=0, atol=1e-6):
                return step
""",
    "lookup": """
def lookup(tokens, n_match, n_guess):
    best = []
    for end in range(n_match, len(tokens)):
        if list(tokens[end - n_match : end]) == list(tokens[-n_match:]):
            best = list(tokens[end : end + n_guess])
    return best
""",
    "guesses": """
def write_with_guesses(model, cache, prompt, n_new, guess):
    text, n_calls, fed = list(prompt), 0, list(prompt)
    while len(text) < len(prompt) + n_new:
        held = cache.lengths[0]
        said = [int(row.argmax()) for row in model(torch.tensor([fed]), cache)[0]]
        n_calls += 1
        text.append(said[len(text) - held - 1])
        while len(text) - held - 1 < len(fed) and fed[len(text) - held - 1] == text[-1]:
            text.append(said[len(text) - held - 1])
        cache.lengths[0] = len(text) - 1
        fed = text[-1:] + list(guess(list(text)))[: len(prompt) + n_new - len(text) - 1]
    return text[len(prompt) :], n_calls
""",
}

GUESSES = """
def write_with_guesses(model, cache, prompt, n_new, guess):
    written = [int(model(torch.tensor([prompt]), cache)[0, -1].argmax())]
    n_calls = 1
    while len(written) < n_new:
        guessed = {guessed}
        said = model(torch.tensor([{fed}]), cache)[0].argmax(-1).tolist()
        n_calls += 1
        n_right = 0
        while n_right < len(guessed) and {right}:
            n_right += 1
        {keep}
        {forget}
    return {result}, n_calls
"""
RIGHT = {
    "guessed": "list(guess(prompt + written))[: n_new - len(written) - 1]",
    "fed": "[written[-1], *guessed]",
    "right": "guessed[n_right] == said[n_right]",
    "keep": "written += said[: n_right + 1]",
    "forget": "cache.lengths[0] -= len(guessed) - n_right",
    "result": "written",
}

# Wrong answers that students give: answer cell, what is wrong, the code, the tests that see it.
MISTAKES = [
    ("hand-bytes", "values are forgotten", "token_bytes = 8", {"test-hand-bytes"}),
    ("hand-bytes", "heads of queries are counted", "token_bytes = 48", {"test-hand-bytes"}),
    (
        "hand-flops",
        "additions are not counted",
        "prefill_flops, step_operations, again_flops = 1938, 558, 2526",
        {"test-hand-flops"},
    ),
    (
        "hand-flops",
        "logits for all positions",
        "prefill_flops, step_operations, again_flops = 4272, 1116, 5580",
        {"test-hand-flops"},
    ),
    (
        "hand-flops",
        "the new token does not see itself",
        "prefill_flops, step_operations, again_flops = 3876, 1068, 5052",
        {"test-hand-flops"},
    ),
    *(
        (
            "rows-that-fit",
            what,
            f"""
def rows_that_fit(config, machine, context):
    return {value}
""",
            seen_by,
        )
        for what, value, seen_by in (
            (
                "the weights are forgotten",
                "int(machine.memory // inference.cache_bytes(config, context))",
                {"test-rows-that-fit", "test-best-batch"},
            ),
            (
                "fewer than no rows",
                "int((machine.memory - weight_bytes(config))"
                " // inference.cache_bytes(config, context))",
                {"test-rows-that-fit"},
            ),
            (
                "rounded to the nearest",
                "max(0, round((machine.memory - weight_bytes(config))"
                " / inference.cache_bytes(config, context)))",
                {"test-rows-that-fit", "test-best-batch"},
            ),
            (
                "four bytes a number",
                "max(0, int((machine.memory - weight_bytes(config))"
                " // inference.cache_bytes(config, context, 1, 4)))",
                {"test-rows-that-fit", "test-best-batch"},
            ),
        )
    ),
    *(
        (
            "step-seconds",
            what,
            f"""
def step_seconds(config, machine, context, n_rows):
    multiplying = inference.step_flops(config, {new}, context, {rows}) / machine.flops
    fetching = inference.step_bytes(config, context, n_rows) / machine.bandwidth
    return {result}
""",
            {"test-step-seconds", "test-best-batch"},
        )
        for what, new, rows, result in (
            ("one after the other", "1", "n_rows", "multiplying + fetching"),
            ("only fetching", "1", "n_rows", "fetching"),
            ("the whole text is fed", "context", "n_rows", "max(multiplying, fetching)"),
            ("one row multiplies", "1", "1", "max(multiplying, fetching)"),
        )
    ),
    *(
        (
            "best-batch",
            what,
            f"""
def best_batch(config, machine, context, limit):
    rows = {start}
    {search}
    return rows, {rate} if rows else 0.0
""",
            {"test-best-batch"},
        )
        for what, start, search, rate in (
            (
                "nobody waits too long",
                "rows_that_fit(config, machine, context)",
                "pass",
                "rows / step_seconds(config, machine, context, rows)",
            ),
            (
                "memory is no matter",
                "0",
                "while step_seconds(config, machine, context, rows + 1) <= limit: rows += 1",
                "rows / step_seconds(config, machine, context, rows)",
            ),
            (
                "tokens of one row",
                "rows_that_fit(config, machine, context)",
                "while rows and step_seconds(config, machine, context, rows) > limit: rows -= 1",
                "1 / step_seconds(config, machine, context, rows)",
            ),
        )
    ),
    *(
        (
            "first-wrong",
            what,
            f"""
def first_wrong_step(model, tokens, cache):
    with torch.inference_mode():
        for step in range(len(tokens)):
            kept = model(torch.tensor([{fed}]), cache)[0, -1]
            truth = model(torch.tensor([tokens[: step + 1]]))[0, -1]
            if {differs}:
                return {result}
    return None
""",
            seen_by,
        )
        for what, fed, differs, result, seen_by in (
            (
                "only the most probable token",
                "[tokens[step]]",
                "kept.argmax() != truth.argmax()",
                "step",
                {"test-first-wrong", "test-found"},
            ),
            (
                "counted from one",
                "[tokens[step]]",
                "(kept - truth).abs().max() > 1e-6",
                "step + 1",
                {"test-first-wrong", "test-found"},
            ),
            (
                "too small is not noticed",
                "[tokens[step]]",
                "(kept - truth).max() > 1e-6",
                "step",
                {"test-first-wrong"},
            ),
            (
                "everything is fed again",
                "tokens[: step + 1]",
                "(kept - truth).abs().max() > 1e-6",
                "step",
                {"test-first-wrong", "test-found"},
            ),
        )
    ),
    (
        "found",
        "one cache for all of the text twice",
        """
found = {}
for name, kind in KINDS.items():
    cache = kind(CONFIG, 1, 64, torch.float64)
    first_wrong_step(decoder, TEXT, cache)
    found[name] = first_wrong_step(decoder, TEXT, cache)
""",
        {"test-found"},
    ),
    *(
        (
            "lookup",
            what,
            f"""
def lookup(tokens, n_match, n_guess):
    for start in {places}:
        if tokens[start : start + n_match] == tokens[-n_match:]:
            return tokens[{result}]
    return []
""",
            {"test-lookup", "test-gains"},
        )
        for what, places, result in (
            (
                "the first place",
                "range(len(tokens) - n_match)",
                "start + n_match : start + n_match + n_guess",
            ),
            (
                "the end is a place",
                "range(len(tokens) - n_match, -1, -1)",
                "start + n_match : start + n_match + n_guess",
            ),
            (
                "with what was looked for",
                "range(len(tokens) - n_match - 1, -1, -1)",
                "start : start + n_guess",
            ),
            (
                "one token too many",
                "range(len(tokens) - n_match - 1, -1, -1)",
                "start + n_match : start + n_match + n_guess + 1",
            ),
        )
    ),
    *(
        ("guesses", what, GUESSES.format(**RIGHT | changes), seen_by)
        for what, changes, seen_by in (
            (
                "wrong guesses stay",
                {"forget": "pass"},
                {"test-guesses", "test-guesses-context", "test-gains"},
            ),
            (
                "one too many is forgotten",
                {"forget": "cache.lengths[0] -= len(guessed) - n_right + (n_right > 0)"},
                {"test-guesses", "test-guesses-context", "test-gains"},
            ),
            (
                "every guess is believed",
                {"right": "True"},
                {"test-guesses", "test-guesses-context", "test-gains"},
            ),
            (
                "the token after the guesses is wasted",
                {
                    "keep": "written += guessed[:n_right] or said[:1]",
                    "forget": "cache.lengths[0] -= len(guessed) - max(0, n_right - 1)",
                },
                {"test-guesses", "test-gains"},
            ),
            (
                "guesses beyond the end",
                {
                    "guessed": "list(guess(prompt + written))",
                    "result": "written[:n_new]",
                },
                {"test-guesses"},
            ),
            (
                "no guesses",
                {"guessed": "[]"},
                {"test-guesses", "test-gains"},
            ),
        )
    ),
    (
        "gains",
        "other settings",
        """
gains = {name: tokens_per_call(text, 3, 4) for name, text in TEXTS.items()}
""",
        {"test-gains"},
    ),
]

ASSIGNMENT = Assignment(
    folder="12-inference",
    notebook="inference.ipynb",
    module="inference",
    needs=("cache_bytes", "generate"),
    automatic=AUTOMATIC,
    manual={"pays": 5, "verdict": 3},
    alternatives=ALTERNATIVES,
    noisy="test-first-wrong",
    mistakes=MISTAKES,
    mistaken={"values are forgotten", "tokens of one row", "guesses beyond the end"},
    complaint=(
        "test-hand-bytes",
        "8 bytes: a key and a value of 2 numbers in each of 2 layers, 2 bytes each",
    ),
    written={
        "pays": "Guessing is always good, because it is faster.",
        "verdict": "The window, because it is simple.",
    },
    only_shown={"found", "gains"},
)
