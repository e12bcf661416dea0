"""Labels, orders and answers, against sums in Python and texts made to measure."""

import math

import torch

from autograder.student import read
from autograder.testing import exercise, expect

# A sum of a few logarithms or quotients in each dtype; the numbers are compared in float64.
ROUNDING = {torch.float64: 1e-12, torch.float32: 1e-5}


# --- label_scores -----------------------------------------------------------------------------


def scored(oracle, prompt, labels, normalise):
    found = []
    for label in labels:
        logprobs = oracle.logprobs(prompt, label)
        found.append(math.fsum(logprobs) / (len(label) if normalise else 1))
    return found


def some_tokens(rng, vocabulary, n_tokens):
    return [rng.randrange(vocabulary) for _ in range(n_tokens)]


@exercise("prompting.label_scores", weight=3)
def test_scores_are_log_probabilities_after_the_prompt(student, rng, some_oracle):
    """Each score is the sum, or the mean, of the log-probabilities of the label's own tokens."""
    for vocabulary, n_prompt, lengths in [(3, 2, [1, 2]), (5, 4, [3, 1, 2]), (9, 7, [2, 5, 1, 4])]:
        for dtype, close in ROUNDING.items():
            oracle = some_oracle(vocabulary, dtype)
            prompt = some_tokens(rng, vocabulary, n_prompt)
            labels = [some_tokens(rng, vocabulary, length) for length in lengths]
            for normalise in (False, True):
                got = student.prompting.label_scores(
                    oracle.student_model, prompt, labels, normalise
                )
                expected = torch.tensor(scored(oracle, prompt, labels, normalise), dtype=dtype)
                expect(got, expected, tolerance=close)


@exercise("prompting.label_scores")
def test_normalised_unless_told_otherwise(student, rng, some_oracle):
    """By default a score is a mean, so a long label has no worse chance than a short one."""
    oracle = some_oracle(4)
    prompt, labels = some_tokens(rng, 4, 3), [some_tokens(rng, 4, n) for n in (6, 1, 2)]
    got = student.prompting.label_scores(oracle.student_model, prompt, labels)
    expected = torch.tensor(scored(oracle, prompt, labels, True), dtype=torch.float64)
    expect(got, expected, tolerance=1e-12)


@exercise("prompting.label_scores", weight=2)
def test_a_zero_in_a_label_is_a_token(student, rng, some_oracle):
    """Token 0 counts where it stands in a label; only what comes after the label does not."""
    for n_zeros in (1, 2, 3):
        oracle = some_oracle(6)
        prompt = some_tokens(rng, 6, 3)
        labels = [[0] * n_zeros, [rng.randrange(1, 6), *[0] * n_zeros], [0, 2, 0, 0, 1], [3]]
        got = student.prompting.label_scores(oracle.student_model, prompt, labels, False)
        expected = torch.tensor(scored(oracle, prompt, labels, False), dtype=torch.float64)
        expect(got, expected, tolerance=1e-12)


@exercise("prompting.label_scores", weight=2)
def test_the_model_is_called_once(student, rng, some_oracle):
    """All labels are rows of one call, whatever their lengths."""
    for n_labels, n_prompt in [(2, 1), (3, 4), (7, 5)]:
        oracle = some_oracle(5)
        prompt = some_tokens(rng, 5, n_prompt)
        labels = [some_tokens(rng, 5, rng.randint(1, 3)) for _ in range(n_labels)]
        got = student.prompting.label_scores(oracle.student_model, prompt, labels, False)
        expected = torch.tensor(scored(oracle, prompt, labels, False), dtype=torch.float64)
        expect(got, expected, tolerance=1e-12)
        fed = read(oracle.student_model, "fed")
        expect([rows for rows, _ in fed], [n_labels], given="rows of each call")


@exercise("prompting.label_scores")
def test_other_labels_do_not_matter(student, rng, some_oracle):
    """A label's score is the same alone and among others, longer and shorter ones."""
    oracle = some_oracle(8)
    prompt = some_tokens(rng, 8, 4)
    labels = [some_tokens(rng, 8, n) for n in (2, 6, 1)]
    for normalise in (True, False):
        for label in labels:
            got = student.prompting.label_scores(
                oracle.student_model, prompt, [label], normalise=normalise
            )
            expected = torch.tensor(scored(oracle, prompt, [label], normalise), dtype=torch.float64)
            expect(got, expected, tolerance=1e-12)


