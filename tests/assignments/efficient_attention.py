"""Chapter 7: what a long text costs."""

from assignments import Assignment

ALTERNATIVES = {
    "hand-blocks": """
half, one = Fraction("0.5"), Fraction(1)
after_first = [4 * one, half + one, half * 3 + one * 6]
after_second = [12 * one, after_first[1] / 3 + one + one / 3 + one / 6, Fraction(6)]
""",
    "hand-output": """
divisor = Fraction(2 + 4 + 12 + 4 + 2)
output = Fraction(2 * 3 + 4 * 6 + 12 * 2 + 2 * 9) / divisor
""",
    "merge": """
def merge(out_1, log_1, out_2, log_2):
    logs = torch.stack([log_1, log_2], dim=-1)
    blind = (logs == -math.inf).all(-1, keepdim=True)
    weights = torch.where(blind, 0.0, logs).softmax(-1)
    outs = torch.stack([out_1, out_2], dim=-1)
    return (outs * weights[..., None, :]).sum(-1), logs.logsumexp(-1)
""",
    "in-parts": """
from functools import reduce

def in_parts(query, key, value, n_parts, attend=tiled_attention):
    n_keys = key.shape[-2]
    borders = [round(part * n_keys / n_parts) for part in range(n_parts + 1)]
    pairs = list(zip(borders, borders[1:]))
    answers = [attend(query, key[..., a:b, :], value[..., a:b, :]) for a, b in pairs]
    return reduce(lambda one, other: merge(*one, *other), answers)[0]
""",
    "cache-bytes": """
def cache_bytes(windows, n_groups, width, length, size=2):
    total = 0
    for window in windows:
        tokens = length
        if window is not None and window < length:
            tokens = window
        total += tokens * n_groups * width * size  # keys
        total += tokens * n_groups * width * size  # values
    return total
""",
    "longest": """
def longest(windows, n_groups, width, budget, size=2):
    tokens = budget // (2 * n_groups * width * size)  # over all layers
    growing, length = len(windows), 0
    for window in sorted(w for w in windows if w is not None):
        if (window - length) * growing > tokens:
            break
        tokens -= (window - length) * growing
        growing, length = growing - 1, window
    return length + tokens // growing if growing else math.inf
""",
    "plan": """
n_full = (8 * 2**30 // (2 * 8 * 128 * 2) - 32 * 4096) // (131_072 - 4096)
""",
    "reach": """
def reach(windows):
    seen = 1
    for window in windows:
        print("a progress bar", file=sys.stderr)
        if not window:
            return float("inf")
        seen += window - 1
    return seen
""",
    "felt": """
def felt(model, x):
    jacobian = torch.autograd.functional.jacobian(model, x)  # (1, T, K, 1, T, K)
    sizes = jacobian[0, -1, :, 0].abs().amax(dim=(0, -1))
    return len(sizes.nonzero())
""",
    "recall": """
def recall(attend, keys, letters, n_letters):
    values = torch.eye(n_letters, dtype=keys.dtype)[letters]
    out = attend(keys, keys, values)
    right = 0
    for row, wanted in zip(out.reshape(-1, n_letters), letters.flatten().tolist()):
        right += int(row.max(0).indices) == wanted
    return right / letters.numel()
""",
    "capacity": """
def holds(width, count):
    total = 0.0
    for seed in (0, 1, 2):
        total += recall(linear_attention, *pairs(width, count, seed), 16)
    return total / 3 >= 1 / 2

capacity = {width: max(n for n in COUNTS if holds(width, n)) for width in (64, 32, 16)}
""",
}

