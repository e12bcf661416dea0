"""Speculative decoding: what comes out is the target's, and the target is called less often."""

import bisect
import itertools
import math
from fractions import Fraction

import torch

from autograder.student import read
from autograder.testing import exercise, expect, expect_that

# --- verify -----------------------------------------------------------------------------------

UNITS = 12


def in_twelfths(rng, size, allowed):
    """Whole numbers from `allowed` that sum to twelve."""
    while True:
        row = [rng.choice(allowed) for _ in range(size)]
        if sum(row) == UNITS:
            return row


def a_pair(rng, size):
    """Twelfths of a draft and a target for which twelve marks a number are enough.

    Proposals are accepted with a probability in twelfths, and what is drawn instead has
    probabilities in twelfths as well.
    """
    while True:
        draft = in_twelfths(rng, size, [0, 1, 2, 3, 4, 6])
        target = in_twelfths(rng, size, range(10))
        surplus = sum(max(0, t - d) for t, d in zip(target, draft, strict=True))
        if surplus and UNITS % surplus == 0:
            return draft, target


def of_twelfths(*rows):
    return torch.tensor(rows, dtype=torch.float64) / UNITS


MARKS = [(mark + 0.5) / UNITS for mark in range(UNITS)]


@exercise("generation.verify", weight=4)
def test_the_target_is_kept_exactly(student, rng):
    """Over all proposals and marks the first token comes exactly as often as the target says."""
    for size in (2, 3, 5):
        draft, target = a_pair(rng, size)
        after = in_twelfths(rng, size, range(13))
        firsts, pairs = [Fraction(0)] * size, {}
        for token, share in enumerate(draft):
            for marks in itertools.product(MARKS, repeat=2) if share else ():
                got = student.generation.verify(
                    of_twelfths(target, after),
                    of_twelfths(draft),
                    torch.tensor([token]),
                    torch.tensor(marks, dtype=torch.float64),
                )
                weight = Fraction(share, UNITS**3)
                firsts[got[0]] += weight
                if len(got) == 2:
                    pairs[tuple(got)] = pairs.get(tuple(got), 0) + weight
        given = f"draft {draft}, target {target}, in twelfths: probabilities of the first token"
        expect([float(p) for p in firsts], [t / UNITS for t in target], given=given)
        accepted = [min(d, t) / UNITS for d, t in zip(draft, target, strict=True)]
        due = {
            (a, b): accepted[a] * after[b] / UNITS
            for a, b in itertools.product(range(size), repeat=2)
            if accepted[a] and after[b]
        }
        given = f"draft {draft}, target {target} and {after}: probabilities of two tokens"
        expect({pair: float(p) for pair, p in pairs.items()}, due, given=given)


@exercise("generation.verify", weight=3)
def test_the_second_proposal_is_the_targets_too(student, rng):
    """Over all proposals and marks, two ahead: the first token is right, and so is the second."""
    halves = [[2, 1, 1], [1, 2, 1], [1, 1, 2]]
    targets = [[1, 1, 2], [0, 2, 2], [2, 0, 2], [1, 2, 1], [2, 1, 1], [0, 1, 3]]
    draft = rng.choices(halves, k=2)
    target = [*rng.sample(targets, 2), [0, 4, 0]]
    marks = [(mark + 0.5) / 4 for mark in range(4)]
    firsts, seconds, total = [0] * 3, [0] * 3, 0
    for tokens in itertools.product(range(3), repeat=2):
        weight = draft[0][tokens[0]] * draft[1][tokens[1]]
        for uniform in itertools.product(marks, repeat=3):
            got = student.generation.verify(
                torch.tensor(target) / 4,
                torch.tensor(draft) / 4,
                torch.tensor(tokens),
                torch.tensor(uniform),
            )
            firsts[got[0]] += weight
            if len(got) > 1:
                seconds[got[1]] += weight
                total += weight
    given = f"drafts {draft} and targets {target} in quarters: probabilities of the first token"
    expect([n / 1024 for n in firsts], [n / 4 for n in target[0]], given=given)
    given = f"drafts {draft} and targets {target} in quarters: of the second, if there is one"
    expect([n / total for n in seconds], [n / 4 for n in target[1]], given=given)


def verified(target, draft, proposed, uniform):
    """Number by number."""
    for place, token in enumerate(proposed):
        if uniform[place] >= min(1, target[place][token] / draft[place][token]):
            pairs = zip(target[place], draft[place], strict=True)
            weights = [max(0.0, t - d) for t, d in pairs]
            break
    else:
        place, weights = len(proposed), target[-1]
    mark = uniform[-1] * math.fsum(weights)
    last = bisect.bisect_right(list(itertools.accumulate(weights)), mark)
    return [*proposed[:place], last]