@exercise("prompting.label_scores")
def test_one_token_labels_share_one_probability(student, rng, some_oracle):
    """The labels of one token each, all of the vocabulary, have probabilities that sum to 1."""
    for vocabulary in (3, 11):
        oracle = some_oracle(vocabulary)
        prompt = some_tokens(rng, vocabulary, rng.randint(1, 5))
        labels = [[token] for token in range(vocabulary)]
        got = student.prompting.label_scores(oracle.student_model, prompt, labels)
        expected = torch.tensor(scored(oracle, prompt, labels, True), dtype=torch.float64)
        expect(got, expected, tolerance=1e-12)
        expect(got.exp().sum().item(), 1.0, given="the sum of their probabilities", tolerance=1e-9)


# --- calibrate --------------------------------------------------------------------------------


def calibrated(probabilities, prior):
    """Row by row in Python."""
    rows = []
    for row in probabilities.reshape(-1, len(prior)).tolist():
        ratios = [p / q for p, q in zip(row, prior.tolist(), strict=True)]
        rows.append([ratio / math.fsum(ratios) for ratio in ratios])
    return torch.tensor(rows, dtype=probabilities.dtype).view(probabilities.shape)


@exercise("prompting.calibrate", weight=2)
def test_each_row_is_divided_by_the_prior(student, normal):
    """Whatever the shape, each row is divided by the prior, and then by its own sum."""
    for *batch, n_labels in [(2,), (3, 2), (1, 4), (2, 5, 3)]:
        for dtype, close in ROUNDING.items():
            probabilities = normal(*batch, n_labels).softmax(-1).to(dtype)
            prior = normal(n_labels).softmax(-1).to(dtype)
            got = student.prompting.calibrate(probabilities, prior)
            expect(got, calibrated(probabilities, prior), tolerance=close)


@exercise("prompting.calibrate")
def test_the_prior_itself_says_nothing(student, rng, normal):
    """What the model would have said anyway becomes the same share for every label."""
    for n_labels in (2, 3, 7):
        prior = (rng.uniform(1, 3) * normal(n_labels)).softmax(-1)
        got = student.prompting.calibrate(prior.expand(4, n_labels), prior)
        expect(got, torch.full((4, n_labels), 1 / n_labels, dtype=torch.float64), tolerance=1e-12)


@exercise("prompting.calibrate")
def test_a_fair_prior_changes_nothing(student, normal):
    """With the same prior for each label, shares stay as they were; counts become shares."""
    for n_labels in (2, 5):
        shares = normal(3, n_labels).softmax(-1)
        prior = torch.full((n_labels,), 1 / n_labels, dtype=torch.float64)
        for factor in (1.0, 20.0):
            got = student.prompting.calibrate(factor * shares, prior)
            expect(got, shares, tolerance=1e-12)


@exercise("prompting.calibrate")
def test_only_ratios_of_the_prior_count(student, rng, normal):
    """A prior or probabilities that sum to something else give the same; each row sums to 1."""
    for n_labels in (3, 4):
        probabilities, prior = normal(2, n_labels).softmax(-1), normal(n_labels).softmax(-1)
        expected = calibrated(probabilities, prior)
        factor = rng.uniform(0.1, 9)
        for call in ((probabilities, factor * prior), (factor * probabilities, prior)):
            expect(student.prompting.calibrate(*call), expected, tolerance=1e-12)


@exercise("prompting.calibrate")
def test_small_numbers_are_numbers(student, rng):
    """Probabilities far below one in a million are divided like others, and 0 stays 0."""
    tiny = 10.0 ** -rng.randint(9, 12)
    prior = torch.tensor([tiny, 2 * tiny, 1.0], dtype=torch.float64)
    probabilities = torch.tensor([[tiny, 4 * tiny, 0.0], [0.0, 0.0, tiny]], dtype=torch.float64)
    expected = torch.tensor([[1 / 3, 2 / 3, 0.0], [0.0, 0.0, 1.0]], dtype=torch.float64)
    expect(student.prompting.calibrate(probabilities, prior), expected, tolerance=1e-9)