# Wrong answers that students give: answer cell, what is wrong, the code, the tests that see it.
MISTAKES = [
    (
        "hand-blocks",
        "the first block is not corrected",
        """
after_first = (Fraction(4), Fraction(3, 2), Fraction(15, 2))
after_second = (Fraction(12), Fraction(3, 2) + Fraction(3, 2), Fraction(15, 2) + Fraction(7, 2))
""",
        {"test-hand-blocks"},
    ),
    (
        "hand-blocks",
        "the second block is taken alone",
        """
after_first = (Fraction(4), Fraction(3, 2), Fraction(15, 2))
after_second = (Fraction(12), Fraction(3, 2), Fraction(7, 2))
""",
        {"test-hand-blocks"},
    ),
    (
        "hand-blocks",
        "only ℓ is corrected",
        """
after_first = (Fraction(4), Fraction(3, 2), Fraction(15, 2))
after_second = (Fraction(12), Fraction(2), Fraction(15, 2) + Fraction(7, 2))
""",
        {"test-hand-blocks"},
    ),
    (
        "hand-blocks",
        "rounded numbers",
        """
after_first, after_second = (4.0, 1.5, 7.5), (12.0, 2.0, 6.0)
""",
        {"test-hand-blocks"},
    ),
    (
        "hand-output",
        "the divisor is still measured against the maximum",
        """
output, divisor = Fraction(3), Fraction(2)
""",
        {"test-hand-output"},
    ),
    (
        "hand-output",
        "the output is not divided",
        """
output, divisor = Fraction(6), Fraction(24)
""",
        {"test-hand-output"},
    ),
    *(
        (
            "merge",
            what,
            f"""
def merge(out_1, log_1, out_2, log_2):
    {body}
""",
            seen_by,
        )
        for what, body, seen_by in (
            (
                "the mean of the two outputs",
                "return (out_1 + out_2) / 2, torch.logaddexp(log_1, log_2)",
                {"test-merge", "test-merge-blind", "test-in-parts"},
            ),
            (
                "exponentials that overflow",
                """total = log_1.exp() + log_2.exp()
    out = log_1.exp()[..., None] * out_1 + log_2.exp()[..., None] * out_2
    return out / total[..., None], total.log()""",
                {"test-merge", "test-merge-blind"},
            ),
            (
                "nan for queries that have seen nothing",
                """log = torch.logaddexp(log_1, log_2)
    return (log_1 - log).exp()[..., None] * out_1 + (log_2 - log).exp()[..., None] * out_2, log""",
                {"test-merge-blind"},
            ),
            (
                "the logarithms are added",
                """weight = (log_1 - log_2).sigmoid().nan_to_num(0.0)[..., None]
    return weight * out_1 + (1 - weight) * out_2, log_1 + log_2""",
                {"test-merge", "test-merge-blind", "test-in-parts"},
            ),
            (
                "the larger logarithm",
                """weight = (log_1 - log_2).sigmoid().nan_to_num(0.0)[..., None]
    return weight * out_1 + (1 - weight) * out_2, torch.maximum(log_1, log_2)""",
                {"test-merge", "test-merge-blind", "test-in-parts"},
            ),
            (
                "each output gets the other's weight",
                """weight = (log_2 - log_1).sigmoid().nan_to_num(0.0)[..., None]
    return weight * out_1 + (1 - weight) * out_2, torch.logaddexp(log_1, log_2)""",
                {"test-merge", "test-merge-blind", "test-in-parts"},
            ),
            (
                "weights in proportion to the logarithms",
                """weight = (log_1 / (log_1 + log_2)).nan_to_num(0.5)[..., None]
    return weight * out_1 + (1 - weight) * out_2, torch.logaddexp(log_1, log_2)""",
                {"test-merge", "test-merge-blind", "test-in-parts"},
            ),
        )
    ),
    (
        "in-parts",
        "the last part is much shorter",
        """
def in_parts(query, key, value, n_parts, attend=tiled_attention):
    answer, length = None, -(-key.shape[-2] // n_parts)
    for keys, values in zip(key.split(length, dim=-2), value.split(length, dim=-2)):
        part = attend(query, keys, values)
        answer = part if answer is None else merge(*answer, *part)
    return answer[0]
""",
        {"test-in-parts"},
    ),
    (
        "in-parts",
        "the mean of the machines",
        """
def in_parts(query, key, value, n_parts, attend=tiled_attention):
    parts = zip(key.tensor_split(n_parts, dim=-2), value.tensor_split(n_parts, dim=-2))
    return torch.stack([attend(query, *part)[0] for part in parts]).mean(0)
""",
        {"test-in-parts"},
    ),
    (
        "in-parts",
        "one machine gets everything",
        """
def in_parts(query, key, value, n_parts, attend=tiled_attention):
    return attend(query, key, value)[0]
""",
        {"test-in-parts"},
    ),
    (
        "in-parts",
        "the machines share the queries, not the keys",
        """
def in_parts(query, key, value, n_parts, attend=tiled_attention):
    parts = query.tensor_split(n_parts, dim=-2)
    return torch.cat([attend(part, key, value)[0] for part in parts], dim=-2)
""",
        {"test-in-parts"},
    ),
    (
        "cache-bytes",
        "keys without values",
        """
def cache_bytes(windows, n_groups, width, length, size=2):
    kept = sum(length if window is None else min(window, length) for window in windows)
    return kept * n_groups * width * size
""",
        {"test-cache-bytes", "test-longest", "test-plan"},
    ),
    (
        "cache-bytes",
        "a window is full from the first token on",
        """
def cache_bytes(windows, n_groups, width, length, size=2):
    return 2 * sum(window or length for window in windows) * n_groups * width * size
""",
        {"test-cache-bytes", "test-longest"},
    ),
    (
        "cache-bytes",
        "always two bytes a number",
        """
def cache_bytes(windows, n_groups, width, length, size=2):
    kept = sum(length if window is None else min(window, length) for window in windows)
    return 2 * kept * n_groups * width * 2
""",
        {"test-cache-bytes", "test-longest"},
    ),
    (
        "longest",
        "one token too many",
        """
def longest(windows, n_groups, width, budget, size=2):
    if None not in windows and cache_bytes(windows, n_groups, width, 10**6, size) <= budget:
        return math.inf
    length = 0
    while cache_bytes(windows, n_groups, width, length, size) <= budget:
        length += 1
    return length
""",
        {"test-longest"},
    ),
    (
        "longest",
        "as if no layer had a window",
        """
def longest(windows, n_groups, width, budget, size=2):
    return budget // (2 * len(windows) * n_groups * width * size)
""",
        {"test-longest"},
    ),
    (
        "longest",
        "a window ends somewhere",
        """
def longest(windows, n_groups, width, budget, size=2):
    length = 0
    while length < 5000 and cache_bytes(windows, n_groups, width, length + 1, size) <= budget:
        length += 1
    return length
""",
        {"test-longest"},
    ),
    (
        "longest",
        "windows cost nothing",
        """
def longest(windows, n_groups, width, budget, size=2):
    n_full = windows.count(None)
    return budget // (2 * n_full * n_groups * width * size) if n_full else math.inf
""",
        {"test-longest"},
    ),
    (
        "plan",
        "the windows are forgotten",
        "n_full = 8 * 2**30 // cache_bytes([None], 8, 128, 131_072)",
        {"test-plan"},
    ),
    (
        "plan",
        "half of the layers of a model that is too large by half",
        "n_full = 14",
        {"test-plan"},
    ),
    (
        "reach",
        "the windows are added up",
        """
def reach(windows):
    return math.inf if None in windows else max(1, sum(windows))
""",
        {"test-reach"},
    ),
    (
        "reach",
        "the widest window",
        """
def reach(windows):
    return math.inf if None in windows else max(windows, default=1)
""",
        {"test-reach"},
    ),
    (
        "reach",
        "the own position is not counted",
        """
def reach(windows):
    return math.inf if None in windows else sum(window - 1 for window in windows)
""",
        {"test-reach"},
    ),
    (
        "reach",
        "layers without a window are left out",
        """
def reach(windows):
    return 1 + sum(window - 1 for window in windows if window)
""",
        {"test-reach"},
    ),
    *(
        (
            "felt",
            what,
            f"""
def felt(model, x):
    x = x.detach().clone().requires_grad_()
    touched = torch.zeros(x.shape[1], dtype=torch.bool)
    for number in {numbers}:
        gradient = torch.autograd.grad(number, x, retain_graph=True)[0][0]
        touched |= {test}
    return int(touched.sum())
""",
            {"test-felt"},
        )
        for what, numbers, test in (
            ("the outputs are added up", "[model(x)[0, -1].sum()]", "(gradient != 0).any(-1)"),
            ("the influences of features are added up", "model(x)[0, -1]", "gradient.sum(-1) != 0"),
            ("small influences do not count", "model(x)[0, -1]", "(gradient.abs() > 1e-6).any(-1)"),
            ("negative influences do not count", "model(x)[0, -1]", "(gradient > 0).any(-1)"),
            ("the first number only", "model(x)[0, -1, :1]", "(gradient != 0).any(-1)"),
            ("every output position", "model(x)[0].flatten()", "(gradient != 0).any(-1)"),
        )
    ),
    *(
        (
            "recall",
            what,
            f"""
def recall(attend, keys, letters, n_letters):
    values = torch.nn.functional.one_hot(letters, n_letters).to(keys.dtype)
    {body}
""",
            seen_by,
        )
        for what, body, seen_by in (
            (
                "in per cent",
                "right = attend(keys, keys, values).argmax(-1) == letters\n"
                "    return 100 * right.double().mean().item()",
                {"test-recall", "test-capacity"},
            ),
            (
                "the number of right letters",
                "return float((attend(keys, keys, values).argmax(-1) == letters).sum())",
                {"test-recall", "test-capacity"},
            ),
            (
                "each key asks for its neighbour's letter",
                "right = attend(keys.roll(1, dims=1), keys, values).argmax(-1) == letters\n"
                "    return right.double().mean().item()",
                {"test-recall", "test-capacity"},
            ),
            (
                "the weight of the right letter",
                "return (attend(keys, keys, values) * values).sum(-1).mean().item()",
                {"test-recall", "test-capacity"},
            ),
            (
                "one row at a time",
                "rows = [attend(k[None], k[None], v[None]) for k, v in zip(keys, values)]\n"
                "    return (torch.cat(rows).argmax(-1) == letters).double().mean().item()",
                {"test-recall"},
            ),
        )
    ),
    (
        "capacity",
        "the softmax's",
        """
capacity = {}
for width in WIDTHS:
    for count in COUNTS:
        if recall(scaled_dot_product_attention, *pairs(width, count, 0), 16) >= 0.5:
            capacity[width] = count
""",
        {"test-capacity"},
    ),
    (
        "capacity",
        "the first number that is too much",
        """
capacity = {}
for width in WIDTHS:
    shares = {n: recall(linear_attention, *pairs(width, n, 0), 16) for n in COUNTS}
    capacity[width] = min(n for n in COUNTS if shares[n] < 0.5)
""",
        {"test-capacity"},
    ),
    (
        "capacity",
        "nearly all have to be right",
        """
capacity = {}
for width in WIDTHS:
    for count in COUNTS:
        if recall(linear_attention, *pairs(width, count, 0), 16) >= 0.8:
            capacity[width] = count
""",
        {"test-capacity"},
    ),
]

ASSIGNMENT = Assignment(
    folder="07-efficient-attention",
    notebook="efficient-attention.ipynb",
    module="efficient_attention",
    needs=("tiled_attention", "linear_attention"),
    automatic={
        "test-hand-blocks": 2,
        "test-hand-output": 1,
        "test-merge": 2,
        "test-merge-blind": 1,
        "test-in-parts": 2,
        "test-cache-bytes": 2,
        "test-longest": 2,
        "test-plan": 1,
        "test-reach": 2,
        "test-felt": 3,
        "test-recall": 2,
        "test-capacity": 2,
    },
    manual={"state": 4, "judgement": 4},
    alternatives=ALTERNATIVES,
    noisy="test-reach",
    mistakes=MISTAKES,
    mistaken={
        "the divisor is still measured against the maximum",
        "the mean of the machines",
        "one token too many",
        "the outputs are added up",
    },
    complaint=(
        "test-hand-output",
        "the divisor is not 2: all five exponentials belong to it",
    ),
    written={
        "state": "It holds two pairs for each feature.",
        "judgement": "Windows are enough.",
    },
    only_shown=set(),
)
