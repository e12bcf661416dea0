"""Chapter 6: who looks where."""

from assignments import Assignment

MANUAL = {"leak-sentence": 1, "heads": 5, "judgement": 4}
AUTOMATIC = {
    "test-hand": 2,
    "test-hand-changed": 1,
    "test-branch-mask": 3,
    "test-branch-positions": 1,
    "test-depends": 3,
    "test-leaking": 1,
    "test-previous": 2,
    "test-came-next": 3,
    "test-prune-by-trial": 3,
    "test-alone": 1,
}

ALTERNATIVES = {
    "hand": """
parts = [Fraction(3), Fraction(2), Fraction("1.5")]
weights = tuple(part / sum(parts) for part in parts)
output = (Fraction(14), Fraction(10))
""",
    "hand-changed": """
masked_weights = (Fraction("2/3"), Fraction(0), 1 - Fraction("2/3"))
squares = [Fraction(36), Fraction(16), Fraction(9)]
unscaled_weights = [square / 61 for square in squares]
""",
    "branch-mask": """
def branch_mask(n_question, answers):
    T = n_question + sum(answers)
    mask = torch.zeros(T, T, dtype=torch.bool)
    for t in range(n_question):
        mask[t, : t + 1] = True
    start = n_question
    for n in answers:
        for t in range(start, start + n):
            mask[t, :n_question] = True
            mask[t, start : t + 1] = True
        start += n
    return mask
""",
    "branch-positions": """
def branch_positions(n_question, answers):
    parts = [torch.arange(n_question)]
    for n in answers:
        parts.append(torch.arange(n) + n_question)
    return torch.cat(parts)
""",
    "depends": """
def depends(function, x):
    print("a progress bar", file=sys.stderr)
    jacobian = torch.autograd.functional.jacobian(function, x.clone())
    return (jacobian[0, :, :, 0] != 0).any(-1).any(1)
""",
    "leaking": """
leaking = frozenset(["cedar", "birch"])
""",
    "previous": """
def previous(tokens):
    T = len(tokens)
    place = torch.eye(T + 1)
    # A token of zeros in front, and queries that ask for the place before theirs.
    padded = torch.cat([torch.zeros(1, tokens.shape[1]), tokens])
    return attend(place[:T] * 100, place, padded)
""",
    "came-next": """
def came_next(tokens):
    T, width = tokens.shape
    before = previous(tokens)
    # A sink: a key that fits everybody half, with a value of zeros.
    key = torch.cat([torch.full((1, width), 0.5), before])
    value = torch.cat([torch.zeros(1, width), tokens])
    seen = torch.ones(T, T + 1, dtype=torch.bool).tril(1)
    return attend(tokens, key, value, seen, scale=100.0)
""",
    "prune-by-trial": """
def prune_by_trial(score, n_layers, n_heads):
    left = [(layer, head) for layer in range(n_layers) for head in range(n_heads)]
    found = []

    def without(places):
        gates = torch.zeros(n_layers, n_heads)
        for place in places:
            gates[place] = 1.0
        return score(gates)

    while left:
        values = [without([p for p in left if p != place]) for place in left]
        best = values.index(max(values))
        found.append([left.pop(best), values[best]])
    return found
""",
    "alone": """
def share(*gone):
    gates = torch.ones(2, 4)
    for place in gone:
        gates[place] = 0.0
    return recalled(gates)


alone = {(1, 3): 0.0}
for index in range(8):
    alone[divmod(index, 4)] = share(divmod(index, 4))
steps = prune_by_trial(recalled, n_layers=2, n_heads=4)
whole_layer = share((1, 0), (1, 1), (1, 2), (1, 3))
""",
}

