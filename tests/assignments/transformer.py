"""Chapter 8: what a block does."""

from assignments import Assignment

MANUAL = {"waves-answer": 2, "stream-answer": 5, "judgement": 4}
AUTOMATIC = {
    "test-hand": 2,
    "test-hand-epsilon": 1,
    "test-count": 4,
    "test-halves": 4,
    "test-relative": 3,
    "test-relative-ones": 1,
    "test-growth": 4,
}

ALTERNATIVES = {
    "hand": """
row = [Fraction(number) for number in (1, 1, 7, 7)]
layer_normed = tuple((number - 4) / 3 for number in row)
rms_normed = tuple(number / 5 for number in row)
""",
    "hand-epsilon": """
layer_with_epsilon = [Fraction(3 * sign, 4) for sign in (-1, -1, 1, 1)]
rms_with_epsilon = [Fraction("1/7")] * 2 + [Fraction(1)] * 2
""",
    "count": """
def encoder_parameters(width, inner):
    print("a progress bar", file=sys.stderr)
    in_proj, out_proj = 3 * width * (width + 1), width * (width + 1)
    up, down = inner * (width + 1), width * (inner + 1)
    return in_proj + out_proj + up + down + 4 * width


def llama_parameters(width, n_heads, n_kv_heads, head_width, inner):
    matrices = [
        (n_heads * head_width, width),
        (n_kv_heads * head_width, width),
        (n_kv_heads * head_width, width),
        (width, n_heads * head_width),
        (2 * inner, width),
        (width, inner),
    ]
    return sum(rows * columns for rows, columns in matrices) + width + width
""",
    "halves": """
def to_halves(weight, n_heads):
    heads = weight.chunk(n_heads)
    return torch.cat([rows for head in heads for rows in (head[0::2], head[1::2])])
""",
    "relative": """
def is_relative(score, longest):
    for distance in range(1 - longest, longest):
        places = [(n + distance, n) for n in range(longest) if 0 <= n + distance < longest]
        numbers = [score(m, n) for m, n in places]
        hidden = [number == float("-inf") for number in numbers]
        if any(hidden) and not all(hidden):
            return False
        if not any(hidden) and max(abs(number - numbers[0]) for number in numbers) > 1e-3:
            return False
    return True
""",
    "relative-ones": """
relative_ones = frozenset(["ash", "cedar", "elm"])
""",
    "growth": """
@torch.no_grad()
def sizes(layers, x):
    streams = [x]
    for layer in layers:
        streams.append(layer(streams[-1]))
    return [float(stream.norm() / stream.numel() ** 0.5) for stream in streams]
""",
}

