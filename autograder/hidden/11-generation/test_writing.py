"""Drawing tokens, holding them back, writing, and writing only what is allowed."""

import bisect
import itertools
import math
import re

import torch

from autograder.student import read
from autograder.testing import exercise, expect, expect_that

# --- draw -------------------------------------------------------------------------------------


@exercise("generation.draw", weight=3)
def test_each_as_often_as_its_probability(student, rng):
    """Of marks spread evenly over the line each token gets its share, to the unit."""
    for size, total in [(1, 4), (3, 12), (6, 60)]:
        cuts = sorted(rng.randint(0, total) for _ in range(size - 1))
        shares = [b - a for a, b in itertools.pairwise([0, *cuts, total])]
        marks = (torch.arange(total) + 0.5) / total
        probabilities = (torch.tensor(shares) / total).repeat(total, 1)
        got = student.generation.draw(probabilities, marks)
        expect(
            torch.bincount(got, minlength=size).tolist(),
            shares,
            given=f"{total} marks, parts of {shares} for the tokens: how often each came",
        )


@exercise("generation.draw", weight=2)
def test_the_first_whose_sum_exceeds_the_mark(student, rng, normal):
    """Row by row, with a mark and a distribution of its own, it is the token that is hit."""
    for n_rows, size in [(1, 2), (4, 3), (9, 30)]:
        probabilities = normal(n_rows, size).softmax(-1)
        marks = normal(n_rows).sigmoid()
        expected = [
            bisect.bisect_right(list(itertools.accumulate(row)), mark * math.fsum(row))
            for row, mark in zip(probabilities.tolist(), marks.tolist(), strict=True)
        ]
        expect(student.generation.draw(probabilities, marks), torch.tensor(expected))


@exercise("generation.draw")
def test_the_impossible_is_never_drawn(student, rng):
    """Tokens of probability 0, at both ends and in between, are not hit by any mark."""
    for dtype in (torch.float32, torch.float64):
        shares = [0.0, 0.0, 0.3, 0.0, 0.2, 0.5, 0.0, 0.0]
        marks = [0.0, 0.1, 0.3, 0.4, 0.5 + 1e-6, 0.99, 1 - 2**-24]
        probabilities = torch.tensor([shares] * len(marks), dtype=dtype)
        got = student.generation.draw(probabilities, torch.tensor(marks)).tolist()
        hit = [shares[token] if 0 <= token < 8 else 0.0 for token in got]
        expect_that(
            all(hit), expected="tokens of probability more than 0", got=got, given=f"marks {marks}"
        )


@exercise("generation.draw")
def test_sums_need_not_be_exactly_one(student, rng):
    """A mark is a share of the row's own sum, be it a little less than 1 or far from it."""
    for factor in (0.999, 7.0, 1e-3):
        shares = torch.tensor([[0.5, 0.0, 0.3, 0.2, 0.0]]).double() * factor
        marks = torch.tensor([0.4999, 0.5001, 0.7999, 0.8001, 1 - 2**-24])
        got = student.generation.draw(shares.repeat(5, 1), marks)
        given = f"marks {marks.tolist()} and a row that sums to {factor}"
        expect(got, torch.tensor([0, 2, 2, 3, 3]), given=given)