MISTAKES = [
    (
        "hand",
        "the root is forgotten",
        """
weights = [Fraction(36, 61), Fraction(16, 61), Fraction(9, 61)]
output = [Fraction(36 * 13 + 16 * 26, 61), Fraction(16 * 13 + 9 * 26, 61)]
""",
        {"test-hand"},
    ),
    (
        "hand",
        "divided by K",
        """
weights = [Fraction(4, 9), Fraction(3, 9), Fraction(2, 9)]
output = [Fraction(130, 9), Fraction(91, 9)]
""",
        {"test-hand"},
    ),
    (
        "hand",
        "not normalised",
        """
weights = [Fraction(3), Fraction(2), Fraction(3, 2)]
output = [Fraction(91), Fraction(65)]
""",
        {"test-hand"},
    ),
    (
        "hand",
        "rounded numbers",
        """
weights, output = [6 / 13, 4 / 13, 3 / 13], [14.0, 10.0]
""",
        {"test-hand"},
    ),
    (
        "hand",
        "keys are mixed, not values",
        """
weights = [Fraction(6, 13), Fraction(4, 13), Fraction(3, 13)]
output = [Fraction(9, 13), Fraction(34, 13)]
""",
        {"test-hand"},
    ),
    (
        "hand-changed",
        "masked after the softmax",
        """
masked_weights = [Fraction(6, 13), Fraction(0), Fraction(3, 13)]
unscaled_weights = [Fraction(36, 61), Fraction(16, 61), Fraction(9, 61)]
""",
        {"test-hand-changed"},
    ),
    (
        "hand-changed",
        "a score of 0 in the place of a mask",
        """
masked_weights = [Fraction(6, 11), Fraction(2, 11), Fraction(3, 11)]
unscaled_weights = [Fraction(36, 61), Fraction(16, 61), Fraction(9, 61)]
""",
        {"test-hand-changed"},
    ),
    (
        "hand-changed",
        "the scores are doubled as if weights were",
        """
masked_weights = [Fraction(2, 3), Fraction(0), Fraction(1, 3)]
unscaled_weights = [Fraction(6, 13), Fraction(4, 13), Fraction(3, 13)]
""",
        {"test-hand-changed"},
    ),
    (
        "branch-mask",
        "causal only",
        """
def branch_mask(n_question, answers):
    T = n_question + sum(answers)
    return torch.ones(T, T, dtype=torch.bool).tril()
""",
        {"test-branch-mask"},
    ),
    (
        "branch-mask",
        "answers do not see the question",
        """
def branch_mask(n_question, answers):
    later = [i for i, n in enumerate(answers, 1) for _ in range(n)]
    branch = torch.tensor([0] * n_question + later)
    return (branch[:, None] == branch).tril()
""",
        {"test-branch-mask"},
    ),
    (
        "branch-mask",
        "the question is read in both directions",
        """
def branch_mask(n_question, answers):
    later = [i for i, n in enumerate(answers, 1) for _ in range(n)]
    branch = torch.tensor([0] * n_question + later)
    return (branch[:, None] == branch).tril() | (branch == 0)
""",
        {"test-branch-mask"},
    ),
    (
        "branch-mask",
        "the question sees the answers",
        """
def branch_mask(n_question, answers):
    later = [i for i, n in enumerate(answers, 1) for _ in range(n)]
    branch = torch.tensor([0] * n_question + later)
    same = branch[:, None] == branch
    return same.tril() | (branch == 0).expand(len(branch), -1).tril() | (branch[:, None] == 0)
""",
        {"test-branch-mask"},
    ),
    (
        "branch-mask",
        "numbers in the place of truth values",
        """
def branch_mask(n_question, answers):
    later = [i for i, n in enumerate(answers, 1) for _ in range(n)]
    branch = torch.tensor([0] * n_question + later)
    return ((branch[:, None] == branch) | (branch == 0)).tril().float()
""",
        {"test-branch-mask"},
    ),
    (
        "branch-positions",
        "positions in the row",
        """
def branch_positions(n_question, answers):
    return torch.arange(n_question + sum(answers))
""",
        {"test-branch-positions"},
    ),
    (
        "branch-positions",
        "each answer begins at 0",
        """
def branch_positions(n_question, answers):
    return torch.cat([torch.arange(n) for n in (n_question, *answers)])
""",
        {"test-branch-positions"},
    ),
    (
        "depends",
        "rows and columns are swapped",
        """
def depends(function, x):
    jacobian = torch.autograd.functional.jacobian(function, x.clone())
    return (jacobian[0, :, :, 0] != 0).any(-1).any(1).T
""",
        {"test-depends", "test-leaking"},
    ),
    (
        "depends",
        "the numbers of an output are added up, and cancel",
        """
def depends(function, x):
    x = x.detach().clone().requires_grad_()
    y = function(x)
    rows = []
    for t in range(y.shape[1]):
        (gradient,) = torch.autograd.grad(y[0, t].sum(), x, retain_graph=True)
        rows.append((gradient[0] != 0).any(-1))
    return torch.stack(rows)
""",
        {"test-depends"},
    ),
    (
        "depends",
        "only the first number of an output",
        """
def depends(function, x):
    jacobian = torch.autograd.functional.jacobian(function, x.clone())
    return (jacobian[0, :, 0, 0, :, 0] != 0)
""",
        {"test-depends"},
    ),
    (
        "depends",
        "positive derivatives only",
        """
def depends(function, x):
    jacobian = torch.autograd.functional.jacobian(function, x.clone())
    return (jacobian[0, :, :1, 0] > 0).any(-1).any(1)
""",
        {"test-depends"},
    ),
    (
        "depends",
        "x gets a gradient",
        """
def depends(function, x):
    x.requires_grad_()
    y = function(x)
    rows = []
    for t in range(y.shape[1]):
        touched = torch.zeros(x.shape[1], dtype=torch.bool)
        for number in y[0, t]:
            (gradient,) = torch.autograd.grad(number, x, retain_graph=True)
            touched |= (gradient[0] != 0).any(-1)
        rows.append(touched)
    return torch.stack(rows)
""",
        {"test-depends"},
    ),
    (
        "leaking",
        "a weight of 0 is taken for hidden",
        """
leaking = {"cedar"}
""",
        {"test-leaking"},
    ),
    (
        "leaking",
        "a large negative number is suspected",
        """
leaking = {"birch", "cedar", "elm"}
""",
        {"test-leaking"},
    ),
    (
        "previous",
        "the token itself",
        """
def previous(tokens):
    place = torch.eye(len(tokens))
    return attend(100 * place, place, tokens)
""",
        {"test-previous", "test-came-next"},
    ),
    (
        "previous",
        "the mean of all that came before",
        """
def previous(tokens):
    T = len(tokens)
    past = torch.ones(T, T, dtype=torch.bool).tril(-1)
    return attend(tokens, tokens, tokens, past)
""",
        {"test-previous", "test-came-next"},
    ),
    (
        "previous",
        "the first row sees itself",
        """
def previous(tokens):
    T = len(tokens)
    place = torch.eye(T)
    asked = place[[0, *range(T - 1)]]
    return attend(100 * asked, place, tokens)
""",
        {"test-previous", "test-came-next"},
    ),
    (
        "previous",
        "without attention",
        """
def previous(tokens):
    return torch.cat([torch.zeros(1, tokens.shape[1]), tokens[:-1]])
""",
        {"test-previous", "test-came-next"},
    ),
    (
        "came-next",
        "nothing found is the mean of everything",
        """
def came_next(tokens):
    before = previous(tokens)
    return attend(100 * tokens, before, tokens, causal_mask(len(tokens), len(tokens)))
""",
        {"test-came-next"},
    ),
    (
        "came-next",
        "the future is not hidden",
        """
def came_next(tokens):
    before = previous(tokens)
    return attend(tokens, before, tokens, tokens @ before.mT > 0.5)
""",
        {"test-came-next"},
    ),
    (
        "came-next",
        "what followed just now is missed",
        """
def came_next(tokens):
    before = previous(tokens)
    T = len(tokens)
    past = torch.ones(T, T, dtype=torch.bool).tril(-1)
    return attend(tokens, before, tokens, (tokens @ before.mT > 0.5) & past)
""",
        {"test-came-next"},
    ),
    (
        "came-next",
        "the same token, not the one after it",
        """
def came_next(tokens):
    before = previous(tokens)
    same = tokens @ tokens.mT > 0.5
    return attend(tokens, tokens, tokens, same.tril(-1))
""",
        {"test-came-next"},
    ),
    (
        "came-next",
        "the scores are too small to choose",
        """
def came_next(tokens):
    before = previous(tokens)
    seen = causal_mask(len(tokens), len(tokens))
    found = ((tokens @ before.mT > 0.5) & seen).any(-1, keepdim=True)
    return attend(tokens, before, tokens, seen) * found
""",
        {"test-came-next"},
    ),
    (
        "prune-by-trial",
        "measured once",
        """
def prune_by_trial(score, n_layers, n_heads):
    trials = []
    for layer in range(n_layers):
        for head in range(n_heads):
            gates = torch.ones(n_layers, n_heads)
            gates[layer, head] = 0
            trials.append((-score(gates), (layer, head)))
    gates, steps = torch.ones(n_layers, n_heads), []
    for _, place in sorted(trials):
        gates[place] = 0
        steps.append((place, score(gates)))
    return steps
""",
        {"test-prune-by-trial", "test-alone"},
    ),
    (
        "prune-by-trial",
        "the most important first",
        """
def prune_by_trial(score, n_layers, n_heads):
    gates, steps = torch.ones(n_layers, n_heads), []
    while gates.any():
        trials = []
        for layer, head in gates.nonzero().tolist():
            without = gates.clone()
            without[layer, head] = 0
            trials.append((score(without), (layer, head)))
        value, gone = min(trials)
        gates[gone] = 0
        steps.append((gone, value))
    return steps
""",
        {"test-prune-by-trial", "test-alone"},
    ),
    (
        "prune-by-trial",
        "each head alone, none stays out",
        """
def prune_by_trial(score, n_layers, n_heads):
    trials = []
    for layer in range(n_layers):
        for head in range(n_heads):
            gates = torch.ones(n_layers, n_heads)
            gates[layer, head] = 0
            trials.append(((layer, head), score(gates)))
    return sorted(trials, key=lambda trial: -trial[1])
""",
        {"test-prune-by-trial", "test-alone"},
    ),
    (
        "prune-by-trial",
        "the last among equals",
        """
def prune_by_trial(score, n_layers, n_heads):
    gates, steps = torch.ones(n_layers, n_heads), []
    while gates.any():
        trials = []
        for layer, head in gates.nonzero().tolist():
            without = gates.clone()
            without[layer, head] = 0
            trials.append((score(without), (layer, head)))
        value, gone = max(trials)
        gates[gone] = 0
        steps.append((gone, value))
    return steps
""",
        {"test-prune-by-trial"},
    ),
    (
        "alone",
        "the heads that are left alone",
        """
alone = {}
for layer in range(2):
    for head in range(4):
        gates = torch.zeros(2, 4)
        gates[layer, head] = 1
        alone[layer, head] = recalled(gates)
steps = prune_by_trial(recalled, 2, 4)
whole_layer = recalled(torch.tensor([[1.0] * 4, [0.0] * 4]))
""",
        {"test-alone"},
    ),
    (
        "alone",
        "the first layer for the second",
        """
alone = {}
for layer in range(2):
    for head in range(4):
        gates = torch.ones(2, 4)
        gates[layer, head] = 0
        alone[layer, head] = recalled(gates)
steps = prune_by_trial(recalled, 2, 4)
whole_layer = recalled(torch.tensor([[0.0] * 4, [1.0] * 4]))
""",
        {"test-alone"},
    ),
]

ASSIGNMENT = Assignment(
    folder="06-attention",
    notebook="attention.ipynb",
    module="attention",
    needs=("causal_mask", "MultiHeadAttention"),
    automatic=AUTOMATIC,
    manual=MANUAL,
    alternatives=ALTERNATIVES,
    noisy="test-depends",
    mistakes=MISTAKES,
    mistaken={
        "the root is forgotten",
        "causal only",
        "the scores are too small to choose",
        "the last among equals",
    },
    complaint=(
        "test-hand",
        "36/61 is not the weight of ann: what is its score, divided by √K?",
    ),
    written={
        "leak-sentence": "Birch, because its mask is wrong.",
        "heads": "The heads of layer 1.",
        "judgement": "Colours are an explanation.",
    },
    only_shown=set(),
)
