"""Beam search, against all texts that there are and against a search written down in Python."""

import itertools
import math

from autograder.student import read
from autograder.testing import exercise, expect, expect_that

CLOSE = 1e-9


def all_texts(oracle, prompt, max_new, eos, length_penalty):
    """Every text that ends with eos or has max_new tokens, the best score first."""
    found = []
    for length in range(1, max_new + 1):
        for text in itertools.product(range(oracle.vocabulary), repeat=length):
            if eos in text[:-1] or (length < max_new and text[-1] != eos):
                continue
            score = oracle.log_probability(prompt, text) / length**length_penalty
            found.append([list(text), score])
    return sorted(found, key=lambda beam: -beam[1])


def searched(oracle, prompt, n_beams, max_new, eos, length_penalty):
    """The search of the docstring, text by text; and how many texts each call is fed."""
    opened, finished, calls = [((), 0.0)], [], []
    for length in range(1, max_new + 1):
        calls.append([len(opened), len(prompt) + length - 1])
        candidates = [
            ((*text, token), oracle.log_probability(prompt, (*text, token)))
            for text, _ in opened
            for token in range(oracle.vocabulary)
        ]
        candidates.sort(key=lambda pair: -pair[1])
        is_end = [text[-1] == eos or length == max_new for text, _ in candidates]
        for (text, total), ends in list(zip(candidates, is_end, strict=True))[:n_beams]:
            if ends:
                finished.append([list(text), total / length**length_penalty])
        finished = sorted(finished, key=lambda beam: -beam[1])[:n_beams]
        pairs = zip(candidates, is_end, strict=True)
        opened = [candidate for candidate, ends in pairs if not ends][:n_beams]
        if not opened:
            break
        bar = opened[0][1] / length**length_penalty
        if len(finished) == n_beams and bar <= finished[-1][1]:
            break
    return finished, calls


def search(student, oracle, prompt, n_beams, max_new, eos, length_penalty):
    return student.generation.beam_search(
        oracle.student_model, prompt, n_beams, max_new, eos=eos, length_penalty=length_penalty
    )


def words(prompt, n_beams, max_new, eos, length_penalty):
    return (
        f"{n_beams} beams, at most {max_new} tokens after {prompt}, eos {eos}, "
        f"length penalty {length_penalty}"
    )


def some_prompt(rng, oracle):
    return [rng.randrange(oracle.vocabulary) for _ in range(rng.randint(1, 4))]


@exercise("generation.beam_search", weight=3)
def test_a_beam_as_wide_as_the_world_finds_all(student, rng, some_oracle):
    """With as many beams as there are texts all of them are found, in the order of their scores."""
    for vocabulary, max_new, eos in [(2, 2, None), (3, 2, 1), (2, 4, 0), (3, 3, 2)]:
        oracle = some_oracle(vocabulary)
        prompt = some_prompt(rng, oracle)
        for length_penalty in (0.0, 1.0, rng.uniform(-1, 2)):
            expected = all_texts(oracle, prompt, max_new, eos, length_penalty)
            call = prompt, len(expected), max_new, eos, length_penalty
            got = search(student, oracle, *call)
            expect(got, expected, given=words(*call), tolerance=CLOSE)


@exercise("generation.beam_search", weight=3)
def test_the_search_is_the_one_described(student, rng, some_oracle):
    """Whatever the width and the penalty, texts and scores are those of the described search."""
    for vocabulary, n_beams, max_new in [(3, 1, 3), (4, 2, 4), (5, 2, 8), (6, 3, 6), (9, 4, 9)]:
        for _ in range(3):
            oracle = some_oracle(vocabulary, scale=rng.choice([1.0, 2.5]))
            prompt, eos = some_prompt(rng, oracle), rng.randrange(vocabulary)
            call = prompt, n_beams, max_new, eos, rng.choice([0.0, 0.6, 1.0, 2.0, -1.0])
            got = search(student, oracle, *call)
            expect(got, searched(oracle, *call)[0], given=words(*call), tolerance=CLOSE)


