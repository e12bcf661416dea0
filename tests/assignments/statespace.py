"""Chapter 22: what a state can hold."""

from assignments import Assignment

AUTOMATIC = {
    "test-hand-kernel": 1,
    "test-hand-steps": 2,
    "test-limit": 3,
    "test-order": 2,
    "test-judge": 4,
    "test-verdicts": 1,
    "test-modes": 3,
    "test-errors": 1,
    "test-memory": 3,
    "test-reach": 1,
}

ALTERNATIVES = {
    "hand-kernel": """
hand_kernel, hand_outputs = (-1, 0, 2, 6), (-1.0, 0.0, 3.0, 4.0)
""",
    "hand-steps": """
euler_step, bilinear_step, held_constant = [1 / 2, 1.5], [0.6, 1.2], 2
""",
    "limit": """
def euler_limit(a):
    limit = math.inf
    for value in np.linalg.eigvals(a.numpy()):
        if value.real >= 0:
            return 0.0
        limit = min(limit, -2 * (1 / value).real)
    return float(limit)
""",
    "order": """
def order(rule, a, b, n):
    def missed(steps):
        a_bar, b_bar = rule(a, b, 1 / steps)
        level = 0 * b
        for _ in range(steps):
            level = a_bar @ level + b_bar
        return (level - statespace.zero_order_hold(a, b, 1.0)[1]).abs().max()
    return torch.log2(missed(n) / missed(2 * n)).item()
""",
    "judge": """
def judge(box, length):
    print("a progress bar", file=sys.stderr)
    u, v = torch.tensor(np.random.default_rng(3).normal(size=(2, length)))
    linear = torch.allclose(box(2 * u - 3 * v), 2 * box(u) - 3 * box(v), rtol=0, atol=1e-9)
    u[-1] = 0
    answer, causal = box(u), True
    invariant = torch.allclose(answer[:-1], box(u.roll(1))[1:], rtol=0, atol=1e-9)
    for t in range(1, length):
        v = u.clone()
        v[t:] += 1.0
        causal &= torch.allclose(answer[:t], box(v)[:t], rtol=0, atol=1e-9)
    return [linear, invariant, causal]
""",
    "modes": """
def modes(a_bar, b_bar, c):
    poles, basis = np.linalg.eig(a_bar.numpy().astype(complex))
    weights = [(c.numpy() @ column) * (row @ b_bar.numpy())
               for column, row in zip(basis.T, np.linalg.inv(basis))]
    return [torch.tensor(poles), torch.tensor(np.array(weights))]
""",
    "memory": """
def memory_curve(compress, length):
    directions = torch.linalg.svd(compress(torch.eye(length).double()), full_matrices=False)
    solid = directions.S > 1e-12 * directions.S.max()
    return (directions.U[:, solid] ** 2).sum(1).flip(0)
""",
}

# Wrong answers that students give: answer cell, what is wrong, the code, the tests that see it.
LINEAR = "same(box(2 * u - 3 * v), 2 * box(u) - 3 * box(v))"
INVARIANT = "same(box(torch.cat([u[1:], silence]))[:-1], box(torch.cat([silence, u[1:]]))[1:])"
CAUSAL = "same(box(u)[:half], box(torch.cat([u[:half], v[half:]]))[:half])"