@exercise("generation.draw")
def test_a_large_vocabulary(student, rng):
    """Twenty thousand tokens, and marks just behind the end of one: sums are not worn out."""
    size = 20_000
    places = sorted(rng.sample(range(size // 2, size), 16))
    marks = torch.tensor([(place + 1e-6) / size for place in places], dtype=torch.float64)
    probabilities = torch.full((1, size), 1 / size, dtype=torch.float64).expand(16, -1)
    got = student.generation.draw(probabilities, marks)
    expect(got, torch.tensor(places), given=f"{size} even probabilities and 16 marks")


# --- until_stop -------------------------------------------------------------------------------


def handed_out(tokens, stops):
    """What comes out, each token with the number of those that were taken by then."""
    given, taken = [], 0
    for taken in range(1, len(tokens) + 1):
        read_so_far = tokens[:taken]
        ends = [stop for stop in stops if read_so_far[-len(stop) :] == stop]
        if ends:
            free = taken - max(map(len, ends))
        else:
            waits = [
                n
                for stop in stops
                for n in range(1, len(stop))
                if n <= taken and read_so_far[taken - n :] == stop[:n]
            ]
            free = taken - max(waits, default=0)
        given += [[token, taken] for token in tokens[len(given) : free]]
        if ends:
            return given, taken
    return given + [[token, taken] for token in tokens[len(given) :]], taken


def some_stops(rng, letters):
    return [
        [rng.randrange(letters) for _ in range(rng.randint(1, 4))] for _ in range(rng.randint(1, 3))
    ]


@exercise("generation.until_stop", weight=3)
def test_nothing_of_the_stop_comes_out(student, rng):
    """Everything before the first stop sequence comes out, and nothing of it or after it."""
    for length in (0, 1, 3, *[8] * 20):
        tokens, stops = [rng.randrange(3) for _ in range(length)], some_stops(rng, 3)
        got = list(student.generation.until_stop.obj(tokens, stops))
        expected = [token for token, _ in handed_out(tokens, stops)[0]]
        expect(got, expected, given=f"tokens {tokens}, stops {stops}")


@exercise("generation.until_stop", weight=2)
def test_each_comes_as_soon_as_it_can(student, rng):
    """A token waits for as many others as it needs to be sure of, and for no more."""
    for length in (2, 5, *[9] * 8):
        tokens, stops = [rng.randrange(3) for _ in range(length)], some_stops(rng, 3)
        source = student.support.Source(tokens)
        got = []
        for token in student.generation.until_stop.obj(source, stops):
            got.append([token, read(source, "taken")])
        given = f"tokens {tokens}, stops {stops}: each token, and how many had been taken by then"
        expect(got, handed_out(tokens, stops)[0], given=given)


@exercise("generation.until_stop")
def test_nothing_is_taken_after_the_stop(student, rng):
    """When a stop sequence is complete the source is left alone."""
    for _ in range(8):
        stops = some_stops(rng, 4)
        tokens = [rng.randrange(4) for _ in range(3)] + stops[0] + [rng.randrange(4)] * 6
        source = student.support.Source(tokens)
        got = list(student.generation.until_stop.obj(source, stops))
        expected, taken = handed_out(tokens, stops)
        given = f"tokens {tokens}, stops {stops}: what came out, and how many were taken"
        expect([got, read(source, "taken")], [[t for t, _ in expected], taken], given=given)


@exercise("generation.until_stop")
def test_a_stop_that_begins_with_itself(student, rng):
    """After a beginning that led nowhere, a later part of it may still be a beginning."""
    for stop, tokens in [
        ([1, 1, 2], [1, 1, 1, 2, 0]),
        ([1, 2, 1, 3], [1, 2, 1, 2, 1, 3, 0]),
        ([1, 1, 1, 1, 2], [1] * 7 + [2]),
        ([1, 2, 1, 2, 3], [0, 1, 2, 1, 2, 1, 2, 3]),
    ]:
        number = rng.randrange(100)
        moved, moved_stop = [t + number for t in tokens], [t + number for t in stop]
        got = list(student.generation.until_stop.obj(moved, [moved_stop]))
        expected = [token for token, _ in handed_out(moved, [moved_stop])[0]]
        expect(got, expected, given=f"tokens {moved}, stop {moved_stop}")


@exercise("generation.until_stop")
def test_the_longest_of_several(student, rng):
    """Where two end at one token the longer is cut; where one ends within another, the first."""
    cases = [
        ([0, 5, 6, 7], [[7], [6, 7]], [0, 5]),
        ([0, 5, 6, 7], [[5, 6, 7], [6, 7]], [0]),
        ([0, 5, 6, 7, 8], [[5, 6, 7, 8], [6, 7]], [0, 5]),
        ([5, 6, 5, 6, 7], [[6, 7], [5, 6, 7]], [5, 6]),
    ]
    for tokens, stops, expected in cases:
        for order in itertools.permutations(stops):
            got = list(student.generation.until_stop.obj(tokens, list(order)))
            expect(got, expected, given=f"tokens {tokens}, stops {list(order)}")


@exercise("generation.until_stop")
def test_without_stops_all_comes_through(student, rng):  # lint: ok null (all is to come out)
    """Without stop sequences, or with none that comes, every token comes out in turn."""
    for stops in ([], [[9]], [[1, 2, 9], [2, 2, 2, 2]]):
        tokens = [rng.randrange(1, 3) for _ in range(3)] + [1, 2]
        got = list(student.generation.until_stop.obj(tokens, stops))
        expect(got, tokens, given=f"tokens {tokens}, stops {stops}")


# --- stream -----------------------------------------------------------------------------------

GREEDY = {"temperature": 0.0}


def prompt_of(rng, oracle, length):
    return [rng.randrange(oracle.vocabulary) for _ in range(length)]


@exercise("generation.stream", weight=2)
def test_greedy_takes_the_most_probable(student, rng, some_oracle):
    """At temperature 0 each token is the most probable after the whole text before it."""
    for vocabulary, length, max_new in [(2, 1, 1), (5, 3, 6), (9, 2, 12)]:
        oracle = some_oracle(vocabulary)
        prompt = prompt_of(rng, oracle, length)
        greedy = student.generation.Sampling(**GREEDY)
        got = list(student.generation.stream.obj(oracle.student_model, prompt, max_new, greedy))
        given = f"{max_new} tokens after {prompt}"
        expect(got, oracle.greedy(prompt, max_new), given=given)


@exercise("generation.stream", weight=2)
def test_penalties_follow_the_text(student, rng, some_oracle):
    """Penalties see what was written so far; repetition sees the prompt as well."""
    for vocabulary, length, max_new in [(3, 2, 5), (6, 4, 12)]:
        for penalties in (
            {"presence": 1.5},
            {"frequency": 0.8},
            {"repetition": 1.8},
            {"presence": 0.5, "frequency": 0.4, "repetition": 1.3},
        ):
            oracle = some_oracle(vocabulary)
            prompt = prompt_of(rng, oracle, length)
            sampling = student.generation.Sampling(**GREEDY, **penalties)
            model = oracle.student_model
            got = list(student.generation.stream.obj(model, prompt, max_new, sampling))
            given = f"{max_new} tokens after {prompt} with {penalties}"
            expect(got, oracle.greedy(prompt, max_new, **penalties), given=given)


@exercise("generation.stream", weight=2)
def test_the_text_ends_with_eos(student, rng, some_oracle):
    """eos is the last token, but not among the first min_new; a prompt may hold it."""
    for vocabulary, max_new, min_new in [(3, 8, 0), (3, 8, 3), (4, 12, 1), (2, 6, 6), (2, 4, 9)]:
        for _ in range(3):
            oracle = some_oracle(vocabulary)
            eos = rng.randrange(vocabulary)
            prompt = [eos, *prompt_of(rng, oracle, 2)]
            expected = oracle.greedy(prompt, max_new, eos, min_new)
            greedy = student.generation.Sampling(**GREEDY)
            got = student.generation.stream.obj(
                oracle.student_model, prompt, max_new, greedy, eos=eos, min_new=min_new
            )
            given = f"{min_new} to {max_new} tokens after {prompt}, eos {eos}"
            expect(list(got), expected, given=given)


@exercise("generation.stream", weight=2)
def test_each_token_costs_one_call(student, rng, some_oracle):
    """The model is called when a token is asked for, once, with the whole text; then no more."""
    for vocabulary, length in [(3, 1), (5, 4)]:
        oracle = some_oracle(vocabulary)
        prompt = prompt_of(rng, oracle, length)
        greedy = student.generation.Sampling(**GREEDY)
        tokens = iter(student.generation.stream.obj(oracle.student_model, prompt, 4, greedy))
        expected_text = oracle.greedy(prompt, 4)
        for n_asked in range(1, 5):
            given = f"token {n_asked} after {prompt}"
            expect(next(tokens), expected_text[n_asked - 1], given=given)
            expected = [[1, length + n] for n in range(n_asked)]
            given = f"rows and tokens of each call when {n_asked} tokens were asked for"
            expect(read(oracle.student_model, "fed"), expected, given=given)
        rest = list(tokens)
        expected = [[1, length + n] for n in range(4)]
        given = "what came after the last token, and all calls"
        expect([rest, read(oracle.student_model, "fed")], [[], expected], given=given)


@exercise("generation.stream", weight=2)
def test_stop_sequences_end_it(student, rng, some_oracle):
    """It stops before a stop sequence, makes no call after it, and looks at no prompt for one."""
    for _ in range(6):
        oracle = some_oracle(4)
        prompt = prompt_of(rng, oracle, 2)
        text = oracle.greedy(prompt, 10)
        start = rng.randrange(7)
        stops = [text[start : start + 3], [prompt[-1], text[0], 40]]
        expected, taken = handed_out(text, stops)
        model = oracle.student_model
        greedy = student.generation.Sampling(**GREEDY)
        got = list(student.generation.stream.obj(model, prompt, 10, greedy, stops=stops))
        given = f"10 tokens after {prompt}, stops {stops}: what came, and the number of calls"
        n_calls = len(read(model, "fed"))
        expect([got, n_calls], [[token for token, _ in expected], taken], given=given)


@exercise("generation.stream", weight=2)
def test_draws_from_the_distribution(student, rng, some_oracle, agree):
    """Over many texts each token follows what stands before it as often as its probability says."""
    for settings in ({}, {"temperature": 0.6, "top_k": 3, "top_p": 0.9}):
        oracle = some_oracle(4, n_numbers=5, scale=1.0)
        sampling = student.generation.Sampling(**settings)
        generator = student.support.chance.obj(rng.getrandbits(30))
        texts = student.support.texts(
            500, "stream", oracle.student_model, [1], 3, sampling, generator
        )
        counts = {}
        for text in texts:
            for place, token in enumerate(text):
                row = counts.setdefault(tuple(text[:place]), [0] * 4)
                row[token] += 1
        for before, found in counts.items():
            if sum(found) < 60:
                continue
            logits = torch.tensor([oracle.logits([1, *before])])
            due = distribution(logits, **settings)
            expect_that(
                agree(found, due),
                expected=f"about {[round(sum(found) * p, 1) for p in due]}",
                got=found,
                given=f"{sum(found)} texts: how often each token came after {[1, *before]}",
            )


def distribution(logits, temperature=1.0, top_k=None, top_p=1.0):
    """One row, by transformers."""
    from transformers.generation import logits_process as theirs

    scores = theirs.TemperatureLogitsWarper(temperature)(None, logits.double())
    scores = theirs.TopKLogitsWarper(top_k or 99)(None, scores)
    return theirs.TopPLogitsWarper(top_p)(None, scores).softmax(-1)[0].tolist()


@exercise("generation.stream", weight=2)
def test_all_chance_comes_from_the_generator(student, rng, some_oracle):
    """One seed gives one text, whatever was drawn elsewhere; a generator goes on, and so varies."""
    oracle = some_oracle(8, scale=0.5)
    sampling = student.generation.Sampling()
    seeds = rng.sample(range(1000), 2)
    call = oracle.student_model, [1, 2], 15, sampling
    texts = []
    for seed in (seeds[0], seeds[0], seeds[1]):
        generator = student.support.chance.obj(seed)
        texts.append([list(student.generation.stream.obj(*call, generator)) for _ in "12"])
        list(student.generation.stream.obj(*call))  # draws from torch's own
    same = [texts[1] == texts[0], texts[2][0] == texts[0][0], texts[0][1] == texts[0][0]]
    given = "same seed again, another seed, the same generator a second time: the same text?"
    expect(same, [True, False, False], given=given)
    greedy = student.generation.Sampling(**GREEDY)
    got = list(student.generation.stream.obj(*call[:3], greedy, student.support.chance.obj(1)))
    expect(got, oracle.greedy([1, 2], 15), given="15 tokens at temperature 0 after [1, 2]")


@exercise("generation.stream")
def test_a_restriction_sees_what_was_written(student, rng, some_oracle):
    """It changes the logits before everything else, and is not shown the prompt."""
    for vocabulary, length in [(4, 2), (6, 3)]:
        oracle = some_oracle(vocabulary)
        prompt = prompt_of(rng, oracle, length)
        barred = rng.sample(range(vocabulary), 2)
        for settings in ({}, {"frequency": 0.7}):
            sampling = student.generation.Sampling(**GREEDY, **settings)
            ban = student.support.Ban(barred)
            got = list(
                student.generation.stream.obj(
                    oracle.student_model, prompt, 8, sampling, restrict=ban
                )
            )
            given = f"8 tokens after {prompt}, none twice in a row, and none of {barred} first"
            expect(got, oracle.greedy(prompt, 8, barred=barred, **settings), given=given)
        # What is left by the restriction is what top-k and top-p count.
        logits = torch.tensor([oracle.logits(prompt)])
        logits[0, barred] = -math.inf
        allowed = {n for n, p in enumerate(distribution(logits, top_k=2)) if p > 0}
        sampling = student.generation.Sampling(top_k=2)
        generator = student.support.chance.obj(rng.getrandbits(30))
        firsts = student.support.texts(
            60,
            "stream",
            oracle.student_model,
            prompt,
            1,
            sampling,
            generator,
            restrict=student.support.Ban(barred),
        )
        got = {text[0] for text in firsts}
        given = f"first tokens of 60 texts after {prompt} with top-k 2, none of {barred}"
        expect_that(got <= allowed, expected=f"only tokens of {allowed}", got=got, given=given)


# --- token_index ------------------------------------------------------------------------------


def some_automaton(rng, n_states, letters):
    steps = [
        {letter: rng.randrange(n_states) for letter in letters if rng.random() < 0.5}
        for _ in range(n_states)
    ]
    return steps, set(rng.sample(range(n_states), rng.randint(1, max(1, n_states // 3))))


def run(steps, state, text):
    for letter in text:
        if letter not in steps[state]:
            return None
        state = steps[state][letter]
    return state


def index_of(steps, accepting, vocabulary):
    """By walking on from everywhere, as far as there are states."""
    plain = [
        {t: run(steps, state, text) for t, text in enumerate(vocabulary) if text}
        for state in range(len(steps))
    ]
    plain = [{t: to for t, to in row.items() if to is not None} for row in plain]

    def reaches(state):
        seen, ahead = {state}, [state]
        while ahead:
            new = {*plain[ahead.pop()].values()} - seen
            seen |= new
            ahead += new
        return bool(seen & accepting)

    hope = [reaches(state) for state in range(len(steps))]
    return [{t: to for t, to in row.items() if hope[to]} for row in plain]


def some_vocabulary(rng, letters, size):
    texts = ["".join(rng.choice(letters) for _ in range(rng.randint(1, 3))) for _ in range(size)]
    return [*texts, "", texts[0]]  # one without characters, and one text twice


@exercise("generation.token_index", weight=3)
def test_all_ways_and_no_dead_ends(student, rng):
    """Of each state exactly the tokens from which one can still come to an end, and where to."""
    for n_states, letters, size in [(1, "a", 2), (3, "ab", 4), *[(7, "abc", 5)] * 6]:
        steps, accepting = some_automaton(rng, n_states, letters)
        vocabulary = some_vocabulary(rng, letters, size)
        automaton = student.generation.Automaton(steps, accepting)
        got = student.generation.token_index(automaton, vocabulary)
        given = f"steps {steps}, accepting {accepting}, vocabulary {vocabulary}"
        expect(got, index_of(steps, accepting, vocabulary), given=given)


@exercise("generation.token_index", weight=2)
def test_a_dead_end_far_away(student, rng):
    """A way that ends after many tokens without being accepted is not even begun."""
    for length in (2, 5, 9):
        # From 0 along “a” to the last state; from 0 by “b” to a state that accepts.
        steps = [{"a": n + 1} for n in range(length)] + [{}, {}]
        steps[0]["b"] = length + 1
        automaton = student.generation.Automaton(steps, {length + 1})
        got = student.generation.token_index(automaton, ["a", "b"])
        expect(got, [{1: length + 1}] + [{}] * (length + 1), given=f"steps {steps}, accepting last")
        automaton = student.generation.Automaton(steps, {length, length + 1})
        got = student.generation.token_index(automaton, ["a", "b"])
        expected = [{0: n + 1} for n in range(length)] + [{}, {}]
        expected[0][1] = length + 1
        expect(got, expected, given=f"steps {steps}, the last two accepting")


@exercise("generation.token_index")
def test_the_vocabulary_decides_what_can_end(student, rng):
    """Characters that no token spells are no way out, and no token has to begin where one ends."""
    for vocabulary, expected in [
        (["a", "b"], [{0: 1}, {1: 2}, {}]),
        (["a", "bb"], [{}, {}, {}]),
        (["ab", "a"], [{0: 2}, {}, {}]),
        (["", "abb", "b", "ab"], [{3: 2}, {2: 2}, {}]),
    ]:
        automaton = student.generation.Automaton([{"a": 1}, {"b": 2}, {}], {2})
        got = student.generation.token_index(automaton, vocabulary)
        expect(got, expected, given=f"an automaton for “ab” and the vocabulary {vocabulary}")


# The same language twice: as an automaton and as a regular expression.
CLOCK = (
    [
        {"0": 1, "1": 1, "2": 2},
        dict.fromkeys("0123456789", 3),
        dict.fromkeys("0123", 3),
        {":": 4},
        dict.fromkeys("012345", 5),
        dict.fromkeys("0123456789", 6),
        {},
    ],
    {6},
    r"([01]\d|2[0-3]):[0-5]\d",
)
LIST = (
    [{"[": 1}, {"1": 2, "2": 2, "]": 3}, {"1": 2, "2": 2, ",": 4, "]": 3}, {}, {"1": 2, "2": 2}],
    {3},
    r"\[([12]+(,[12]+)*)?\]",
)


@exercise("generation.token_index", weight=2)
def test_what_can_be_written_is_the_language(student, rng):
    """All sequences of few tokens that the index allows to the end are those of the language."""
    for (steps, accepting, pattern), vocabulary in [
        (LIST, ["[", "]", "1", "12", ",2", "]]", "2,"]),
        (CLOCK, ["0", "9", "2", ":", "3:", "59", "1", "29:", ""]),
    ]:
        automaton = student.generation.Automaton(steps, accepting)
        index = student.generation.token_index(automaton, vocabulary)
        found, ahead = set(), [((), 0)]
        while ahead:
            written, state = ahead.pop()
            if state in accepting:
                found.add(written)
            if len(written) < 5:
                ahead += [((*written, t), to) for t, to in index[state].items()]
        spelled = {
            w
            for n in range(1, 6)
            for w in itertools.product([t for t, text in enumerate(vocabulary) if text], repeat=n)
            if re.fullmatch(pattern, "".join(vocabulary[t] for t in w))
        }
        expect(found, spelled, given=f"vocabulary {vocabulary}, texts of up to 5 tokens: {pattern}")


@exercise("generation.token_index", weight=2)
def test_whatever_is_drawn_is_of_the_language(student, rng, some_oracle):
    """A model that knows nothing of it writes nothing else, and ends where it may."""
    vocabulary = ["", "[", "]", "1", "12", ",2", "]]", "2,", "[1"]
    steps, accepting, pattern = LIST
    automaton = student.generation.Automaton(steps, accepting)
    index = student.generation.token_index.obj(automaton, vocabulary)
    restrict = student.generation.Constraint(automaton, index, 0)
    oracle = some_oracle(len(vocabulary), scale=1.0)
    texts = student.support.texts(
        40,
        "stream",
        oracle.student_model,
        [0],
        60,
        student.generation.Sampling(),
        student.support.chance.obj(rng.getrandbits(30)),
        eos=0,
        restrict=restrict,
    )
    for text in texts:
        spelled = "".join(vocabulary[token] for token in text)
        ended = text[-1:] == [0] or len(text) == 60
        right = re.fullmatch(pattern, spelled) if text[-1:] == [0] else spelled.startswith("[")
        given = f"a text under the pattern {pattern}"
        expect_that(bool(ended and right), expected="a whole text of it", got=spelled, given=given)
    lengths = {len(text) for text in texts}
    expect_that(len(lengths) > 2, expected="texts of many lengths", got=lengths, given="40 texts")
