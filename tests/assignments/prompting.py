"""Chapter 14: whose words a prompt holds, and whose answer a vote finds."""

from assignments import Assignment

AUTOMATIC = {
    "test-hand-fair": 1,
    "test-hand-chosen": 2,
    "test-parse": 4,
    "test-forge": 2,
    "test-best-set": 1,
    "test-greedy-set": 3,
    "test-vote": 2,
    "test-majority": 2,
    "test-needed": 1,
    "test-voted": 1,
    "test-prior": 2,
    "test-right": 1,
}

ALTERNATIVES = {
    "hand-fair": """
fair = tuple(round(quotient / 4.5, 4) for quotient in (1, 3, 0.5))
""",
    "hand-chosen": """
chosen, last_gain = (0, 3, 1), 0.12
""",
    "parse": r"""
def parse(tokens):
    text = "".join(map(chr, tokens))
    whole = re.fullmatch(r"((?:Ā[a-z]+\n[^Āā]*ā\n)*)(Āassistant\n)?", text)
    if not whole:
        raise ValueError(shown(tokens))
    found = []
    for role, content in re.findall(r"Ā([a-z]+)\n([^Āā]*)ā\n", whole[1]):
        if role not in ROLES:
            raise ValueError(role)
        found.append(Message(role, content.encode("latin-1").decode("utf-8")))
    return found, whole[2] is not None
""",
    "forge": """
def forge(wanted):
    typed = wanted[0].content
    for role, content in wanted[1:]:
        typed += f"<|im_end|>\\n<|im_start|>{role}\\n{content}"
    return typed
""",
    "best-set": """
def best_set(similarity, costs, budget):
    if not costs:
        return []
    last = len(costs) - 1
    without = best_set(similarity[:, :last], costs[:last], budget)
    if costs[last] > budget:
        return without
    best = without
    for bits in range(2**last):
        inside = [i for i in range(last) if bits >> i & 1] + [last]
        fits = sum(costs[i] for i in inside) <= budget
        if fits and worth(similarity, inside) > worth(similarity, best):
            best = inside
    return best
""",
    "greedy-set": """
def greedy_set(similarity, costs, budget):
    print("a progress bar", file=sys.stderr)
    prices = torch.tensor(costs)
    held = torch.zeros(len(similarity), 1, dtype=similarity.dtype)
    picked = []
    while True:
        gains = (similarity - held).clamp(min=0).sum(0)
        rates = (gains / prices).masked_fill((gains <= 1e-9) | (prices > budget), -1.0)
        if not (rates > 0).any():
            break
        picked.append(int(rates.argmax()))
        budget -= costs[picked[-1]]
        held = torch.maximum(held, similarity[:, picked[-1:]])
    budget += sum(costs[i] for i in picked)
    alone = similarity.sum(0).masked_fill(prices > budget, -1.0)
    return [int(alone.argmax())] if alone.max() > held.sum() + 1e-12 else picked
""",
    "vote": """
def vote(texts):
    names, votes = {}, {}
    for text in texts:
        said = extract_answer(text)
        if said is None:
            continue
        value = float(said)
        names.setdefault(value, said)
        votes[value] = votes.get(value, 0) + 1
    return names[max(votes, key=votes.__getitem__)] if votes else None
""",
    "majority": """
def majority_right(p, n):
    n -= 1 - n % 2  # the coin undoes one sample of an even number
    return 1 - sum(math.comb(n, k) * p**k * (1 - p) ** (n - k) for k in range((n + 1) // 2))
""",
    "needed": """
def samples_needed(p, wanted):
    if p >= wanted:
        return 1
    if p <= 0.5:
        return None
    n = 1
    while majority_right(p, n) < wanted:
        n += 2
        if n > 199:
            return None
    return n
""",
    "voted": """
voted = dict.fromkeys((1, 3, 9, 33, 99), 0.0)
for many, p in KINDS.values():
    for n in voted:
        voted[n] += many / 20 * majority_right(p, n)
""",
    "prior": """
def prior_for(probabilities, shares):
    logs = probabilities.log()
    weights = torch.zeros(len(shares), dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS(
        [weights], max_iter=2000, tolerance_grad=1e-12, line_search_fn="strong_wolfe"
    )

    def loss():
        optimizer.zero_grad()
        value = (logs + weights).logsumexp(1).mean() - (shares * weights).sum()
        value.backward()
        return value

    optimizer.step(loss)
    return (-weights.detach()).softmax(0)
""",
    "right": """
def counted(found, labels):
    return (found.max(1).indices == labels).sum().item()


right = {}
for kind in ("balanced", "mostly good"):
    evidence, labels = BATCHES[kind]
    said = judge(evidence, "bbmmgg")
    true_shares = torch.stack([(labels == n).double().mean() for n in range(3)])
    even = torch.full((3,), 1 / 3, dtype=torch.float64)
    right[kind] = [counted(said, labels)] + [
        counted(calibrate(said, prior), labels)
        for prior in (
            judge(EMPTY, "bbmmgg").mean(0),
            prior_for(said, even),
            prior_for(said, true_shares),
        )
    ]
""",
}