@exercise("generation.beam_search")
def test_one_beam_is_greedy(student, rng, some_oracle):
    """The width of 1 takes the most probable token at each step."""
    for vocabulary, max_new in [(2, 1), (5, 4), (8, 12)]:
        oracle = some_oracle(vocabulary)
        prompt, eos = some_prompt(rng, oracle), rng.randrange(vocabulary)
        text = oracle.greedy(prompt, max_new, eos)
        expected = [[text, oracle.log_probability(prompt, text)]]
        call = prompt, 1, max_new, eos, 0.0
        got = search(student, oracle, *call)
        expect(got, expected, given=words(*call), tolerance=CLOSE)


@exercise("generation.beam_search")
def test_scores_are_what_they_say(student, rng, some_oracle):
    """Each score is its text's own log-probability, divided by its length to the penalty."""
    for vocabulary, n_beams, length_penalty in [(4, 2, 1.0), (6, 3, 0.5), (5, 4, 0.0)]:
        oracle = some_oracle(vocabulary)
        prompt, eos = some_prompt(rng, oracle), rng.randrange(vocabulary)
        call = prompt, n_beams, 7, eos, length_penalty
        got = search(student, oracle, *call)
        due = [
            [list(text), oracle.log_probability(prompt, text) / len(text) ** length_penalty]
            for text, _ in got
        ]
        expect(got, due, given=words(*call), tolerance=CLOSE)
        distinct = {tuple(text) for text, _ in got}
        expect(len(distinct), n_beams, given=f"different texts found; {words(*call)}")


@exercise("generation.beam_search", weight=2)
def test_a_step_is_one_call_for_all(student, rng, some_oracle):
    """The open texts are read together, once a step, and no step is made that changes nothing."""
    for vocabulary, n_beams, max_new in [(4, 1, 4), (4, 2, 6), (7, 3, 9), (7, 3, 1)]:
        for length_penalty in (0.0, 1.0):
            oracle = some_oracle(vocabulary)
            prompt, eos = some_prompt(rng, oracle), rng.randrange(vocabulary)
            call = prompt, n_beams, max_new, eos, length_penalty
            got = search(student, oracle, *call)
            expect(got, searched(oracle, *call)[0], given=words(*call), tolerance=CLOSE)
            given = f"rows and tokens of each call; {words(*call)}"
            fed = read(oracle.student_model, "fed")
            expect(fed, searched(oracle, *call)[1], given=given)


@exercise("generation.beam_search")
def test_without_eos_all_are_as_long_as_they_may(student, rng, some_oracle):
    """Where nothing ends a text all have max_new tokens, and the penalty changes no order."""
    for vocabulary, n_beams, max_new in [(2, 1, 2), (4, 3, 5)]:
        oracle = some_oracle(vocabulary)
        prompt = some_prompt(rng, oracle)
        for length_penalty in (0.0, 2.0):
            call = prompt, n_beams, max_new, None, length_penalty
            got = search(student, oracle, *call)
            expect(got, searched(oracle, *call)[0], given=words(*call), tolerance=CLOSE)


@exercise("generation.beam_search")
def test_wider_is_never_worse_here(student, rng, some_oracle):
    """A beam as wide as the world is at least as good as any narrower one."""
    for length_penalty in (0.0, 1.0):
        oracle = some_oracle(3)
        prompt, eos = some_prompt(rng, oracle), rng.randrange(3)
        best = all_texts(oracle, prompt, 4, eos, length_penalty)[0]
        scores = []
        for n_beams in (1, 2, 45):
            call = prompt, n_beams, 4, eos, length_penalty
            scores.append(search(student, oracle, *call)[0][1])
        given = f"best scores with 1, 2 and 45 beams after {prompt}, penalty {length_penalty}"
        expect(scores[-1], best[1], given=given, tolerance=CLOSE)
        expect_that(
            max(scores) <= best[1] + 1e-9 and not math.isnan(sum(scores)),
            expected=f"none above {best[1]:.6f}",
            got=scores,
            given=given,
        )