MISTAKES = [
    (
        "hand-kernel",
        "the kernel without its first number",
        "hand_kernel, hand_outputs = [0, 2, 6, 14], [-1, 0, 3, 4]",
        {"test-hand-kernel"},
    ),
    (
        "hand-kernel",
        "the state is read before the input",
        "hand_kernel, hand_outputs = [0, -1, 0, 2], [0, -1, 0, 3]",
        {"test-hand-kernel"},
    ),
    *(
        (
            "hand-steps",
            what,
            f"euler_step, bilinear_step, held_constant = {values}",
            {"test-hand-steps"},
        )
        for what, values in (
            ("the input has no denominator", "(0.5, 1.5), (0.6, 1.5), 2"),
            ("half of the input", "(0.5, 1.5), (0.6, 0.6), 2"),
            ("time, not steps", "(0.5, 1.5), (0.6, 1.2), 1"),
            ("the step is forgotten", "(0, 3), (0.6, 1.2), 2"),
        )
    ),
    *(
        (
            "limit",
            what,
            f"""
def euler_limit(a):
    values = torch.linalg.eigvals(a)
    {first}
    return float({limit})
""",
            {"test-limit"},
        )
        for what, first, limit in (
            (
                "the angle is forgotten",
                "if (values.real >= 0).any(): return 0.0",
                "(2 / values.abs()).min()",
            ),
            (
                "the imaginary part is forgotten",
                "if (values.real >= 0).any(): return 0.0",
                "(-2 / values.real).min()",
            ),
            (
                "it must not swing",
                "if (values.real >= 0).any(): return 0.0",
                "(-values.real / values.abs() ** 2).min()",
            ),
            (
                "one mode is enough",
                "if (values.real >= 0).any(): return 0.0",
                "(-2 * values.real / values.abs() ** 2).max()",
            ),
            (
                "what grows has a limit",
                "pass",
                "(2 * values.real.abs() / values.abs() ** 2).min()",
            ),
        )
    ),
    *(
        (
            "order",
            what,
            f"""
def order(rule, a, b, n):
    true = statespace.zero_order_hold(a, b, 1.0)[1]
    errors = []
    for steps in (n, 2 * n):
        a_bar, b_bar = rule(a, b, {step})
        state = statespace.recurrence(a_bar, b_bar, b, torch.ones({count}).double())[1]
        errors.append(float({error}))
    return {result}
""",
            {"test-order"},
        )
        for what, step, count, error, result in (
            (
                "of one step",
                "1 / steps",
                "1",
                "(state - statespace.zero_order_hold(a, b, 1 / steps)[1]).abs().max()",
                "math.log2(errors[0] / errors[1])",
            ),
            (
                "the ratio itself",
                "1 / steps",
                "steps",
                "(state - true).abs().max()",
                "errors[0] / errors[1]",
            ),
            (
                "a natural logarithm",
                "1 / steps",
                "steps",
                "(state - true).abs().max()",
                "math.log(errors[0] / errors[1])",
            ),
            (
                "upside down",
                "1 / steps",
                "steps",
                "(state - true).abs().max()",
                "math.log2(errors[1] / errors[0])",
            ),
            (
                "the matrix, not the state",
                "1 / steps",
                "steps",
                "(a_bar.matrix_power(steps) - a.matrix_exp()).abs().max()",
                "math.log2(errors[0] / errors[1])",
            ),
        )
    ),
    *(
        (
            "judge",
            what,
            f"""
def judge(box, length):
    def same(one, other):
        return bool((one - other).abs().max() <= {little})
    u, v = torch.randn(2, length).double()
    silence = torch.zeros(1).double()
    linear = {linear}
    invariant = {invariant}
    half = length // 2
    causal = {causal}
    return linear, invariant, causal
""",
            seen_by,
        )
        for what, little, linear, invariant, causal, seen_by in (
            (
                "only scaled",
                "1e-9",
                "same(box(-2 * u), -2 * box(u))",
                INVARIANT,
                CAUSAL,
                {"test-judge"},
            ),
            (
                "louder, not softer",
                "1e-9",
                "same(box(u.abs() + v.abs()), box(u.abs()) + box(v.abs()))",
                INVARIANT,
                CAUSAL,
                {"test-judge"},
            ),
            (
                "what comes round counts",
                "1e-9",
                LINEAR,
                "same(box(u.roll(1)), box(u).roll(1))",
                CAUSAL,
                {"test-judge", "test-verdicts"},
            ),
            (
                "only the first number",
                "1e-9",
                LINEAR,
                INVARIANT,
                "same(box(u)[:1], box(torch.cat([u[:half], v[half:]]))[:1])",
                {"test-judge"},
            ),
            (
                "the past may not change the future",
                "1e-9",
                LINEAR,
                INVARIANT,
                "same(box(u)[half:], box(torch.cat([v[:half], u[half:]]))[half:])",
                {"test-judge", "test-verdicts"},
            ),
            (
                "a tolerance that is too large",
                "1e-2",
                LINEAR,
                INVARIANT,
                CAUSAL,
                {"test-judge"},
            ),
        )
    ),
    *(
        (
            "modes",
            what,
            f"""
def modes(a_bar, b_bar, c):
    poles, basis = torch.linalg.eig(a_bar)
    b_bar, c = b_bar.to(poles.dtype), c.to(poles.dtype)
    return poles, {weights}
""",
            {"test-modes", "test-errors"},
        )
        for what, weights in (
            ("the basis is not orthogonal", "(c @ basis) * (basis.mH @ b_bar)"),
            ("in the old basis", "c * b_bar"),
            ("only the input is changed", "c * torch.linalg.solve(basis, b_bar)"),
        )
    ),
    (
        "modes",
        "real parts too early",
        """
def modes(a_bar, b_bar, c):
    poles, basis = torch.linalg.eig(a_bar)
    inner = torch.linalg.solve(basis, b_bar.to(poles.dtype))
    return poles.real + 0j, ((c.to(poles.dtype) @ basis) * inner).real + 0j
""",
        {"test-modes"},
    ),
    *(
        (
            "memory",
            what,
            f"""
def memory_curve(compress, length):
    rows = compress(torch.eye(length).double())
    return {curve}
""",
            {"test-memory", "test-reach"},
        )
        for what, curve in (
            ("the oldest first", "(rows @ torch.linalg.pinv(rows)).diagonal()"),
            ("how loud it is", "(rows**2).sum(1).flip(0)"),
            (
                "how loud it is, of all",
                "((rows**2).sum(1) / (rows**2).sum() * rows.shape[1]).flip(0)",
            ),
            ("the reader's row", "(rows @ torch.linalg.pinv(rows))[-1].flip(0)"),
            ("sizes of entries", "(rows @ torch.linalg.pinv(rows)).square().diagonal().flip(0)"),
        )
    ),
    (
        "verdicts",
        "HiPPO has a kernel",
        """
verdicts = {name: judge(box, 40) for name, box in BOXES.items()} | {"LegS": (True, True, True)}
""",
        {"test-verdicts"},
    ),
    (
        "reach",
        "one step too few",
        """
reach = {
    name: int((memory_curve(compress, T).cumsum(0) < 0.9 * N).sum())
    for name, compress in MEMORIES.items()
}
""",
        {"test-reach"},
    ),
    (
        "reach",
        "half of the room",
        """
reach = {
    name: int((memory_curve(compress, T).cumsum(0) < 0.5 * N).sum()) + 1
    for name, compress in MEMORIES.items()
}
""",
        {"test-reach"},
    ),
    (
        "errors",
        "two rules for the steps",
        """
errors = {}
for size in (4, 8, 16, 32):
    a, b = statespace.hippo_legs(size, torch.float64)
    kernel = statespace.convolution_kernel(*statespace.bilinear(a, b, 0.01), b, 200)
    poles, weights = modes(*statespace.zero_order_hold(a, b, 0.01), b)
    off = (weights @ poles[:, None] ** torch.arange(200)).real - kernel
    errors[size] = float(off.abs().max() / kernel.abs().max())
""",
        {"test-errors"},
    ),
]

ASSIGNMENT = Assignment(
    folder="22-state-space",
    notebook="state-space.ipynb",
    module="statespace",
    needs=("zero_order_hold", "legs_compress"),
    automatic=AUTOMATIC,
    manual={"room": 5, "verdict": 3},
    alternatives=ALTERNATIVES,
    noisy="test-judge",
    mistakes=MISTAKES,
    mistaken={"time, not steps", "a natural logarithm", "the oldest first"},
    complaint=(
        "test-hand-steps",
        "after 1 steps, 0.5 in time, 0.607 of the level is left",
    ),
    written={
        "room": "LegS is the best, because it is from a famous paper.",
        "verdict": "Attention, because everybody uses it.",
    },
    only_shown={"verdicts", "errors", "reach"},
)
