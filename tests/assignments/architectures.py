"""Chapter 9: reading a model."""

from assignments import Assignment

AUTOMATIC = {
    "test-hand-layer": 1,
    "test-hand-total": 2,
    "test-sees": 3,
    "test-family": 2,
    "test-found": 1,
    "test-config-of": 3,
    "test-turned": 2,
    "test-windows": 2,
    "test-answer-in": 3,
}

ALTERNATIVES = {
    "hand-layer": "layer = (48, 87, 12)",
    "hand-total": "tied, untied = 300, 340",
    "sees": """
def sees(model, tokens, n_tokens):
    print("a progress bar", file=sys.stderr)
    rows, length = [], len(tokens)
    before = model(torch.tensor([tokens])).detach()
    for s in range(length):
        differs = torch.zeros(length, dtype=torch.bool)
        for other in range(n_tokens):
            fed = torch.tensor([tokens])
            fed[0, s] = other
            differs |= (model(fed).detach() - before)[0].abs().max(-1).values > 1e-9
        rows.append(differs)
    return torch.stack(rows, dim=1)
""",
    "family": """
def family(seen):
    length = len(seen)
    future = {bool(seen[t, s]) for t in range(length) for s in range(t + 1, length)}
    past = {bool(seen[t, s]) for t in range(length) for s in range(t + 1)}
    if past != {True} or len(future) == 2:
        return "other"
    return "decoder" if future == {False} else "encoder"
""",
    "config-of": """
def config_of(shapes, n_heads):
    sizes = {}
    last = 0
    for name, shape in shapes.items():
        parts = [part for part in name.split(".") if part != "transformer"]
        sizes[parts[0]] = shape
        if parts[0] == "h":
            last = max(last, int(parts[1]) + 1)
    return GPT2Config(*sizes["wte"], last, n_heads, sizes["wpe"][0])
""",
    "turned": """
def turned(loaded, right):
    names = []
    for name in sorted(right):
        here, there = loaded[name], right[name]
        if here.ndim != 2 or (here.shape == there.shape and (here == there).all()):
            continue
        if here.shape == there.shape[::-1] and (here.t() == there).all():
            names.append(name)
    return names
""",
    "windows": """
def windows(n_tokens, size, step):
    starts = range(0, max(n_tokens - size, 0) + step, step) if n_tokens else []
    pairs = [(start, min(start + size, n_tokens)) for start in starts]
    return [pair for k, pair in enumerate(pairs) if k == 0 or pairs[k - 1][1] < n_tokens]
""",
    "answer-in": """
def answer_in(read, max_length):
    spans = []
    for number, (offset, start, end) in enumerate(read):
        for i in range(len(start)):
            for j in range(i, min(len(end), i + max_length)):
                spans.append((-float(start[i] + end[j]), number, offset + i, offset + j))
    return list(min(spans)[2:])
""",
}

SEES = """
def sees(model, tokens, n_tokens):
    length = len(tokens)
    found = torch.zeros(length, length, dtype=torch.bool)
    with torch.no_grad():
        before = model(torch.tensor([tokens]))[0]
        for s in range(length):
            for other in {others}:
                changed = [*tokens[:s], other, *tokens[s + 1 :]]
                after = model(torch.tensor([changed]))[0]
                found{place} |= {differs}
    return found
"""
LOOKS = {
    "others": "set(range(n_tokens)) - {tokens[s]}",
    "place": "[:, s]",
    "differs": "((after - before).abs() > 1e-9).any(-1)",
}

ANSWER = """
def answer_in(read, max_length):
    best, place = {lowest}, None
    for offset, start, end in read:
        sums = {sums}
        fits = torch.ones_like(sums, dtype=torch.bool){fits}
        sums = sums.masked_fill(~fits, -torch.inf)
        if sums.max() {beats} best:
            best = sums.max()
            first, last = divmod(int(sums.argmax()), len(end))
            place = {place}
    return place
"""
ANSWERS = {
    "lowest": "-torch.inf",
    "sums": "start[:, None] + end",
    "fits": ".triu().tril(max_length - 1)",
    "beats": ">",
    "place": "offset + first, offset + last",
}