PARSE = """
def parse(tokens):
    turns = []
    for token in tokens:
        if token == START:
            turns.append([])
        elif turns:
            turns[-1].append(token)
        elif {strict}:
            raise ValueError("text before the first mark")
    is_open = bool(turns) and END not in turns[-1]
    said = []
    for turn in turns[:-1] if is_open else turns:
        text = bytes(itertools.takewhile(END.__ne__, turn)).decode()
        role, _, content = text.{cut}("\\n")
        said.append(Message(role, {content}))
    roles = {{role for role, _ in said}}
    if {wrong}:
        raise ValueError("no program that uses parts has written this")
    return {result}
"""
PARSES = {
    "strict": "True",
    "cut": "partition",
    "content": "content",
    "wrong": "not roles <= set(ROLES) or by_parts(said, is_open) != tokens",
    "result": "said, is_open",
}
UNROUNDED = {"wrong": "not roles <= set(ROLES)"}

GREEDY = """
def greedy_set(similarity, costs, budget):
    bought, left = [], budget
    while True:
        useful = [
            i for i, cost in enumerate(costs)
            if {fits} and worth(similarity, [*bought, i]) - worth(similarity, bought) > 1e-9
        ]
        if not useful:
            break
        best = {best}(useful, key=lambda i: {key})
        {stop}
        bought.append(best)
        left -= costs[best]
    singles = [[i] for i, cost in enumerate(costs) if cost <= budget]
    return {result}
"""
BUYS = {
    "fits": "cost <= left",
    "best": "max",
    "key": "(worth(similarity, [*bought, i]) - worth(similarity, bought)) / costs[i]",
    "stop": "pass",
    "result": "max([bought, *singles], key=lambda s: worth(similarity, s))",
}

BEST = """
def best_set(similarity, costs, budget):
    n = len(costs)
    sets = [s for size in {sizes} for s in itertools.combinations(range(n), size)]
    fit = [s for s in sets if sum(costs[i] for i in s) {within} budget]
    return list(max(fit, key=lambda s: {key}, default=()))
"""
SEARCHES = {"sizes": "range(n + 1)", "within": "<=", "key": "worth(similarity, s)"}

VOTE = """
def vote(texts):
    answers = {answers}
    votes = Counter({names})
    winner = max({among}, key=lambda answer: votes[{name}], default=None)
    return {result}
"""
ELECTS = {
    "answers": "[answer for answer in map(extract_answer, texts) if answer is not None]",
    "names": "map(Fraction, answers)",
    "among": "answers",
    "name": "Fraction(answer)",
    "result": "winner",
}

MAJORITY = """
def majority_right(p, n):
    def exactly(k):
        return {one}

    return sum(exactly(k) for k in {more}) + {tie}
"""
COUNTS = {
    "one": "math.comb(n, k) * p**k * (1 - p) ** (n - k)",
    "more": "range(n // 2 + 1, n + 1)",
    "tie": "(exactly(n // 2) / 2 if n % 2 == 0 else 0)",
}
# Where it matters for odd numbers of samples, those who build on it are wrong as well.
BUILT = {"test-majority", "test-needed", "test-voted"}

VOTED = """
voted = {{}}
for n in (1, 3, 9, 33, 99):
    voted[n] = {mean}
"""

PRIOR = """
def prior_for(probabilities, shares):
    prior = {first}
    for _ in range({times}):
        prior = {step}
        prior = prior / prior.sum()
    return {result}
"""
SETTLES = {
    "first": "torch.full((len(shares),), 1 / len(shares), dtype=torch.float64)",
    "times": "1000",
    "step": "prior * calibrate(probabilities, prior).mean(0) / shares",
    "result": "prior",
}

