"""From logits to answers, against loops over everything there is."""

import math

import torch

from autograder.testing import exercise, expect

TOLERANCE = 1e-9  # sums and exponentials in another order, in float64


def probabilities(logits):
    highest = max(logits)
    weights = [math.exp(z - highest) for z in logits]
    return [weight / math.fsum(weights) for weight in weights]


# --- fill_mask --------------------------------------------------------------------------------


def by_sorting(logits, tokens, mask_id, n_best):
    found = []
    for row, token in zip(logits.tolist(), tokens.tolist(), strict=True):
        if token == mask_id:
            pairs = sorted(enumerate(probabilities(row)), key=lambda pair: -pair[1])
            found.append(pairs[:n_best])
    return found


def filled(student, logits, tokens, *options):
    got = student.pipelines.fill_mask(logits, tokens, *options)
    return [[tuple(pair) for pair in row] for row in got]


@exercise("pipelines.fill_mask", weight=2)
def test_the_best_tokens_for_each_mask(student, rng, oracle):
    """One mask, several, and several side by side: each has its own tokens, best first."""
    for places, n_best in [([1], 1), ([0, 4], 3), ([2, 3, 5], 5)]:
        tokens = oracle.text(rng, 6, vocabulary=10)
        mask_id = rng.choice([10, 11])
        tokens[places] = mask_id
        logits = 3 * oracle.normal(rng, 6, 12)
        given = f"masks at {places} of 6 tokens, n_best={n_best}"
        got = filled(student, logits, tokens, mask_id, n_best)
        expect(got, by_sorting(logits, tokens, mask_id, n_best), given=given, tolerance=TOLERANCE)


@exercise("pipelines.fill_mask")
def test_probabilities_are_among_all(student, rng, oracle):
    """Two tokens of a large vocabulary have the probabilities that they have among all of it."""
    logits = oracle.normal(rng, 3, 200)
    tokens = torch.tensor([7, 0, 7])
    for n_best in (1, 2, 200):
        got = filled(student, logits, tokens, 7, n_best)
        expect(got, by_sorting(logits, tokens, 7, n_best), tolerance=TOLERANCE)


@exercise("pipelines.fill_mask")
def test_five_by_default_and_none_without_a_mask(student, rng, oracle):
    """Five tokens are given unless another number is asked for; a text without a mask has none."""
    logits = oracle.normal(rng, 4, 9)
    tokens = torch.tensor([1, 2, 8, 4])
    expect(filled(student, logits, tokens, 8), by_sorting(logits, tokens, 8, 5), tolerance=1e-9)
    expect(filled(student, logits, tokens, 3), [])


@exercise("pipelines.fill_mask")
def test_large_logits_do_not_overflow(student, rng, oracle):
    """Logits of thousands give probabilities, and -inf gives 0."""
    logits = 900 * oracle.normal(rng, 3, 6) + 5000
    logits[1, 2] = -torch.inf
    tokens = torch.tensor([0, 5, 5])
    expected = by_sorting(logits, tokens, 5, 6)
    # Where several probabilities are 0, their order is open.
    got = filled(student, logits, tokens, 5, 6)
    for row, right in zip(got, expected, strict=True):
        expect(row[0], right[0], tolerance=TOLERANCE)
        expect([p for _, p in row], [p for _, p in right], tolerance=TOLERANCE)


# --- best_span --------------------------------------------------------------------------------


def over_all_pairs(start, end, allowed, max_length):
    places = [place for place, is_allowed in enumerate(allowed.tolist()) if is_allowed]
    first, last = (
        dict(zip(places, probabilities([p.tolist()[i] for i in places]), strict=True))
        for p in (start, end)
    )
    best = None
    for i in places:
        for j in places:
            if i <= j < i + max_length and (best is None or first[i] * last[j] > best[2]):
                best = (i, j, first[i] * last[j])
    return best


def check_span(student, start, end, allowed, *max_length):
    got = student.pipelines.best_span(start, end, allowed, *max_length)
    limit = max_length[0] if max_length else 15
    given = (
        f"start {start.tolist()}, end {end.tolist()}, allowed {allowed.tolist()}, at most {limit}"
    )
    expect(tuple(got), over_all_pairs(start, end, allowed, limit), given=given, tolerance=TOLERANCE)


