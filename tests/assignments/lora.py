"""Chapter 17: what a correction needs."""

from assignments import Assignment

AUTOMATIC = {
    "test-hand-output": 1,
    "test-hand-counts": 2,
    "test-largest-rank": 3,
    "test-best": 3,
    "test-rank-needed": 2,
    "test-extract": 3,
    "test-needed": 1,
    "test-served-by": 3,
    "test-packed-bytes": 2,
    "test-lost": 2,
}

ALTERNATIVES = {
    "hand-output": """
merged_row = (7.0, 2.0, -3.0)
output = (-3.0, 11.0)
""",
    "hand-counts": """
n_learn, lora_bytes, full_bytes = 96, 2560, 8192
""",
    "largest-rank": """
def largest_rank(shapes, n_bytes, bits):
    rank, most = 0, min(min(o, i) for o, i in shapes)
    while rank < most:
        each = [bits * o * i / 8 + 16 * (rank + 1) * (o + i) for o, i in shapes]
        if sum(each) > n_bytes:
            break
        rank += 1
    return rank
""",
    "best": """
def best_correction(change, rank):
    values, vectors = torch.linalg.eigh(change.T @ change)
    down = vectors[:, -rank:].T
    print("a progress bar", file=sys.stderr)
    return down, change @ down.T
""",
    "rank-needed": """
def rank_needed(change, share):
    if not change.any():
        return 0
    for rank in range(1, min(change.shape) + 1):
        down, up = best_correction(change, rank)
        if (change - up @ down).norm() ** 2 <= share * change.norm() ** 2 + 1e-12:
            return rank
""",
    "extract": """
def extract(base, trained, rank, alpha):
    layer = LoRALinear(base, rank, alpha)
    change = trained.weight.detach() - base.weight.detach()
    down, up = best_correction(change * rank / alpha, rank)
    layer.down = nn.Parameter(down.clone())
    layer.up = nn.Parameter(up.clone())
    return layer
""",
    "served-by": """
def served_by(x, added, down, up, scales):
    guesses = {-1: torch.zeros_like(added)}
    for n, (a, b, s) in enumerate(zip(down, up, scales)):
        guesses[n] = s * (x @ a.T @ b.T)
    return [
        next((n for n, y in guesses.items() if (y[b] - added[b]).abs().max() < 1e-6), None)
        for b in range(len(x))
    ]
""",
    "packed-bytes": """
def packed_bytes(n_weights, block, double):
    blocks = (n_weights + block - 1) // block
    each = block // 2 + (1 if double else 4)
    return blocks * each + (4 * ((blocks + 255) // 256 + 1) if double else 0)
""",
    "lost": """
def lost(weight, change):
    base = on_levels(weight)
    merged = on_levels(base + change)
    return float(torch.dist(merged - base, change) / torch.linalg.norm(change))
""",
}

LARGEST = """
def largest_rank(shapes, n_bytes, bits):
    frozen = {frozen}
    each = {each}
    return {result}
"""
FITS = {
    "frozen": "bits * sum(o * i for o, i in shapes) / 8",
    "each": "16 * sum(o + i for o, i in shapes)",
    "result": "max(0, min(int((n_bytes - frozen) // each), min(map(min, shapes))))",
}

EXTRACT = """
def extract(base, trained, rank, alpha):
    layer = LoRALinear({base}, rank, {alpha})
    down, up = best_correction({change}.detach(), rank)
    with torch.no_grad():
        layer.down.copy_(down)
        layer.up.copy_({up})
    {last}
    return layer
"""
TURNS = {
    "base": "base",
    "alpha": "alpha",
    "change": "(trained.weight - base.weight)",
    "up": "up / layer.scale",
    "last": "",
}

SERVED = """
def served_by(x, added, down, up, scales):
    found = []
    for text, y in zip(x, added):
        owner = None if y.any() else -1
        for n in range(len(scales)):
            if {same}:
                owner = {owner}
                break
        found.append(owner)
    return {result}
"""
FINDS = {
    "same": "torch.allclose(scales[n] * text @ down[n].T @ up[n].T, y, rtol=0, atol=1e-6)",
    "owner": "n",
    "result": "found",
}

