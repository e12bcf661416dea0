"""Chapter 23: what a state holds."""

from assignments import Assignment

AUTOMATIC = {
    "test-hand-state": 1,
    "test-hand-bytes": 2,
    "test-counter": 2,
    "test-latch": 2,
    "test-slots": 3,
    "test-recalls": 1,
    "test-first-wrong": 3,
    "test-found": 1,
    "test-attention-of": 3,
    "test-break-even": 2,
}

ALTERNATIVES = {
    "hand-state": """
last_state = (1, 1.5)
last_output = 4
""",
    "hand-bytes": """
row_bytes, token_bytes, equal_tokens = 672, 96, 7
""",
    "counter": """
def counter(flags):
    steps = flags.unsqueeze(-1).to(torch.float32)
    return Scan(
        torch.full_like(steps, 0.5), steps, torch.zeros(1, 1), 2 * torch.ones_like(steps),
        torch.ones_like(steps),
    )
""",
    "latch": """
def latch(flags, values):
    steps = torch.where(flags, 20.0, 0.0).unsqueeze(-1).double()
    ones = torch.ones_like(steps)
    noiseless = torch.where(flags, values, 0.0).unsqueeze(-1)
    return Scan(noiseless, steps, torch.full((1, 1), -2.0), ones, ones / 20)
""",
    "slots": """
def slots(flags, values, number, n_slots):
    here = torch.zeros(*number.shape, n_slots, dtype=torch.float64)
    here.scatter_(-1, (number % n_slots)[..., None], 1.0)
    kept = here * torch.where(flags, values, 0.0)[..., None]
    ones = torch.ones(*flags.shape, 1, dtype=torch.float64)
    return Scan(ones, ones, torch.zeros(1, n_slots), kept, here)
""",
    "first-wrong": """
def first_wrong_step(read, model, tokens):
    state = None
    for end in range(1, len(tokens) + 1):
        print("a progress bar", file=sys.stderr)
        with torch.inference_mode():
            said, state = read(torch.tensor([tokens[end - 1 : end]]), state)
            truth = model(torch.tensor([tokens[:end]]))
        if not torch.allclose(said[0, -1], truth[0, -1], rtol=0, atol=TOLERANCE):
            return end - 1
""",
    "attention-of": """
def attention_of(step, a, b, c):
    rows, length, channels = step.shape
    matrix = torch.zeros(rows, channels, length, length, dtype=step.dtype)
    for s in range(length):
        x = torch.zeros_like(step)
        x[:, s] = 1
        y, _ = mamba.selective_scan(x, step, a, b, c)
        matrix[:, :, :, s] = y.transpose(1, 2)
    return matrix
""",
    "break-even": """
def break_even(config, cache):
    size = config.n_layers * config.inner * (config.state + config.conv - 1) * 2
    if cache.window is not None and cache_bytes(cache, cache.window) <= size:
        return None
    n_tokens = 1
    while cache_bytes(cache, n_tokens) <= size:
        n_tokens += 1
    return n_tokens
""",
}

SLOTS = """
def slots(flags, values, number, n_slots):
    address = torch.nn.functional.one_hot({number}, n_slots).double()
    step = {step}
    return Scan({x}, step, {a} * torch.ones(1, n_slots), {b}, {c})
"""
KEEPS = {
    "number": "number % n_slots",
    "step": "flags[..., None].double()",
    "x": "values[..., None]",
    "a": "0.0",
    "b": "address",
    "c": "address",
}

FIRST_WRONG = """
def first_wrong_step(read, model, tokens):
    with torch.no_grad():
        truth = model(torch.tensor([tokens]))[0]
        state = None
        for t, token in enumerate(tokens):
            logits, state = read(torch.tensor([{fed}]), {state})
            if {differs}:
                return {result}
    return None
"""
JUDGES = {
    "fed": "[token]",
    "state": "state",
    "differs": "(logits[0, -1] - truth[t]).abs().max() > TOLERANCE",
    "result": "t",
}