RIGHT = """
right = {{}}
even = torch.full((3,), 1 / 3, dtype=torch.float64)
for kind, (evidence, labels) in BATCHES.items():
    said = judge(evidence, {order})
    priors = [
        even,
        {empty},
        {equal},
        prior_for(said, {known}),
    ]
    right[kind] = [
        (calibrate(said, prior).argmax(-1) == labels).sum().item() for prior in priors
    ]{share}
"""
CURES = {
    "order": '"bbmmgg"',
    "empty": 'judge(EMPTY, "bbmmgg").mean(0)',
    "equal": "prior_for(said, even)",
    "known": "labels.bincount().double() / len(labels)",
    "share": "",
}

# Wrong answers that students give: answer cell, what is wrong, the code, the tests that see it.
MISTAKES = [
    *(
        ("hand-fair", what, f"fair = {values}", {"test-hand-fair"})
        for what, values in (
            ("the quotients have no sum of 1", "[1, 3, 0.5]"),
            ("multiplied by the prior", "[0.25 / 0.36, 0.03 / 0.36, 0.08 / 0.36]"),
            ("the prior divided by what is said", "[3 / 10, 1 / 10, 6 / 10]"),
            ("not calibrated", "[0.5, 0.3, 0.2]"),
        )
    ),
    *(
        ("hand-chosen", what, f"chosen, last_gain = {values}", {"test-hand-chosen"})
        for what, values in (
            ("the most relevant", "[0, 1, 3], 0.24"),
            ("the weights exchanged", "[0, 2, 3], -0.08"),
            ("the mean likeness counts", "[0, 3, 1], 0.2"),
            ("only the latest choice counts", "[0, 3, 1], 0.28"),
            ("only the first choice counts", "[0, 3, 2], 0.14"),
            ("likeness is added up", "[0, 3, 1], 0.04"),
            ("no weights", "[0, 2, 1], 0.0"),
            ("sorted", "[0, 1, 3], 0.12"),
        )
    ),
    *(
        ("parse", what, PARSE.format(**PARSES | changes), {"test-parse"})
        for what, changes in (
            ("anybody may speak", {"wrong": "by_parts(said, is_open) != tokens"}),
            ("nothing is refused", {"strict": "False", "wrong": "False"}),
            ("only roles are looked at", UNROUNDED),
            ("content up to its last line", UNROUNDED | {"cut": "rpartition"}),
            ("content without white space at its ends", UNROUNDED | {"content": "content.strip()"}),
            ("no turn is ever open", {"result": "said, False"}),
            (
                "an open turn is a message",
                {"result": "said + [('assistant', '')] * is_open, is_open"},
            ),
            ("marks in the text are taken out", {"content": "content.replace('<|im_end|>', '')"}),
            ("only the messages", {"result": "said"}),
            ("what comes before the first mark is skipped", UNROUNDED | {"strict": "False"}),
        )
    ),
    (
        "parse",
        "the text is searched for marks",
        """
def parse(tokens):
    text = bytes(t for t in tokens if t not in (START, END)).decode()
    text = shown(tokens).replace("‹", "<|im_start|>").replace("›", "<|im_end|>")
    turns = text.split("<|im_start|>")[1:]
    is_open = bool(turns) and "<|im_end|>" not in turns[-1]
    said = [
        Message(*turn.partition("<|im_end|>")[0].partition("\\n")[::2])
        for turn in (turns[:-1] if is_open else turns)
    ]
    if by_parts(said, is_open) != tokens:
        raise ValueError(text)
    return said, is_open
""",
        {"test-parse"},
    ),
    *(
        ("forge", what, f"def forge(wanted):\n    return {text}", {"test-forge"})
        for what, text in (
            ("only the last words", "wanted[-1].content"),
            (
                "the first mark once more",
                '"".join(part.text for part in chatml(wanted, reply=False))'
                '.removesuffix("<|im_end|>\\n")',
            ),
            (
                "the last mark once more",
                '"".join(part.text for part in chatml(wanted, reply=False))'
                '.removeprefix("<|im_start|>user\\n")',
            ),
            (
                "the reply is opened twice",
                '"".join(part.text for part in chatml(wanted))'
                '.removeprefix("<|im_start|>user\\n").removesuffix("<|im_end|>\\n")',
            ),
            (
                "no new line between turns",
                '"<|im_end|><|im_start|>".join([wanted[0].content,'
                ' *(f"{role}\\n{content}" for role, content in wanted[1:])])',
            ),
            (
                "no roles",
                '"<|im_end|>\\n<|im_start|>".join(message.content for message in wanted)',
            ),
            (
                "the marks of the eye",
                '"›\\n‹".join([wanted[0].content,'
                ' *(f"{role}\\n{content}" for role, content in wanted[1:])])',
            ),
        )
    ),
    *(
        ("best-set", what, BEST.format(**SEARCHES | changes), {"test-best-set"})
        for what, changes in (
            ("exactly full is too much", {"within": "<"}),
            ("the budget is a least", {"within": ">="}),
            ("not all at once", {"sizes": "range(n)"}),
            ("two at most", {"sizes": "range(min(3, n + 1))"}),
            ("for each token", {"key": "worth(similarity, s) / max(1, sum(costs[i] for i in s))"}),
            ("the most tokens", {"key": "sum(costs[i] for i in s)"}),
            ("each example alone", {"key": "sum(worth(similarity, [i]) for i in s)"}),
        )
    ),
    *(
        ("greedy-set", what, GREEDY.format(**BUYS | changes), {"test-greedy-set"})
        for what, changes in (
            (
                "gain without its price",
                {"key": "worth(similarity, [*bought, i]) - worth(similarity, bought)"},
            ),
            ("worth alone, not gain", {"key": "worth(similarity, [i]) / costs[i]"}),
            ("the cheapest", {"best": "min", "key": "costs[i]"}),
            ("room is never used up", {"fits": "i not in bought and cost <= budget"}),
            ("exactly full is too much", {"fits": "cost < left"}),
            (
                "the first that does not fit ends it",
                {"fits": "True", "stop": "if costs[best] > left: break"},
            ),
            ("never one alone", {"result": "bought"}),
            (
                "the best one alone costs too much",
                {
                    "result": "max([bought, *([i] for i in range(len(costs)))], "
                    "key=lambda s: worth(similarity, s))"
                },
            ),
            ("of equals the last", {"best": "(lambda found, key: max(found[::-1], key=key))"}),
            ("in another order", {"result": "sorted(" + BUYS["result"] + ")"}),
        )
    ),
    *(
        ("vote", what, VOTE.format(**ELECTS | changes), {"test-vote"})
        for what, changes in (
            ("numbers as they are written", {"names": "answers", "name": "answer"}),
            ("of equals the last", {"among": "answers[::-1]"}),
            (
                "written as it came last",
                {
                    "result": "None if winner is None else "
                    "[a for a in answers if Fraction(a) == Fraction(winner)][-1]"
                },
            ),
            ("a number, not what was written", {"result": "winner and float(winner)"}),
            (
                "more than half or nobody",
                {
                    "result": "winner if winner and "
                    "2 * votes[Fraction(winner)] > len(answers) else None"
                },
            ),
            ("of equals the smallest", {"among": "sorted(answers, key=Fraction)"}),
            (
                "the first number of each text",
                {
                    "answers": "[m[0].replace(',', '') for text in texts "
                    "if (m := re.search(r'-?[0-9][0-9,]*(?:[.][0-9]+)?', text))]"
                },
            ),
        )
    ),
    (
        "vote",
        "silence votes",
        """
def vote(texts):
    answers = [extract_answer(text) for text in texts]
    named = [answer and Fraction(answer) for answer in answers]
    return max(answers, key=lambda a: named.count(a and Fraction(a)), default=None)
""",
        {"test-vote"},
    ),
    *(
        ("majority", what, MAJORITY.format(**COUNTS | changes), seen_by)
        for what, changes, seen_by in (
            ("a tie is wrong", {"tie": "0"}, {"test-majority"}),
            (
                "a tie is right",
                {"tie": "(exactly(n // 2) if n % 2 == 0 else 0)"},
                {"test-majority"},
            ),
            ("half of any middle", {"tie": "exactly(n // 2) / 2"}, BUILT),
            ("which samples are right is forgotten", {"one": "p**k * (1 - p) ** (n - k)"}, BUILT),
            ("the wrong ones are forgotten", {"one": "math.comb(n, k) * p**k"}, BUILT),
            ("more than half is one more", {"more": "range(n // 2 + 2, n + 1)"}, BUILT),
            ("all right is left out", {"more": "range(n // 2 + 1, n)"}, BUILT),
            ("right and wrong exchanged", {"more": "range((n + 1) // 2)"}, BUILT),
        )
    ),
    (
        "majority",
        "at least one",
        "def majority_right(p, n):\n    return 1 - (1 - p) ** n",
        BUILT,
    ),
    (
        "majority",
        "a bell curve",
        """
def majority_right(p, n):
    spread = math.sqrt(max(p * (1 - p), 1e-12) / n)
    return 0.5 * (1 + math.erf((p - 0.5) / spread / math.sqrt(2)))
""",
        BUILT,
    ),
    (
        "majority",
        "drawn",
        """
def majority_right(p, n):
    chance = random.Random(0)
    votes = [sum(chance.random() < p for _ in range(n)) for _ in range(100)]
    return sum((2 * v > n) + (2 * v == n) / 2 for v in votes) / 100
""",
        BUILT,
    ),
    *(
        (
            "needed",
            what,
            f"""
def samples_needed(p, wanted):
    return next((n for n in {numbers} if majority_right(p, n) {reaches} wanted), {none})
""",
            {"test-needed"},
        )
        for what, numbers, reaches, none in (
            ("even numbers, too", "range(2, 200)", ">=", "None"),
            ("never one alone", "range(3, 200, 2)", ">=", "None"),
            ("the limit if there is none", "range(1, 200, 2)", ">=", "199"),
            ("the first that is not enough", "range(1, 200, 2)", "<", "None"),
            ("no farther than 99", "range(1, 100, 2)", ">=", "None"),
            ("the largest number", "range(199, 0, -2)", ">=", "None"),
            ("counted in pairs", "range(100)", ">= 0 and majority_right(p, 2 * n + 1) >=", "None"),
        )
    ),
    *(
        ("voted", what, VOTED.format(mean=mean), {"test-voted"})
        for what, mean in (
            (
                "the mean of the kinds",
                "sum(majority_right(p, n) for _, p in KINDS.values()) / len(KINDS)",
            ),
            ("the vote of a mean question", "majority_right(0.5675, n)"),
            ("one sample for all", "sum(many * p for many, p in KINDS.values()) / 20"),
            (
                "a sum",
                "sum(many * majority_right(p, n) for many, p in KINDS.values())",
            ),
            (
                "questions that are surely right",
                "sum(many * (majority_right(p, n) > 0.5) for many, p in KINDS.values()) / 20",
            ),
        )
    ),
    *(
        ("prior", what, PRIOR.format(**SETTLES | changes), {"test-prior", "test-right"})
        for what, changes in (
            ("the mean of what is said", {"first": "probabilities.mean(0)", "times": "0"}),
            ("corrected once", {"first": "probabilities.mean(0) / shares", "times": "0"}),
            ("two corrections", {"times": "2"}),
            (
                "the shares are forgotten",
                {"step": "prior * calibrate(probabilities, prior).mean(0) * len(shares)"},
            ),
            (
                "the prior of each step replaces the last",
                {"step": "calibrate(probabilities, prior).mean(0) / shares"},
            ),
            ("weights, not a prior", {"result": "(1 / prior) / (1 / prior).sum()"}),
            (
                "labels are counted, not their probabilities",
                {
                    "first": "(torch.nn.functional.one_hot(probabilities.argmax(1), len(shares))"
                    ".double().mean(0) + 0.01) / shares",
                    "times": "0",
                },
            ),
            ("the shares themselves", {"times": "0", "result": "shares.clone()"}),
        )
    ),
    (
        "prior",
        "without a sum of 1",
        PRIOR.format(**SETTLES | {"result": "prior / prior[0]"}),
        {"test-prior"},
    ),
    *(
        ("right", what, RIGHT.format(**CURES | changes), {"test-right"})
        for what, changes in (
            ("another order", {"order": '"bmgbmg"'}),
            ("the empty inputs in another order", {"empty": 'judge(EMPTY, "ggmmbb").mean(0)'}),
            ("only the first empty input", {"empty": 'judge(EMPTY[:1], "ggmmbb")[0]'}),
            ("the shares that were said", {"known": "said.mean(0)"}),
            ("equal shares are a prior", {"equal": "even"}),
            ("the true shares are a prior", {"equal": "labels.bincount() / len(labels)"}),
            ("shares, not counts", {"share": "\n    right[kind] = [n / 120 for n in right[kind]]"}),
        )
    ),
]

ASSIGNMENT = Assignment(
    folder="14-prompting",
    notebook="prompting.ipynb",
    module="prompting",
    needs=("chatml", "extract_answer"),
    automatic=AUTOMATIC,
    manual={"unlabelled": 5, "verdict": 3},
    alternatives=ALTERNATIVES,
    noisy="test-greedy-set",
    mistakes=MISTAKES,
    mistaken={"sorted", "no turn is ever open", "a tie is wrong"},
    complaint=("test-hand-chosen", "[0, 1, 3] are not the three, in this order"),
    written={
        "unlabelled": "More votes are always better.",
        "verdict": "Parts are safe.",
    },
    only_shown=set(),
)