@exercise("pipelines.best_span", weight=2)
def test_the_best_of_all_spans(student, rng, oracle):
    """Of all pairs of a start and an end, the most probable, with its probability."""
    for length in [1, 2, 3, 6, 11] * 3:
        start, end = 3 * oracle.normal(rng, 2, length)
        check_span(student, start, end, torch.ones(length, dtype=torch.bool))


@exercise("pipelines.best_span", weight=2)
def test_some_positions_are_not_allowed(student, rng, oracle):
    """No answer starts or ends where it must not, and probabilities are of what is allowed."""
    for length in [2, 4, 7, 12] * 3:
        start, end = 3 * oracle.normal(rng, 2, length)
        allowed = oracle.text(rng, length, vocabulary=2).bool()
        allowed[rng.randrange(length)] = True
        start[~allowed] += 5
        end[~allowed] += 5
        check_span(student, start, end, allowed)


@exercise("pipelines.best_span")
def test_an_answer_may_be_too_long(student, rng, oracle):
    """With a limit of one, two or four tokens, as many and no more; fifteen by default."""
    for length, limit in [(3, 1), (6, 2), (9, 4), (12, 4), (5, 5)] * 2:
        start, end = oracle.normal(rng, 2, length)
        start[0] += 3
        end[-1] += 3
        check_span(student, start, end, torch.ones(length, dtype=torch.bool), limit)
    for length in (15, 16):
        start, end = oracle.normal(rng, 2, length)
        start[0] += 9
        end[-1] += 9
        check_span(student, start, end, torch.ones(length, dtype=torch.bool))


@exercise("pipelines.best_span")
def test_the_end_is_better_before_the_start(student, rng, oracle):
    """Where the best end comes before the best start, the two are not a span."""
    for _ in range(6):
        start, end = oracle.normal(rng, 2, 8)
        start[rng.randrange(4, 8)] += 5
        end[rng.randrange(0, 4)] += 5
        check_span(student, start, end, torch.ones(8, dtype=torch.bool))


@exercise("pipelines.best_span")
def test_equally_good_answers(student, rng):
    """Of equal ones the first start wins, then the first end; a forbidden one never does."""
    for length in (2, 5, 8):
        flat = torch.zeros(length, dtype=torch.float64)
        allowed = torch.ones(length, dtype=torch.bool)
        check_span(student, flat, flat, allowed)
        allowed[0] = False
        check_span(student, flat, flat, allowed)
    # The probability of the only possible span is nothing that float64 could tell from 0.
    start = torch.tensor([0.0, 0.0, 0.0, 2000.0], dtype=torch.float64)
    end = torch.tensor([0.0, 2000.0, 0.0, 0.0], dtype=torch.float64)
    check_span(student, start, end, torch.tensor([False, True, False, True]))


@exercise("pipelines.best_span")
def test_large_logits_of_a_span(student, rng, oracle):
    """Logits of thousands, or shifted by a constant, give probabilities all the same."""
    for shift in (-4000.0, 4000.0):
        start, end = 2 * oracle.normal(rng, 2, 6) + shift
        check_span(student, start, end, torch.ones(6, dtype=torch.bool), 3)


# --- group_entities ---------------------------------------------------------------------------


def by_splitting(labels, scores):
    """Cut the text before each token that begins a name or is none; what is left are names."""
    found, run = [], []
    for place in range(len(labels) + 1):
        label = labels[place] if place < len(labels) else "O"
        goes_on = label.startswith("I-") and run and labels[run[-1]][1:] == label[1:]
        if run and not goes_on:
            mean = math.fsum(scores[i] for i in run) / len(run)
            found.append((labels[run[0]][2:], run[0], run[-1] + 1, mean))
            run = []
        if label != "O":
            run.append(place)
    return found


def check_names(student, labels, scores):
    got = [tuple(name) for name in student.pipelines.group_entities(labels, scores)]
    given = f"labels {labels}, scores {[round(score, 3) for score in scores]}"
    expect(got, by_splitting(labels, scores), given=given, tolerance=TOLERANCE)


def some_scores(rng, labels):
    return [rng.uniform(0.3, 1.0) for _ in labels]


