"""Chapter 20: what a reward sees."""

from assignments import Assignment

AUTOMATIC = {
    "test-hand": 3,
    "test-strengths": 4,
    "test-tilted": 3,
    "test-implied": 2,
    "test-loss-at": 2,
    "test-pushed": 3,
}

ALTERNATIVES = {
    "hand-answers": """
second_wins, gains = 0.75, (2.5, 1, 4)
""",
    "strengths": """
def strengths(wins):
    n, rewards = len(wins), [0.0] * len(wins)
    print("a progress bar", file=sys.stderr)
    for _ in range(4000):
        slope = [0.0] * n
        for i in range(n):
            for j in range(n):
                expected = (wins[i][j] + wins[j][i]) / (1 + math.exp(rewards[j] - rewards[i]))
                slope[i] += wins[i][j] - expected if i != j else 0.0
        rewards = [r + 0.02 * s for r, s in zip(rewards, slope)]
    return [r - sum(rewards) / n for r in rewards]
""",
    "tilted": """
def tilted(reference, rewards, beta):
    best = max(rewards)
    weights = [p * math.exp((r - best) / beta) for p, r in zip(reference, rewards)]
    return [weight / sum(weights) for weight in weights]
""",
    "implied": """
def implied_rewards(policy, reference, beta):
    logs = torch.tensor([policy, reference], dtype=torch.float64).log()
    ratios = logs[0] - logs[1]
    return (beta * (ratios - ratios.mean())).tolist()
""",
    "loss-at": """
loss_at = {beta: math.log(1 + math.exp(-1)) for beta in (0.1, 1, 10)}
""",
    "pushed": """
def pushed(reference, proxy, true, betas):
    both = torch.tensor([proxy, true], dtype=torch.float64)
    policies = [torch.tensor(tilted(reference, proxy, beta), dtype=torch.float64) for beta in betas]
    return [(both @ policy).tolist() for policy in policies]
""",
}

TILTED = """
def tilted(reference, rewards, beta):
    reference = torch.tensor(reference, dtype=torch.float64)
    rewards = torch.tensor(rewards, dtype=torch.float64)
    return ({policy}).tolist()
"""
AFTER_TILTED = {"test-tilted", "test-loss-at"}

MISTAKES: list[tuple[str, str, str, set[str]]] = [
    (
        "hand-answers",
        "ln 9 alone",
        "second_wins, gains = 0.9, [2.5, 1, 4]",
        {"test-hand"},
    ),
    (
        "hand-answers",
        "from the first token on",
        "second_wins, gains = 0.75, [2, 0, 4]",
        {"test-hand"},
    ),
    (
        "strengths",
        "shares of wins",
        """
def strengths(wins):
    n = len(wins)
    shares = [sum(wins[i]) / sum(wins[i][j] + wins[j][i] for j in range(n)) for i in range(n)]
    logs = [math.log(share) for share in shares]
    return [x - sum(logs) / n for x in logs]
""",
        {"test-strengths"},
    ),
    (
        "strengths",
        "worse ones first",
        """
def strengths(wins):
    n, share = len(wins), [1.0] * len(wins)
    for _ in range(3000):
        share = [
            sum(wins[i])
            / sum((wins[i][j] + wins[j][i]) / (share[i] + share[j]) for j in range(n) if j != i)
            for i in range(n)
        ]
    mean = sum(map(math.log, share)) / n
    return [mean - math.log(s) for s in share]
""",
        {"test-strengths"},
    ),
    *(
        ("tilted", what, TILTED.format(policy=policy), AFTER_TILTED)
        for what, policy in (
            ("the price is multiplied", "(reference.log() + rewards * beta).softmax(0)"),
            ("the reference is forgotten", "(rewards / beta).softmax(0)"),
            ("the sign is wrong", "(reference.log() - rewards / beta).softmax(0)"),
        )
    ),
    (
        "tilted",
        "large rewards overflow",
        TILTED.format(
            policy="reference * (rewards / beta).exp() / (reference * (rewards / beta).exp()).sum()"
        ),
        {"test-tilted"},
    ),
    *(
        (
            "implied",
            what,
            f"""
def implied_rewards(policy, reference, beta):
    rewards = [{reward} for p, q in zip(policy, reference)]
    mean = {mean}
    return [reward - mean for reward in rewards]
""",
            {"test-implied"},
        )
        for what, reward, mean in (
            ("without the price", "math.log(p / q)", "sum(rewards) / len(rewards)"),
            (
                "without the reference",
                "beta * math.log(p)",
                "sum(rewards) / len(rewards)",
            ),
            ("without the mean", "beta * math.log(p / q)", "0"),
            (
                "the policy's mean",
                "beta * math.log(p / q)",
                "sum(p * r for p, r in zip(policy, rewards))",
            ),
        )
    ),
    (
        "loss-at",
        "one price for all losses",
        """
loss_at = {}
for beta in (0.1, 1, 10):
    policy = tilted(REFERENCE, REWARDS, beta)
    logs = [torch.tensor([math.log(p)]) for p in (*policy[:2], *REFERENCE[:2])]
    loss_at[beta] = dpo_loss(*logs).item()
""",
        {"test-loss-at"},
    ),
    *(
        (
            "pushed",
            what,
            f"""
def pushed(reference, proxy, true, betas):
    found = []
    for beta in betas:
        policy = tilted(reference, {reward}, beta)
        found.append(tuple(sum(p * r for p, r in zip(policy, reward)) for reward in ({order})))
    return found
""",
            {"test-pushed"},
        )
        for what, reward, order in (
            ("best by the truth", "true", "proxy, true"),
            ("exchanged", "proxy", "true, proxy"),
        )
    ),
]

ASSIGNMENT = Assignment(
    folder="20-preferences",
    notebook="preferences.ipynb",
    module="preferences",
    needs=("reward_loss", "dpo_loss"),
    automatic=AUTOMATIC,
    manual={"far-answer": 5, "verdict": 3},
    alternatives=ALTERNATIVES,
    noisy="test-strengths",
    mistakes=MISTAKES,
    mistaken={"ln 9 alone", "without the mean", "best by the truth"},
    complaint=("test-hand", "two is not preferred with probability 0.9: by how much is it better?"),
    written={
        "far-answer": "The reward sees everything.",
        "verdict": "DPO has no reward model.",
    },
    only_shown={"loss-at"},
)