MISTAKES = [
    (
        "hand",
        "the unbiased variance",
        """
layer_normed = [Fraction(sign * 866, 1000) for sign in (-1, -1, 1, 1)]
rms_normed = [Fraction(1, 5), Fraction(1, 5), Fraction(7, 5), Fraction(7, 5)]
""",
        {"test-hand"},
    ),
    (
        "hand",
        "the squares are summed",
        """
layer_normed = [Fraction(-1), Fraction(-1), Fraction(1), Fraction(1)]
rms_normed = [Fraction(1, 10), Fraction(1, 10), Fraction(7, 10), Fraction(7, 10)]
""",
        {"test-hand"},
    ),
    (
        "hand",
        "divided by the variance",
        """
layer_normed = [Fraction(-1, 3), Fraction(-1, 3), Fraction(1, 3), Fraction(1, 3)]
rms_normed = [Fraction(1, 25), Fraction(1, 25), Fraction(7, 25), Fraction(7, 25)]
""",
        {"test-hand"},
    ),
    (
        "hand",
        "rounded numbers",
        """
layer_normed, rms_normed = [-1.0, -1.0, 1.0, 1.0], [0.2, 0.2, 1.4, 1.4]
""",
        {"test-hand"},
    ),
    (
        "hand-epsilon",
        "outside the root",
        """
layer_with_epsilon = [Fraction(-3, 10), Fraction(-3, 10), Fraction(3, 10), Fraction(3, 10)]
rms_with_epsilon = [Fraction(1, 29), Fraction(1, 29), Fraction(7, 29), Fraction(7, 29)]
""",
        {"test-hand-epsilon"},
    ),
    (
        "count",
        "biases are forgotten",
        """
def encoder_parameters(width, inner):
    return 4 * width * width + 2 * width * inner + 4 * width


def llama_parameters(width, n_heads, n_kv_heads, head_width, inner):
    attention = 2 * width * head_width * (n_heads + n_kv_heads)
    return attention + 3 * width * inner + 2 * width
""",
        {"test-count"},
    ),
    (
        "count",
        "as many heads of keys as of queries",
        """
def encoder_parameters(width, inner):
    return 4 * width * width + 9 * width + 2 * width * inner + inner


def llama_parameters(width, n_heads, n_kv_heads, head_width, inner):
    return 4 * width * head_width * n_heads + 3 * width * inner + 2 * width
""",
        {"test-count"},
    ),
    (
        "count",
        "two matrices in SwiGLU",
        """
def encoder_parameters(width, inner):
    return 4 * width * width + 9 * width + 2 * width * inner + inner


def llama_parameters(width, n_heads, n_kv_heads, head_width, inner):
    attention = 2 * width * head_width * (n_heads + n_kv_heads)
    return attention + 2 * width * inner + 2 * width
""",
        {"test-count"},
    ),
    (
        "halves",
        "nothing is moved",
        """
def to_halves(weight, n_heads):
    return weight.clone()
""",
        {"test-halves"},
    ),
    (
        "halves",
        "back instead of forth",
        """
def to_halves(weight, n_heads):
    heads = weight.reshape(n_heads, 2, -1, weight.shape[1])
    return heads.transpose(1, 2).reshape(weight.shape)
""",
        {"test-halves"},
    ),
    (
        "halves",
        "across all heads",
        """
def to_halves(weight, n_heads):
    return torch.cat([weight[0::2], weight[1::2]])
""",
        {"test-halves"},
    ),
    (
        "halves",
        "the columns",
        """
def to_halves(weight, n_heads):
    return torch.cat([weight[:, 0::2], weight[:, 1::2]], dim=1)
""",
        {"test-halves"},
    ),
    (
        "relative",
        "only the diagonal",
        """
def is_relative(score, longest):
    return all(abs(score(m, m) - score(0, 0)) <= 1e-3 for m in range(longest))
""",
        {"test-relative"},
    ),
    (
        "relative",
        "neighbours only, and a drift goes unseen",
        """
def is_relative(score, longest):
    for m in range(longest - 1):
        for n in range(longest - 1):
            here, there = score(m, n), score(m + 1, n + 1)
            if here != there and not abs(here - there) <= 3e-3:
                return False
    return True
""",
        {"test-relative"},
    ),
    (
        "relative",
        "hidden is not equal to hidden",
        """
def is_relative(score, longest):
    for m in range(longest):
        for n in range(longest):
            shift = min(m, n)
            if not abs(score(m, n) - score(m - shift, n - shift)) <= 1e-3:
                return False
    return True
""",
        {"test-relative", "test-relative-ones"},
    ),
    (
        "relative",
        "symmetric, not relative",
        """
def is_relative(score, longest):
    places = range(longest)
    return all(abs(score(m, n) - score(n, m)) <= 1e-3 for m in places for n in places)
""",
        {"test-relative", "test-relative-ones"},
    ),
    (
        "relative-ones",
        "by name: waves and rotations",
        """
relative_ones = {"ash", "birch", "cedar", "fir"}
""",
        {"test-relative-ones"},
    ),
    (
        "growth",
        "the length, not the mean",
        """
def sizes(layers, x):
    found = [x.norm().item()]
    with torch.no_grad():
        for layer in layers:
            x = layer(x)
            found.append(x.norm().item())
    return found
""",
        {"test-growth"},
    ),
    (
        "growth",
        "the standard deviation",
        """
def sizes(layers, x):
    found = [x.std().item()]
    with torch.no_grad():
        for layer in layers:
            x = layer(x)
            found.append(x.std().item())
    return found
""",
        {"test-growth"},
    ),
    (
        "growth",
        "each layer gets x",
        """
@torch.no_grad()
def sizes(layers, x):
    return [part.square().mean().sqrt().item() for part in (x, *(layer(x) for layer in layers))]
""",
        {"test-growth"},
    ),
    (
        "growth",
        "gradients are recorded",
        """
def sizes(layers, x):
    found = [x.square().mean().sqrt().item()]
    for layer in layers:
        x = layer(x)
        found.append(x.square().mean().sqrt().item())
    return found
""",
        {"test-growth"},
    ),
    (
        "growth",
        "without the input",
        """
def sizes(layers, x):
    found = []
    with torch.no_grad():
        for layer in layers:
            x = layer(x)
            found.append(x.square().mean().sqrt().item())
    return found
""",
        {"test-growth"},
    ),
]

ASSIGNMENT = Assignment(
    folder="08-transformer",
    notebook="transformer.ipynb",
    module="transformer",
    needs=("LayerNorm", "rotate"),
    automatic=AUTOMATIC,
    manual=MANUAL,
    alternatives=ALTERNATIVES,
    noisy="test-count",
    mistakes=MISTAKES,
    mistaken={"outside the root", "back instead of forth", "the length, not the mean"},
    complaint=(
        "test-hand-epsilon",
        "layer_with_epsilon: where does ε stand? -3/10 is not what becomes of 1",
    ),
    written={
        "waves-answer": "Because of the sines.",
        "stream-answer": "Pre-LN grows.",
        "judgement": "NTK first.",
    },
    only_shown=set(),
)
