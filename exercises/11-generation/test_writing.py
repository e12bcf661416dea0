"""Drawing and writing with a model that looks at the last token only; token 0 ends a text."""

import torch

from autograder.student import read
from autograder.testing import exercise, expect

# The likeliest after each token: 1 → 2 → 3 → 1, and 0 next to it.
CIRCLE = torch.tensor(
    [[9.0, 0.0, 0.0, 0.0], [2.0, 0.0, 5.0, 0.0], [2.0, 0.0, 0.0, 5.0], [4.9, 5.0, 0.0, 0.0]]
)


# --- draw -------------------------------------------------------------------------------------


@exercise("generation.draw")
def test_pieces_of_a_line(student):
    """1/4, 1/2 and 1/4 end at 0.25, 0.75 and 1; four marks fall into pieces 0, 1, 1 and 2."""
    probabilities = torch.tensor([[0.25, 0.5, 0.25]]).repeat(4, 1)
    got = student.generation.draw(probabilities, torch.tensor([0.0, 0.25, 0.7, 0.9]))
    expect(got, torch.tensor([0, 1, 1, 2]))


@exercise("generation.draw")
def test_what_is_impossible_is_never_drawn(student):
    """The first and the last token have probability 0, and the marks are as extreme as can be."""
    probabilities = torch.tensor([[0.0, 1.0, 0.0]]).repeat(2, 1)
    got = student.generation.draw(probabilities, torch.tensor([0.0, 1 - 2**-24]))
    expect(got, torch.tensor([1, 1]))


@exercise("generation.draw")
def test_a_share_of_the_sum(student):
    """1, 2 and 1 are as good as 1/4, 1/2 and 1/4."""
    got = student.generation.draw(torch.tensor([[1.0, 2.0, 1.0]]), torch.tensor([0.7]))
    expect(got, torch.tensor([1]))


# --- until_stop -------------------------------------------------------------------------------


@exercise("generation.until_stop")
def test_the_stop_sequence_is_left_out(student):
    """2 3 stops; the 2 before it, which is followed by a 4, was no stop."""
    expect(list(student.generation.until_stop.obj([1, 2, 4, 2, 3, 5], [[2, 3]])), [1, 2, 4])


@exercise("generation.until_stop")
def test_what_waits_comes_at_the_end(student):
    """The last 2 could have been the beginning of a stop, but nothing came after it."""
    expect(list(student.generation.until_stop.obj([1, 2], [[2, 3]])), [1, 2])


@exercise("generation.until_stop")
def test_a_beginning_within_a_beginning(student):
    """2 2 3 stops, and after 2 2 a third 2 may still begin it: only the first can go."""
    expect(list(student.generation.until_stop.obj([2, 2, 2, 3, 4], [[2, 2, 3]])), [2])


@exercise("generation.until_stop")
def test_nothing_waits_without_need(student):
    """The 1 is handed out before a further token is taken."""
    source = student.support.Source([1, 2, 3])
    tokens = iter(student.generation.until_stop.obj(source, [[2, 3]]))
    expect([next(tokens), read(source, "taken")], [1, 1], given="first token, tokens taken")


# --- stream -----------------------------------------------------------------------------------


@exercise("generation.stream")
def test_greedy_goes_round(student):
    """After 1 come 2, 3, 1, 2 and 3."""
    model = student.support.Table(CIRCLE)
    got = student.generation.stream.obj(model, [1], 5, student.generation.Sampling(temperature=0.0))
    expect(list(got), [2, 3, 1, 2, 3])


@exercise("generation.stream")
def test_one_call_for_each_token(student):
    """Two tokens are asked for, so the model is called twice, with 1 and then 2 tokens."""
    model = student.support.Table(CIRCLE)
    tokens = iter(student.generation.stream.obj(model, [1], 50))
    next(tokens), next(tokens)
    expect(read(model, "fed"), [[1, 1], [1, 2]], given="rows and tokens of each call")


@exercise("generation.stream")
def test_it_ends_with_eos(student):
    """A penalty on 1 makes 0 the likeliest after 3; it is handed out, and nothing after it."""
    model = student.support.Table(CIRCLE)
    sampling = student.generation.Sampling(temperature=0.0, presence=1.0)
    got = student.generation.stream.obj(model, [3, 1], 9, sampling, eos=0)
    expect(list(got), [2, 3, 1, 2, 3, 0])


@exercise("generation.stream")
def test_not_before_the_minimum(student):
    """0 leads to 0 alone, but as eos it may not be among the first two tokens."""
    model = student.support.Table(torch.tensor([[9.0, 0.0], [9.0, 0.0]]))
    sampling = student.generation.Sampling(temperature=0.0)
    got = student.generation.stream.obj(model, [1], 9, sampling, eos=0, min_new=2)
    expect(list(got), [1, 1, 0])


@exercise("generation.stream")
def test_one_seed_one_text(student):
    """Two generators with one seed give one text, and a third with another seed another."""
    model = student.support.Table(torch.zeros(4, 4))
    sampling = student.generation.Sampling()
    texts = [
        list(
            student.generation.stream.obj(
                model, [1], 20, sampling, student.support.chance.obj(seed)
            )
        )
        for seed in (1, 1, 2)
    ]
    expect([texts[1] == texts[0], texts[2] == texts[0]], [True, False], given="same as the first")


# --- token_index ------------------------------------------------------------------------------


@exercise("generation.token_index")
def test_a_token_leads_where_its_characters_lead(student):
    """“ab” is accepted; of “a”, “b”, “ab” and “ba” only three can be read anywhere."""
    automaton = student.generation.Automaton([{"a": 1}, {"b": 2}, {}], {2})
    got = student.generation.token_index(automaton, ["a", "b", "ab", "ba"])
    expect(got, [{0: 1, 2: 2}, {1: 2}, {}])


@exercise("generation.token_index")
def test_no_way_into_a_dead_end(student):
    """There is no token for the second b of “abb”, so “a” may not be written."""
    automaton = student.generation.Automaton([{"a": 1, "c": 3}, {"b": 2}, {"b": 3}, {}], {3})
    got = student.generation.token_index(automaton, ["a", "bbb", "c"])
    expect(got, [{2: 3}, {}, {}, {}])


@exercise("generation.token_index")
def test_the_text_is_accepted(student):
    """Only “ab”, “abab” and so on may be written, and eos only at the end of one of them."""
    automaton = student.generation.Automaton([{"a": 1}, {"b": 2}, {"a": 1}], {2})
    index = student.generation.token_index(automaton, ["", "a", "b", "ba"])
    restrict = student.generation.Constraint(automaton, index, 0)
    model = student.support.Table(torch.tensor([[0.5, 0.0, 2.0, 1.0]] * 4))
    got = student.generation.stream.obj(
        model, [0], 4, student.generation.Sampling(temperature=0.0), eos=0, restrict=restrict
    )
    expect(list(got), [1, 2, 0])
