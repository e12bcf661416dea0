"""Chapter 5: what a gate can do."""

from assignments import Assignment

AUTOMATIC = {
    "test-hand-cells": 2,
    "test-hand-steps": 1,
    "test-forget-bias": 3,
    "test-depth": 3,
    "test-latch": 3,
    "test-gradient": 3,
    "test-alone": 3,
    "test-estimate": 3,
}

ALTERNATIVES = {
    "hand-cells": """
hand_cells, hand_gradient = (7 / 2, 23 / 8), 0.375
""",
    "hand-steps": """
hand_steps = next(n for n in range(1, 99) if 0.675**n < 1 / 1000)
""",
    "forget-bias": """
def forget_bias(share, distance):
    return float(-np.log(np.expm1(-np.log(share) / distance)))
""",
    "depth": """
depth = dict(i=([0, 0, 0], 60), f=([0.0, 0.0, 0.0], 60.0), g=[(40, -40, 0), 0], o=([1, 2, 3], 4))
""",
    "latch": """
latch = dict(i=((80, 0), -40), f=((-80, 0), 40), g=((0, 1.0), 0), o=((0, 0), 0))
""",
    "gradient": """
def gradient_by_distance(projected, weight, bias):
    print("a progress bar", file=sys.stderr)
    height = weight.shape[1]

    def last(*steps):
        h = c = torch.zeros(len(projected), height, dtype=projected.dtype)
        for step in steps:
            h, c = recurrent.lstm_step(step, (h, c), weight, bias)
        return h.sum()

    slopes = torch.autograd.functional.jacobian(last, projected.unbind(1))
    return [slope.square().sum().sqrt().item() for slope in slopes[::-1]]
""",
    "alone": """
def alone(e, q, length):
    step = np.array([[1 - e, e], [1 - q, q]])
    return [float(np.linalg.matrix_power(step, t)[0, 1]) for t in range(1, length + 1)]
""",
    "estimate": """
def estimate(wrong):
    counts = np.zeros((2, 2))
    for text in wrong.tolist():
        last = False
        for token in text:
            counts[int(last), int(token)] += 1
            last = token
    return [float(row[1] / max(row.sum(), 1)) for row in counts]
""",
}

FORGET = """
def forget_bias(share, distance):
    kept = {kept}
    return {bias}
"""
LOGIT = "math.log(kept / (1 - kept))"

UNIT = """
{name} = {{"i": {i}, "f": {f}, "g": {g}, "o": {keeps}}}
"""
OPEN3, OPEN2 = "([0, 0, 0], 50)", "([0, 0], 50)"
COUNTS = {"i": OPEN3, "f": OPEN3, "g": "([50, -50, 0], 0)"}
HOLDS = {"i": "([100, 0], -50)", "f": "([-100, 0], 50)", "g": "([0, 1], 0)"}

GRADIENT = """
def gradient_by_distance(projected, weight, bias):
    heard = projected.clone().requires_grad_()
    begins = (torch.zeros(len(heard), weight.shape[1]).double(),) * 2
    outputs, (h, c) = recurrent.unroll(recurrent.lstm_step, heard, begins, weight, bias)
    slope = torch.autograd.grad({loss}, heard)[0]
    return {lengths}
"""
LENGTHS = "slope.square().sum((0, 2)).sqrt().flip(0).tolist()"

ALONE = """
def alone(e, q, length):
    places, p = [], {first}
    for _ in range(length):
        places.append(p)
        p = {then}
    return places
"""

ESTIMATE = """
def estimate(wrong):
    wrong = wrong.double()
    before = torch.cat([torch.zeros(len(wrong), 1).double(), wrong[:, :-1]], dim=1)
    {change}
    e = ((1 - before) * wrong).sum() / (1 - before).sum().clamp(min=1)
    q = (before * wrong).sum() / before.sum().clamp(min=1)
    return {result}
"""
BOTH = "(e.item(), q.item())"