@exercise("generation.verify", weight=2)
def test_proposals_end_at_the_first_that_goes(student, rng, normal):
    """What is kept, where it ends and what comes instead, for many distributions and marks."""
    for n_proposed, size in [(1, 2), (2, 3), (4, 3), (6, 10)]:
        for spread in (0.3, 2.0):
            base = normal(n_proposed + 1, size)
            target = (base + spread * normal(n_proposed + 1, size)).softmax(-1)
            draft = base[:-1].softmax(-1)
            for _ in range(4):
                proposed = [rng.randrange(size) for _ in range(n_proposed)]
                uniform = [rng.random() for _ in range(n_proposed + 1)]
                got = student.generation.verify(
                    target,
                    draft,
                    torch.tensor(proposed),
                    torch.tensor(uniform, dtype=torch.float64),
                )
                expected = verified(target.tolist(), draft.tolist(), proposed, uniform)
                given = f"{proposed} proposed, marks {[round(u, 3) for u in uniform]}"
                expect(got, expected, given=given)


@exercise("generation.verify")
def test_agreement_keeps_everything(student, rng, normal):
    """Where draft and target agree all proposals stay, whatever the marks, and one is added."""
    for n_proposed, size in [(1, 2), (3, 4), (5, 7)]:
        target = normal(n_proposed + 1, size, dtype=torch.float32).softmax(-1)
        proposed = [rng.randrange(size) for _ in range(n_proposed)]
        for top in (0.5, 1 - 2**-24):
            uniform = [top] * n_proposed + [rng.random()]
            got = student.generation.verify(
                target, target[:-1], torch.tensor(proposed), torch.tensor(uniform)
            )
            last = bisect.bisect_right(
                list(itertools.accumulate(target[-1].double().tolist())),
                torch.tensor(uniform)[-1].item() * target[-1].double().sum().item(),
            )
            expect(got, [*proposed, last], given=f"{proposed} proposed, all marks {top}")


@exercise("generation.verify")
def test_what_the_target_never_says_goes(student, rng):
    """A token of probability 0 is rejected by every mark, be it 0, and never comes instead."""
    for size in (2, 4):
        never = rng.randrange(size)
        target = torch.full((3, size), 1 / (size - 1), dtype=torch.float64)
        target[:, never] = 0.0
        draft = torch.full((2, size), 1 / size, dtype=torch.float64)
        for mark in (0.0, 0.5, 1 - 2**-24):
            uniform = torch.tensor([0.0, 0.0, mark], dtype=torch.float64)
            got = student.generation.verify(target, draft, torch.tensor([never, 0]), uniform)
            others = [token for token in range(size) if token != never]
            expected = others[min(int(mark * len(others)), len(others) - 1)]
            expect(got, [expected], given=f"{never} proposed, which the target never says")


@exercise("generation.verify")
def test_nothing_proposed(student, rng, normal):
    """Without proposals one token is drawn from the target."""
    for size in (2, 6):
        target, mark = normal(1, size).softmax(-1), rng.random()
        got = student.generation.verify(
            target,
            target[:0],
            torch.zeros(0, dtype=torch.long),
            torch.tensor([mark], dtype=torch.float64),
        )
        expect(got, verified(target.tolist(), [], [], [mark]), given=f"no proposals, mark {mark}")


# --- speculate --------------------------------------------------------------------------------

GREEDY = {"temperature": 0.0}


def some_prompt(rng, oracle, length):
    return [rng.randrange(oracle.vocabulary) for _ in range(length)]


@exercise("generation.speculate", weight=2)
def test_the_text_is_the_targets_whatever_the_draft(student, rng, some_oracle):
    """At temperature 0 the target's own text comes out, with any draft and any number ahead."""
    for vocabulary, length, n_new, n_ahead in [
        (2, 1, 1, 1),
        (3, 2, 5, 1),
        (3, 1, 9, 2),
        (6, 4, 12, 5),
        (2, 3, 6, 20),
    ]:
        target, draft = some_oracle(vocabulary), some_oracle(vocabulary)
        prompt = some_prompt(rng, target, length)
        greedy = student.generation.Sampling(**GREEDY)
        got = student.generation.speculate(
            target.student_model, draft.student_model, prompt, n_new, n_ahead, greedy
        )
        given = f"{n_new} tokens after {prompt}, up to {n_ahead} guessed ahead"
        expect(got, target.greedy(prompt, n_new), given=given)