# --- order_entropy ----------------------------------------------------------------------------


def spread(predictions, n_labels):
    """The entropy of each row's shares, term by term."""
    bits = []
    for row in predictions.tolist():
        shares = [row.count(label) / len(row) for label in range(n_labels)]
        bits.append(math.fsum(-share * math.log2(share) for share in shares if share))
    return torch.tensor(bits, dtype=torch.float32)


def some_labels(rng, n_orders, n_probes, n_labels):
    rows = [[rng.randrange(n_labels) for _ in range(n_probes)] for _ in range(n_orders)]
    return torch.tensor(rows)


@exercise("prompting.order_entropy", weight=2)
def test_the_entropy_of_each_order(student, rng):
    """Each order has the entropy of the shares of its own predictions, in bits."""
    for n_orders, n_probes, n_labels in [(1, 4, 2), (3, 5, 2), (4, 7, 3), (6, 20, 5)]:
        predictions = some_labels(rng, n_orders, n_probes, n_labels)
        predictions[0, :2] = torch.arange(2)  # beside zeros alone nothing is a rounding
        got = student.prompting.order_entropy(predictions, n_labels)
        expect(got, spread(predictions, n_labels), tolerance=1e-5)


@exercise("prompting.order_entropy")
def test_one_label_for_all_is_no_information(student, rng):
    """An order that always answers the same has 0 bits, not nan; its neighbours keep theirs."""
    for n_labels in (2, 4):
        same = torch.full((6,), rng.randrange(n_labels))
        mixed = torch.arange(6) % 2
        got = student.prompting.order_entropy(torch.stack([same, mixed, same]), n_labels)
        expect(got, torch.tensor([0.0, 1.0, 0.0]), tolerance=1e-6)


@exercise("prompting.order_entropy")
def test_all_labels_equally_often_is_the_most(student, rng):
    """L labels, each as often, are log2 L bits."""
    for n_labels in (2, 3, 5, 8):
        labels = [label for label in range(n_labels) for _ in range(3)]
        rng.shuffle(labels)
        got = student.prompting.order_entropy(torch.tensor([labels, labels]), n_labels)
        expect(got, torch.full((2,), math.log2(n_labels)), tolerance=1e-5)


@exercise("prompting.order_entropy")
def test_labels_that_never_come(student, rng):
    """A label that no order ever predicts has a share of 0 and adds nothing."""
    for n_labels in (4, 9):
        predictions = 2 * some_labels(rng, 3, 8, 2)
        got = student.prompting.order_entropy(predictions, n_labels)
        expect(got, spread(predictions, n_labels), tolerance=1e-5)
    got = student.prompting.order_entropy(torch.tensor([[5], [0]]), 6)
    expect(1 + got, torch.ones(2), given="one more, one probing input", tolerance=1e-6)


@exercise("prompting.order_entropy")
def test_which_input_and_which_label_do_not_matter(student, rng):
    """Probing inputs in another order, and labels with other numbers, change nothing."""
    predictions = some_labels(rng, 4, 9, 3)
    expected = spread(predictions, 3)
    numbers, places = list(range(3)), list(range(9))
    rng.shuffle(numbers), rng.shuffle(places)
    for other in (predictions[:, places], torch.tensor(numbers)[predictions]):
        expect(student.prompting.order_entropy(other, 3), expected, tolerance=1e-5)


# --- extract_answer ---------------------------------------------------------------------------

WORDS = ["so", "we add", "and", "then it", "apples", "about", "minus", "No,"]


def some_number(rng):
    """A number as people write it, and as it is due."""
    whole = rng.choice([rng.randint(0, 99), rng.randint(1000, 9999), rng.randint(10**6, 10**7)])
    text = f"{whole:,}" if rng.random() < 0.6 else str(whole)
    if rng.random() < 0.4:
        text += f".{rng.randint(0, 99):02}"
    if rng.random() < 0.3:
        text = "-" + text
    return text, text.replace(",", "")


def some_words(rng, n_numbers):
    """Words with so many numbers between them."""
    pieces = []
    for _ in range(n_numbers):
        pieces += [rng.choice(WORDS), some_number(rng)[0]]
    return " ".join([*pieces, rng.choice(WORDS)])