# Wrong answers that students give: answer cell, what is wrong, the code, the tests that see it.
MISTAKES = [
    *(
        (
            "hand-cells",
            what,
            f"hand_cells, hand_gradient = {cells}, {gradient}",
            {"test-hand-cells"},
        )
        for what, cells, gradient in (
            ("the candidate comes in whole", [3.5, 3.125], 0.375),
            ("input and forget gate exchanged", [7.75, 4.25], 0.5),
            ("the derivative is a sum", [3.5, 2.875], 1.25),
            ("the derivative of one step", [3.5, 2.875], 0.75),
        )
    ),
    *(
        ("hand-steps", what, f"hand_steps = {steps}", {"test-hand-steps"})
        for what, steps in (
            ("the last step that is not enough", 17),
            ("the tanh is forgotten", 66),
            ("not a whole number", 17.6),
        )
    ),
    *(
        ("forget-bias", what, FORGET.format(kept=kept, bias=bias), {"test-forget-bias"})
        for what, kept, bias in (
            ("of one step", "share", LOGIT),
            ("shared out among the steps", "1 - (1 - share) / distance", LOGIT),
            ("the gate, not its bias", "share ** (1 / distance)", "kept"),
            ("a tanh for a gate", "share ** (1 / distance)", "math.atanh(kept)"),
            ("the bias multiplied", "share", LOGIT + " * distance"),
        )
    ),
    *(
        (
            "depth",
            what,
            UNIT.format(name="depth", keeps=OPEN3, **COUNTS | changes),
            {"test-depth"},
        )
        for what, changes in (
            ("closing counts, too", {"g": "([50, 50, 0], 0)"}),
            ("letters count", {"g": "([50, -50, 50], 0)"}),
            ("the count fades", {"f": "([0, 0, 0], 3)"}),
            ("a closing bracket forgets all", {"f": "([0, -100, 0], 50)"}),
            ("half a bracket", {"i": "([0, 0, 0], 0)"}),
            ("the candidate is no 1", {"g": "([1, -1, 0], 0)"}),
        )
    ),
    *(
        (
            "latch",
            what,
            UNIT.format(name="latch", keeps=OPEN2, **HOLDS | changes),
            {"test-latch"},
        )
        for what, changes in (
            ("values add up", {"f": OPEN2}),
            ("noise is let in", {"i": OPEN2}),
            ("nothing is kept", {"f": "([0, 0], -50)"}),
            ("the flag keeps", {"f": "([100, 0], -50)"}),
            ("gates half open", {"i": "([100, 0], 0)", "f": "([-100, 0], 0)"}),
            ("the flag is a part of the value", {"g": "([1, 1], 0)"}),
        )
    ),
    *(
        (
            "gradient",
            what,
            GRADIENT.format(**{"loss": "outputs[:, -1].sum()", "lengths": LENGTHS} | changes),
            {"test-gradient"},
        )
        for what, changes in (
            ("the oldest first", {"lengths": "slope.norm(dim=(0, 2)).tolist()"}),
            ("of all outputs", {"loss": "outputs.sum()"}),
            ("of the cell", {"loss": "c.sum()"}),
            ("of the first row", {"lengths": "slope[0].norm(dim=-1).flip(0).tolist()"}),
            ("not the root", {"lengths": "slope.square().sum((0, 2)).flip(0).tolist()"}),
        )
    ),
    *(
        (
            "alone",
            what,
            ALONE.format(**{"first": "e", "then": "p * q + (1 - p) * e"} | changes),
            {"test-alone"},
        )
        for what, changes in (
            ("told the truth", {"then": "e"}),
            ("never right again", {"then": "p + (1 - p) * e"}),
            ("after right and wrong exchanged", {"then": "p * e + (1 - p) * q"}),
            ("the start is wrong", {"first": "q"}),
            ("the start is no token", {"first": "0.0"}),
            ("both add up", {"then": "p * q + e"}),
        )
    ),
    *(
        (
            "estimate",
            what,
            ESTIMATE.format(**{"change": "pass", "result": BOTH} | changes),
            {"test-estimate"},
        )
        for what, changes in (
            (
                "the first tokens are left out",
                {"change": "wrong, before = wrong[:, 1:], before[:, 1:]"},
            ),
            ("exchanged", {"result": "(q.item(), e.item())"}),
            ("after any mistake before", {"change": "before = before.cummax(1).values"}),
            ("of all tokens", {"result": "(wrong.mean().item(), q.item())"}),
            (
                "with the last token, not given it",
                {"result": "(e.item(), q.item() * before.mean().item())"},
            ),
        )
    ),
]

ASSIGNMENT = Assignment(
    folder="05-recurrent",
    notebook="recurrent.ipynb",
    module="recurrent",
    needs=("lstm_step", "unroll"),
    automatic=AUTOMATIC,
    manual={"reading": 5, "verdict": 3},
    alternatives=ALTERNATIVES,
    noisy="test-gradient",
    mistakes=MISTAKES,
    mistaken={"the candidate comes in whole", "values add up", "told the truth"},
    complaint=("test-hand-cells", "after step 2 the cell does not hold 3.125"),
    written={
        "reading": "A bias of 8 is best, because more is kept.",
        "verdict": "The Transformer, because it is newer.",
    },
    only_shown=set(),
)