@exercise("generation.speculate", weight=2)
def test_a_draft_that_is_right_saves_calls(student, rng, some_oracle):
    """With the target as its own draft each call brings n_ahead + 1 tokens, by sampling too."""
    for n_new, n_ahead in [(1, 3), (2, 1), (6, 2), (7, 2), (9, 4), (11, 4)]:
        target = some_oracle(5)
        twin = student.support.Machine(target.table)
        prompt = some_prompt(rng, target, 2)
        for settings in (GREEDY, {"temperature": 0.9, "top_k": 3}):
            sampling = student.generation.Sampling(**settings)
            n_before = len(read(target.student_model, "fed"))
            n_drafts = len(read(twin, "fed"))
            got = student.generation.speculate(
                target.student_model, twin, prompt, n_new, n_ahead, sampling
            )
            if settings == GREEDY:
                expect(got, target.greedy(prompt, n_new), given=f"{n_new} tokens after {prompt}")
            rounds = [min(n_ahead + 1, n_new - done) for done in range(0, n_new, n_ahead + 1)]
            ends = list(itertools.accumulate([len(prompt) - 1, *rounds]))[1:]
            given = f"{n_new} tokens, {n_ahead} ahead: rows and tokens of the target's calls"
            expect(
                read(target.student_model, "fed")[n_before:], [[1, e] for e in ends], given=given
            )
            given = f"{n_new} tokens, {n_ahead} ahead: the number of the draft's calls"
            expect(len(read(twin, "fed")) - n_drafts, n_new - len(rounds), given=given)


@exercise("generation.speculate", weight=2)
def test_exactly_as_many_tokens(student, rng, some_oracle):
    """n_new tokens come back, however many were guessed ahead, and all are of the vocabulary."""
    target, draft = some_oracle(4, scale=0.5), some_oracle(4, scale=0.5)
    seen = set()
    for n_new, n_ahead in itertools.product((1, 2, 5), (1, 2, 7)):
        for _ in range(4):
            got = student.generation.speculate(
                target.student_model, draft.student_model, [1, 3], n_new, n_ahead
            )
            given = f"{n_new} tokens, up to {n_ahead} guessed ahead"
            expect(len(got), n_new, given=f"how many came of {given}")
            seen |= {*got}
    expect(seen, {0, 1, 2, 3}, given="all tokens of 36 texts, each of them drawn")


@exercise("generation.speculate", weight=3)
def test_texts_come_as_often_as_from_the_target(student, rng, some_oracle, agree):
    """Over hundreds of texts each comes as often as the target alone would write it."""
    for settings in ({}, {"temperature": 0.6}):
        target, draft = (some_oracle(2, n_numbers=11, scale=0.8) for _ in "12")
        prompt = some_prompt(rng, target, 2)
        texts = student.support.texts(
            300,
            "speculate",
            target.student_model,
            draft.student_model,
            prompt,
            3,
            2,
            student.generation.Sampling(**settings),
            student.support.chance.obj(rng.getrandbits(30)),
        )
        all_texts = [list(text) for text in itertools.product(range(2), repeat=3)]
        due = []
        for text in all_texts:
            p = 1.0
            for place, token in enumerate(text):
                logits = torch.tensor(target.logits([*prompt, *text[:place]]))
                p *= (logits / settings.get("temperature", 1.0)).softmax(-1)[token].item()
            due.append(p)
        found = [texts.count(text) for text in all_texts]
        expect_that(
            agree(found, due),
            expected=f"about {[round(300 * p) for p in due]}",
            got=found,
            given=f"300 texts of three tokens with {settings}: how often each of {all_texts} came",
        )


@exercise("generation.speculate")
def test_penalties_know_each_place(student, rng, some_oracle):
    """Every proposal is judged with the penalties of the text before it, of both models."""
    for penalties in ({"presence": 1.5}, {"frequency": 0.9}, {"repetition": 1.7}):
        target = some_oracle(4)
        twin = student.support.Machine(target.table)
        prompt = some_prompt(rng, target, 3)
        sampling = student.generation.Sampling(**GREEDY, **penalties)
        got = student.generation.speculate(target.student_model, twin, prompt, 10, 4, sampling)
        given = f"10 tokens after {prompt}, 4 ahead, with {penalties}"
        expect(got, target.greedy(prompt, 10, **penalties), given=given)
        given = f"{given}: the number of the target's calls, for the draft is always right"
        expect(len(read(target.student_model, "fed")), 2, given=given)


@exercise("generation.speculate")
def test_chance_is_the_generators(student, rng, some_oracle):
    """One seed gives one text; a generator that goes on gives another."""
    target, draft = some_oracle(6, scale=0.5), some_oracle(6, scale=0.5)
    call = target.student_model, draft.student_model, [1, 2], 20, 3
    sampling = student.generation.Sampling()
    seed = rng.getrandbits(30)
    texts = []
    for _ in "12":
        generator = student.support.chance.obj(seed)
        texts.append([student.generation.speculate(*call, sampling, generator) for _ in "12"])
        student.generation.speculate(*call)  # draws from torch's own
    same = [texts[0] == texts[1], texts[0][0] == texts[0][1]]
    given = "same seed again, the same generator a second time: the same text?"
    expect(same, [True, False], given=given)