@exercise("pipelines.group_entities", weight=2)
def test_names_of_a_text(student, rng):
    """Names of one token and of several, at the beginning, in between, and at the end."""
    for line in [
        "B-PER",
        "O B-PER O",
        "B-PER I-PER O B-LOC",
        "O O B-ORG I-ORG I-ORG O B-PER I-PER",
        "B-LOC I-LOC I-LOC",
    ]:
        labels = line.split()
        check_names(student, labels, some_scores(rng, labels))


@exercise("pipelines.group_entities")
def test_neighbours_are_two_names(student, rng):
    """A B- begins a name also right after another of its kind."""
    for line in ["B-PER B-PER", "B-LOC I-LOC B-LOC I-LOC", "B-PER B-LOC I-LOC B-LOC"]:
        labels = line.split()
        check_names(student, labels, some_scores(rng, labels))


@exercise("pipelines.group_entities")
def test_names_without_a_beginning(student, rng):
    """An I- after O, at the front, or after another kind begins a name."""
    for line in ["I-PER", "O I-LOC I-LOC O", "B-PER I-LOC I-LOC", "I-PER I-LOC O I-PER"]:
        labels = line.split()
        check_names(student, labels, some_scores(rng, labels))


@exercise("pipelines.group_entities", weight=2)
def test_labels_without_an_order(student, rng):
    """Random labels, as a model that has learned nothing gives them."""
    kinds = ["O", "B-A", "I-A", "B-LONG", "I-LONG", "B-C-D", "I-C-D"]
    for length in [3, 6, 12, 40]:
        labels = rng.choices(kinds, weights=[2, 1, 2, 1, 2, 1, 2], k=length)
        labels[rng.randrange(length)] = "B-A"
        check_names(student, labels, some_scores(rng, labels))


@exercise("pipelines.group_entities")
def test_no_names_no_tokens(student, rng):
    """A text without names has none, nor has one without tokens, and a third one still has its."""
    check_names(student, ["O", "O"], [0.9, 0.8])
    check_names(student, [], [])
    check_names(student, ["O", "B-X", "O"], [0.9, 0.8, 0.7])


# --- zero_shot_scores -------------------------------------------------------------------------


def fits(logits, contradiction, entailment, several):
    rows = logits.tolist()
    if several:
        pairs = [probabilities([row[contradiction], row[entailment]]) for row in rows]
        return torch.tensor([pair[1] for pair in pairs], dtype=logits.dtype)
    return torch.tensor(probabilities([row[entailment] for row in rows]), dtype=logits.dtype)


def check_labels(student, logits, contradiction, entailment, **several):
    columns = {"contradiction": contradiction, "entailment": entailment}
    got = student.pipelines.zero_shot_scores(logits, **columns, **several)
    given = f"logits {logits.tolist()}, {columns}, {several or 'one right label'}"
    right = fits(logits, contradiction, entailment, several.get("several", False))
    expect(got, right, given=given, tolerance=TOLERANCE)


@exercise("pipelines.zero_shot_scores", weight=2)
def test_labels_compete(student, rng, oracle):
    """Where one label is right, which is the default, the scores of all add up to one."""
    for n_labels in (1, 2, 5):
        for columns in [(0, 2), (2, 0), (1, 2)]:
            logits = 2 * oracle.normal(rng, n_labels, 3)
            check_labels(student, logits, *columns)
            check_labels(student, logits, *columns, several=False)


@exercise("pipelines.zero_shot_scores", weight=2)
def test_each_label_for_itself(student, rng, oracle):
    """Where several may be right, a label's score does not depend on the others."""
    for n_labels in (1, 2, 5):
        for columns in [(0, 2), (2, 0), (1, 0)]:
            check_labels(student, 2 * oracle.normal(rng, n_labels, 3), *columns, several=True)


@exercise("pipelines.zero_shot_scores")
def test_neither_counts_for_nothing(student, rng, oracle):
    """The third answer changes no score, however sure the model is of it."""
    logits = oracle.normal(rng, 4, 3)
    for several in (False, True):
        for size in (0.0, 50.0, -50.0):
            logits[:, 1] = size * oracle.normal(rng, 4)
            check_labels(student, logits, 0, 2, several=several)


@exercise("pipelines.zero_shot_scores")
def test_large_logits_of_labels(student, rng, oracle):
    """Logits of thousands do not overflow."""
    for several in (False, True):
        check_labels(student, 3 * oracle.normal(rng, 3, 3) + 3000, 2, 1, several=several)