ATTENTION = """
def attention_of(step, a, b, c):
    until = step.cumsum(1)
    between = {between}
    past = torch.ones(2 * step.shape[1:2], dtype=torch.bool).tril()[None, :, :, None]
    decay = {decay}
    return torch.einsum("{product}", decay, {factors})
"""
ATTENDS = {
    "between": "until[:, :, None] - until[:, None]",
    "decay": "(between.where(past, 0.0)[..., None] * a).exp() * past[..., None]",
    "product": "btsen,btn,bsn,bse->bets",
    "factors": "c, b, step",
}

# Wrong answers that students give: answer cell, what is wrong, the code, the tests that see it.
MISTAKES = [
    *(
        ("hand-state", what, f"last_state, last_output = {values}", {"test-hand-state"})
        for what, values in (
            ("both numbers fade alike", "[1, 3.0], 7.0"),
            ("a step of no length lets something in", "[2.25, 1.8125], 5.875"),
            ("the state before the token is read", "[1, 1.5], 2.0"),
        )
    ),
    *(
        ("hand-bytes", what, f"row_bytes, token_bytes, equal_tokens = {v}", {"test-hand-bytes"})
        for what, v in (
            ("the convolution's past is forgotten", "384, 96, 4"),
            ("the convolution keeps as many as it is wide", "768, 96, 8"),
            ("values are forgotten", "672, 48, 14"),
            ("one layer", "224, 32, 7"),
        )
    ),
    *(
        (
            "counter",
            what,
            f"""
def counter(flags):
    ones = torch.ones(*flags.shape, 1, dtype=torch.float64)
    return Scan({x}, {step}, {a} * torch.ones(1, 1), ones, ones)
""",
            {"test-counter", "test-recalls"},
        )
        for what, x, step, a in (
            ("the count fades", "flags[..., None].double()", "ones", "-1.0"),
            ("all tokens are counted", "ones", "ones", "0.0"),
            ("the last flag only", "flags[..., None].double()", "50 * ones", "-1.0"),
        )
    ),
    (
        "counter",
        "counted outside of the state",
        """
def counter(flags):
    ones = torch.ones(*flags.shape, 1, dtype=torch.float64)
    return Scan(flags.cumsum(1)[..., None].double(), ones, -50 * ones[:1, 0], ones, ones)
""",
        {"test-counter"},
    ),
    *(
        (
            "latch",
            what,
            f"""
def latch(flags, values):
    ones = torch.ones(*flags.shape, 1, dtype=torch.float64)
    step = {step}
    return Scan(values[..., None], step, {a} * torch.ones(1, 1), {b}, ones)
""",
            {"test-latch"},
        )
        for what, step, a, b in (
            (
                "the step multiplies x, and nobody takes it back",
                "50.0 * flags[..., None].double()",
                "-1.0",
                "ones",
            ),
            ("values add up", "flags[..., None].double()", "0.0", "ones"),
            ("the old value is half kept", "flags[..., None].double()", "-1.0", "ones"),
            ("noise is let in", "50.0 * ones", "-1.0", "ones / 50"),
            (
                "noise wipes out",
                "50.0 * ones",
                "-1.0",
                "flags[..., None].double() / 50",
            ),
            ("A is positive", "50.0 * flags[..., None].double()", "1.0", "ones / 50"),
        )
    ),
    (
        "latch",
        "chosen outside of the state",
        """
def latch(flags, values):
    ones = torch.ones(*flags.shape, 1, dtype=torch.float64)
    kept = torch.zeros_like(values)
    for t in range(flags.shape[1]):
        kept[:, t] = torch.where(flags[:, t], values[:, t], kept[:, t - 1] if t else 0.0)
    return Scan(kept[..., None], ones, -50 * torch.ones(1, 1), ones, ones)
""",
        {"test-latch"},
    ),
    *(
        ("slots", what, SLOTS.format(**KEEPS | changes), {"test-slots", "test-recalls"})
        for what, changes in (
            ("noise and questions are written", {"step": "torch.ones_like(values)[..., None]"}),
            ("letters fade", {"a": "-1.0"}),
            ("all slots are read", {"c": "torch.ones_like(address)"}),
            ("all slots are written", {"b": "torch.ones_like(address)"}),
            ("what is too much goes into the last", {"number": "number.clamp(max=n_slots - 1)"}),
            ("slots are counted from one", {"b": "address.roll(1, -1)"}),
        )
    ),
    (
        "recalls",
        "as many slots as letters",
        "recalls = {n: recalled(n, n) for n in (2, 8, 9, 12, 16)}",
        {"test-recalls"},
    ),
    *(
        ("first-wrong", what, FIRST_WRONG.format(**JUDGES | changes), seen_by)
        for what, changes, seen_by in (
            (
                "only the most probable token",
                {"differs": "logits[0, -1].argmax() != truth[t].argmax()"},
                {"test-first-wrong", "test-found"},
            ),
            ("counted from one", {"result": "t + 1"}, {"test-first-wrong", "test-found"}),
            (
                "too small is not noticed",
                {"differs": "(logits[0, -1] - truth[t]).max() > TOLERANCE"},
                {"test-first-wrong"},
            ),
            (
                "everything is fed again",
                {"fed": "tokens[: t + 1]"},
                {"test-first-wrong", "test-found"},
            ),
            (
                "the state is not handed on",
                {"state": "None"},
                {"test-first-wrong", "test-found"},
            ),
        )
    ),
    (
        "found",
        "judged by argmax",
        """
found = {}
for name, make in READERS.items():
    read, state, said = make(small), None, []
    for token in TEXT:
        logits, state = read(torch.tensor([[token]]), state)
        said.append(int(logits.argmax()))
    truth = small(torch.tensor([TEXT]))[0].argmax(-1).tolist()
    found[name] = next((t for t, (a, b) in enumerate(zip(said, truth)) if a != b), None)
""",
        {"test-found"},
    ),
    *(
        ("attention-of", what, ATTENTION.format(**ATTENDS | changes), {"test-attention-of"})
        for what, changes in (
            ("the step is no factor", {"product": "btsen,btn,bsn->bets", "factors": "c, b"}),
            ("the step of the reader", {"product": "btsen,btn,bsn,bte->bets"}),
            ("B and C exchanged", {"factors": "b, c, step"}),
            (
                "the writer's own step fades it",
                {"between": "until[:, :, None] - (until - step)[:, None]"},
            ),
            (
                "the future is seen",
                {"decay": "(between.abs()[..., None] * a).exp()"},
            ),
            (
                "masked after the exponential",
                {"decay": "(between[..., None] * a).exp() * past[..., None]"},
            ),
            ("transposed", {"product": "btsen,btn,bsn,bse->best"}),
        )
    ),
    *(
        (
            "break-even",
            what,
            f"""
def break_even(config, cache):
    n_tokens = {n_tokens}
    return {result}
""",
            {"test-break-even"},
        )
        for what, n_tokens, result in (
            (
                "the window is forgotten",
                "mamba.state_bytes(config, 1, 2) // cache_bytes(cache, 1) + 1",
                "n_tokens",
            ),
            (
                "as many is enough",
                "-(-mamba.state_bytes(config, 1, 2) // cache_bytes(cache, 1))",
                "n_tokens if cache.window is None or n_tokens <= cache.window else None",
            ),
            (
                "four bytes a number",
                "mamba.state_bytes(config) // cache_bytes(cache, 1) + 1",
                "n_tokens if cache.window is None or n_tokens <= cache.window else None",
            ),
            (
                "a full window is not enough",
                "mamba.state_bytes(config, 1, 2) // cache_bytes(cache, 1) + 1",
                "n_tokens if cache.window is None or n_tokens < cache.window else None",
            ),
        )
    ),
]

ASSIGNMENT = Assignment(
    folder="23-mamba",
    notebook="mamba.ipynb",
    module="mamba",
    needs=("selective_scan", "state_bytes"),
    automatic=AUTOMATIC,
    manual={"holds": 5, "verdict": 3},
    alternatives=ALTERNATIVES,
    noisy="test-first-wrong",
    mistakes=MISTAKES,
    mistaken={"both numbers fade alike", "values add up", "the window is forgotten"},
    complaint=("test-hand-state", "the second number of the state is not 3 after token 2"),
    written={
        "holds": "A state holds everything, because Mamba selects.",
        "verdict": "Mamba, because it is newer.",
    },
    only_shown={"recalls", "found"},
)