def check(student, answers, marker=None):
    for text, answer in answers:
        others = {} if marker is None else {"marker": marker}
        expect(student.prompting.extract_answer(text, **others), answer)


@exercise("prompting.extract_answer", weight=2)
def test_after_a_marker_the_first_number_counts(student, rng):
    """Numbers before the marker do not count, and of those after it only the first does."""
    answers = []
    for n_before, n_after in [(0, 0), (2, 0), (0, 2), (3, 3)]:
        number, due = some_number(rng)
        text = (
            f"{some_words(rng, n_before)}. The answer is {rng.choice(['', 'about ', '$'])}{number}"
        )
        answers.append((f"{text} {some_words(rng, n_after)}.", due))
    check(student, answers)


@exercise("prompting.extract_answer", weight=2)
def test_without_a_marker_the_last_number_counts(student, rng):
    """In a text without the marker the last number counts, whatever comes behind it."""
    answers = []
    for n_before in (0, 1, 4):
        number, due = some_number(rng)
        end = rng.choice([".", ", all in all.", " of them", "", "!\n", ")"])
        answers.append((f"{some_words(rng, n_before)} {number}{end}", due))
    check(student, answers)


@exercise("prompting.extract_answer", weight=2)
def test_the_last_marker_counts(student, rng):
    """Who changes the answer is believed the last time, in capitals or not."""
    answers = []
    for first, last in [
        ("The answer is", "the answer is"),
        ("THE ANSWER IS", "The Answer Is"),
        ("The answer is", "tHE aNSWER iS"),
    ]:
        (wrong, _), (number, due) = some_number(rng), some_number(rng)
        text = f"{first} {wrong}. {some_words(rng, 1)}: {last}: {number} {some_words(rng, 1)}"
        answers.append((text, due))
    check(student, answers)


@exercise("prompting.extract_answer")
def test_there_may_be_no_answer(student, rng):
    """Without a number there is none, nor without one after the last marker; else there is."""
    words, (number, due) = some_words(rng, 0), some_number(rng)
    texts = ["", words, f"{words} {number}. The answer is {words}", f"{number} The answer is"]
    texts.append(f"The answer is {number}. The answer is that there is none.")
    check(student, [(f"The answer is {number}", due), *((text, None) for text in texts)])


@exercise("prompting.extract_answer", weight=2)
def test_what_belongs_to_a_number(student, rng):
    """Minus, thousands and decimals do; a subtraction, a full stop and a comma do not."""
    a, b = rng.randint(1, 99), rng.randint(100, 999)
    answers = [
        (f"-{a}", f"-{a}"),
        (f"({-a})", f"-{a}"),
        (f"{b}-{a}", f"{a}"),
        (f"{b} -{a}", f"-{a}"),
        (f"{b} - {a}", f"{a}"),
        (f"x=-{a},{b}.{a}", f"-{a}{b}.{a}"),
        (f"{a},{b},{b}", f"{a}{b}{b}"),
        (f"{a},{b},{b}.", f"{a}{b}{b}"),
        (f"{b}.{a}.", f"{b}.{a}"),
        (f"{b}.", f"{b}"),
        (f"{b}, {a}, so", f"{a}"),
        (f"00{a}", f"00{a}"),
        (f"{b}{b}{a}", f"{b}{b}{a}"),
        (f"£{a}%", f"{a}"),
        (f"the answer is {b}-{a}", f"{b}"),
        (f"the answer is {a},{b}, or {b}", f"{a}{b}"),
    ]
    check(student, answers)


@exercise("prompting.extract_answer", weight=2)
def test_any_text_can_be_a_marker(student, rng):
    """Markers with signs that mean something in a pattern, or in capitals, are found as text."""
    for marker in ("####", "(=)", "a.b*", "[x]|", "Result\\:", "ANSWER?"):
        (wrong, other), (number, due) = some_number(rng), some_number(rng)
        text = f"{wrong} {marker} {number} {wrong}"
        check(student, [(text, due), (text.swapcase(), due)], marker)
        check(student, [(f"The answer is {number}, not {wrong}.", other)], marker)