# Wrong answers that students give: answer cell, what is wrong, the code, the tests that see it.
MISTAKES = [
    *(
        ("hand-layer", what, f"layer = {values}", {"test-hand-layer"})
        for what, values in (
            ("no biases", "[36, 72, 12]"),
            ("one norm", "[48, 87, 6]"),
            ("three matrices of attention", "[36, 87, 12]"),
        )
    ),
    *(
        ("hand-total", what, f"tied, untied = {values}", {"test-hand-total"})
        for what, values in (
            ("as many heads of keys as of queries", "332, 372"),
            ("two matrices for SwiGLU", "252, 292"),
            ("the last norm is forgotten", "296, 336"),
            ("tied and untied are exchanged", "340, 300"),
        )
    ),
    *(
        ("sees", what, SEES.format(**LOOKS | changes), seen_by)
        for what, changes, seen_by in (
            ("turned over", {"place": "[s]"}, {"test-sees", "test-found"}),
            ("one other token", {"others": "[(tokens[s] + 1) % n_tokens]"}, {"test-sees"}),
            ("rounding counts", {"differs": "(after != before).any(-1)"}, {"test-sees"}),
            (
                "only the first number",
                {"differs": "(after - before)[:, 0].abs() > 1e-9"},
                {"test-sees"},
            ),
        )
    ),
    *(
        (
            "family",
            what,
            f"""
def family(seen):
    return {code}
""",
            {"test-family", *more},
        )
        for what, code, more in (
            (
                "decoder comes first",
                "'decoder' if seen.tril().equal(seen) else 'encoder'",
                ["test-found"],
            ),
            (
                "no future is enough",
                "'encoder' if seen.all() else 'decoder' if not seen.triu(1).any() else 'other'",
                [],
            ),
        )
    ),
    (
        "found",
        "read, not measured",
        "found = {'A': 'encoder', 'B': 'decoder', 'C': 'decoder', 'D': 'decoder', 'E': 'decoder'}",
        {"test-found"},
    ),
    *(
        (
            "config-of",
            what,
            f"""
def config_of(shapes, n_heads):
    plain = {{name.removeprefix("transformer."): shape for name, shape in shapes.items()}}
    vocabulary, width = {table}
    layers = {{{number} for name in plain if name.startswith("h.")}}
    return GPT2Config(vocabulary, width, {count}, n_heads, {length})
""",
            {"test-config-of"},
        )
        for what, table, number, count, length in (
            (
                "the layers' highest number",
                'plain["wte.weight"]',
                'int(name.split(".")[1])',
                "max(layers)",
                'plain["wpe.weight"][0]',
            ),
            (
                "one digit",
                'plain["wte.weight"]',
                "name[2]",
                "len(layers)",
                'plain["wpe.weight"][0]',
            ),
            (
                "width and vocabulary exchanged",
                'plain["wte.weight"][::-1]',
                'name.split(".")[1]',
                "len(layers)",
                'plain["wpe.weight"][0]',
            ),
            (
                "always 1,024 positions",
                'plain["wte.weight"]',
                'name.split(".")[1]',
                "len(layers)",
                "1024",
            ),
        )
    ),
    *(
        (
            "turned",
            what,
            f"""
def turned(loaded, right):
    return {wrap}(
        name
        for name, tensor in loaded.items()
        if tensor.dim() == 2 and {rule}
    )
""",
            {"test-turned"},
        )
        for what, wrap, rule in (
            ("symmetric ones too", "sorted", "torch.equal(tensor.T, right[name])"),
            ("all that differs", "sorted", "not torch.equal(tensor, right[name])"),
            (
                "in the order of the file",
                "list",
                "not torch.equal(tensor, right[name]) and torch.equal(tensor.T, right[name])",
            ),
            (
                "only what does not fit",
                "sorted",
                "tensor.shape != right[name].shape and torch.equal(tensor.T, right[name])",
            ),
        )
    ),
    *(
        (
            "windows",
            what,
            f"""
def windows(n_tokens, size, step):
    return [({start}, {end}) for start in range(0, {stop}, {by})]
""",
            {"test-windows"},
        )
        for what, start, end, stop, by in (
            ("goes on after the end", "start", "min(start + size, n_tokens)", "n_tokens", "step"),
            (
                "longer than the text",
                "start",
                "start + size",
                "max(n_tokens - size, 0) + 1",
                "step",
            ),
            ("without overlap", "start", "min(start + size, n_tokens)", "n_tokens", "size"),
        )
    ),
    *(
        ("answer-in", what, ANSWER.format(**ANSWERS | changes), {"test-answer-in"})
        for what, changes in (
            ("counted in the window", {"place": "first, last"}),
            ("only sums above zero", {"lowest": "0.0"}),
            ("the last of equal windows", {"beats": ">="}),
            ("ends before it starts", {"fits": ".tril(max_length - 1)"}),
            ("no limit", {"fits": ".triu()"}),
            ("one token too many", {"fits": ".triu().tril(max_length)"}),
            (
                "probabilities of each window",
                {"sums": "start.softmax(0)[:, None] * end.softmax(0)"},
            ),
        )
    ),
]

ASSIGNMENT = Assignment(
    folder="09-architectures",
    notebook="architectures.ipynb",
    module="architectures",
    needs=("GPT2", "BERT"),
    automatic=AUTOMATIC,
    manual={"families": 5, "verdict": 3},
    alternatives=ALTERNATIVES,
    noisy="test-sees",
    mistakes=MISTAKES,
    mistaken={"no biases", "symmetric ones too", "no limit"},
    complaint=("test-hand-layer", "attention of that layer: it is not 36"),
    written={
        "families": "They differ in their names.",
        "verdict": "A decoder, because it is larger.",
    },
    only_shown={"found"},
)