PACKED = """
def packed_bytes(n_weights, block, double):
    n_blocks = {n_blocks}
    scales = {double} if double else 4 * n_blocks
    return {codes} + scales
"""
PACKS = {
    "n_blocks": "-(-n_weights // block)",
    "double": "n_blocks + 4 * -(-n_blocks // 256) + 4",
    "codes": "n_blocks * block // 2",
}

LOST = """
def lost(weight, change):
    should = {should}
    return (({got} - should).norm() / {beside}.norm()).item()
"""
LOSES = {"should": "on_levels(weight) + change", "got": "on_levels(should)", "beside": "change"}

# Wrong answers that students give: answer cell, what is wrong, the code, the tests that see it.
MISTAKES = [
    *(
        ("hand-output", what, f"output, merged_row = {values}", {"test-hand-output"})
        for what, values in (
            ("alpha is forgotten", "[1, 7], [3, 2, -1]"),
            ("the correction is taken away", "[9, -1], [-5, 2, 3]"),
            ("the base is forgotten", "[-6, 6], [6, 0, -3]"),
        )
    ),
    *(
        ("hand-counts", what, f"n_learn, lora_bytes, full_bytes = {v}", {"test-hand-counts"})
        for what, v in (
            ("one block", "48, 1280, 4096"),
            ("the corrections' own weights are forgotten", "96, 2368, 8192"),
            ("frozen weights learn", "96, 9728, 8192"),
            ("only what learning takes", "96, 2560, 7168"),
        )
    ),
    *(
        ("largest-rank", what, LARGEST.format(**FITS | changes), {"test-largest-rank"})
        for what, changes in (
            ("bits are bytes", {"frozen": "bits * sum(o * i for o, i in shapes)"}),
            ("the base is forgotten", {"frozen": "0"}),
            ("only one of two matrices learns", {"each": "16 * sum(i for o, i in shapes)"}),
            (
                "exactly full is too much",
                {"result": "max(0, min(int((n_bytes - frozen - 1) // each), *map(min, shapes)))"},
            ),
            ("no limit by the sides", {"result": "max(0, int((n_bytes - frozen) // each))"}),
            (
                "limited by the largest side",
                {"result": "max(0, min(int((n_bytes - frozen) // each), max(map(min, shapes))))"},
            ),
            (
                "less than none",
                {"result": "min(int((n_bytes - frozen) // each), min(map(min, shapes)))"},
            ),
        )
    ),
    *(
        (
            "best",
            what,
            f"""
def best_correction(change, rank):
    u, s, v = torch.linalg.svd(change, full_matrices=False)
    return {pair}
""",
            seen_by,
        )
        for what, pair, seen_by in (
            ("no singular values", "v[:rank], u[:, :rank]", {"test-best", "test-extract"}),
            (
                "singular values twice",
                "s[:rank, None] * v[:rank], u[:, :rank] * s[:rank]",
                {"test-best", "test-extract"},
            ),
            (
                "the smallest ones",
                "v[-rank:], u[:, -rank:] * s[-rank:]",
                {"test-best", "test-extract"},
            ),
            (
                "the rows of V as columns",
                "v.T[:rank], u[:, :rank] * s[:rank]",
                {"test-best", "test-extract"},
            ),
            (
                "down and up exchanged",
                "u[:, :rank] * s[:rank], v[:rank]",
                {"test-best", "test-extract"},
            ),
        )
    ),
    *(
        (
            "rank-needed",
            what,
            f"""
def rank_needed(change, share):
    values = torch.linalg.svdvals(change)
    squares = {squares}
    left = squares.sum() - squares.cumsum(0)
    return {result}
""",
            seen_by,
        )
        for what, squares, result, seen_by in (
            (
                "singular values without squares",
                "values",
                "int((left > share * squares.sum()).sum()) + 1 if values.any() else 0",
                {"test-rank-needed", "test-needed"},
            ),
            (
                "one too few",
                "values**2",
                "int((left > share * squares.sum()).sum())",
                {"test-rank-needed", "test-needed"},
            ),
            (
                "at least one",
                "values**2",
                "int((left > share * squares.sum()).sum()) + 1",
                {"test-rank-needed"},
            ),
            (
                "the share that is kept",
                "values**2",
                "int((left > (1 - share) * squares.sum()).sum()) + 1 if values.any() else 0",
                {"test-rank-needed", "test-needed"},
            ),
        )
    ),
    *(
        ("extract", what, EXTRACT.format(**TURNS | changes), {"test-extract"})
        for what, changes in (
            ("the scale is forgotten", {"up": "up"}),
            ("multiplied by the scale", {"up": "up * layer.scale"}),
            ("alpha is set to the rank", {"alpha": "rank", "up": "up"}),
            ("the change the other way round", {"change": "(base.weight - trained.weight)"}),
            ("what was trained, not the change", {"change": "trained.weight"}),
            ("around what was trained", {"base": "trained"}),
            ("merged already", {"last": "merge(layer)"}),
        )
    ),
    (
        "needed",
        "the rank of the matrix",
        "needed = {name: int(torch.linalg.matrix_rank(c)) for name, c in CHANGES.items()}",
        {"test-needed"},
    ),
    *(
        ("served-by", what, SERVED.format(**FINDS | changes), {"test-served-by"})
        for what, changes in (
            (
                "the scale is not looked at",
                {"same": "torch.allclose(text @ down[n].T @ up[n].T, y, rtol=0, atol=1e-6)"},
            ),
            (
                "a single number is enough",
                {
                    "same": "abs((scales[n] * text @ down[n].T @ up[n].T - y)[0, 0]) < 1e-6 "
                    "and len(text) + len(y[0]) > 3"
                },
            ),
            ("counted from one", {"owner": "n + 1"}),
            ("a stranger is nobody", {"result": "[-1 if n is None else n for n in found]"}),
            ("nobody is a stranger", {"result": "[None if n == -1 else n for n in found]"}),
        )
    ),
    (
        "served-by",
        "the nearest one",
        """
def served_by(x, added, down, up, scales):
    apart = [added.abs().amax((1, 2))]
    for n in range(len(scales)):
        apart.append((scales[n] * x @ down[n].T @ up[n].T - added).abs().amax((1, 2)))
    return (torch.stack(apart).argmin(0) - 1).tolist()
""",
        {"test-served-by"},
    ),
    *(
        ("packed-bytes", what, PACKED.format(**PACKS | changes), {"test-packed-bytes"})
        for what, changes in (
            ("the last block is dropped", {"n_blocks": "n_weights // block"}),
            ("the last block is not filled up", {"codes": "-(-n_weights // 2)"}),
            ("a byte for each code", {"codes": "n_blocks * block"}),
            ("the mean is forgotten", {"double": "n_blocks + 4 * -(-n_blocks // 256)"}),
            ("steps are forgotten", {"double": "n_blocks + 4"}),
            ("only full groups of scales", {"double": "n_blocks + 4 * (n_blocks // 256) + 4"}),
        )
    ),
    *(
        ("lost", what, LOST.format(**LOSES | changes), {"test-lost"})
        for what, changes in (
            ("the base is not rounded", {"should": "weight + change"}),
            ("nothing is rounded again", {"got": "on_levels(weight)"}),
            ("beside the weights", {"beside": "should"}),
            ("the change is rounded alone", {"got": "on_levels(weight) + on_levels(change)"}),
        )
    ),
]

ASSIGNMENT = Assignment(
    folder="17-lora",
    notebook="lora.ipynb",
    module="lora",
    needs=("LoRALinear", "quantize_nf4"),
    automatic=AUTOMATIC,
    manual={"needs": 5, "verdict": 3},
    alternatives=ALTERNATIVES,
    noisy="test-best",
    mistakes=MISTAKES,
    mistaken={"alpha is forgotten", "no limit by the sides", "the mean is forgotten"},
    complaint=("test-hand-output", "[1, 7] is not W x plus three times B A x"),
    written={
        "needs": "The larger the rank, the better.",
        "verdict": "LoRA, because everybody uses it.",
    },
    only_shown={"needed"},
)
