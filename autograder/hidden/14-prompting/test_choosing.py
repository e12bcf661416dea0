"""Which examples and which tokens, against Python's own floats and numpy's determinants."""

import itertools
import math

import numpy as np
import torch

from autograder.testing import exercise, expect, expect_that

DTYPES = [torch.float64, torch.float32]


# --- most_similar -----------------------------------------------------------------------------


def by_cosine(query, candidates):
    """All places in the order that is due, and the least gap between two cosines."""
    cosines = []
    for row in candidates.tolist():
        lengths = math.hypot(*row) * math.hypot(*query.tolist())
        product = math.fsum(a * b for a, b in zip(row, query.tolist(), strict=True))
        cosines.append(product / lengths if lengths else 0.0)
    order = sorted(range(len(cosines)), key=lambda place: -cosines[place])
    ordered = [cosines[place] for place in order]
    gaps = [a - b for a, b in itertools.pairwise(ordered)]
    return order, min(gaps, default=1.0)


@exercise("prompting.most_similar", weight=2)
def test_the_largest_cosines_come_first(student, rng, normal):
    """The places of the nearest candidates, the nearest first, as a list of integers."""
    for n, width in [(1, 3), (4, 2), (7, 5), (12, 8)]:
        for dtype in DTYPES:
            query, candidates = normal(width).to(dtype), normal(n, width).to(dtype)
            order, gap = by_cosine(query, candidates)
            while gap < 1e-5:  # nearer than 32 bits can tell
                candidates = normal(n, width).to(dtype)
                order, gap = by_cosine(query, candidates)
            n_chosen = rng.randint(1, n)
            got = student.prompting.most_similar(query, candidates, n_chosen)
            expect(got, order[:n_chosen])


@exercise("prompting.most_similar", weight=2)
def test_lengths_do_not_matter(student, rng):
    """Candidates of all lengths, and a query of any, are judged by their direction."""
    angles = [rng.uniform(0.05, 0.3) + 0.4 * place for place in range(7)]
    rng.shuffle(angles)
    expected = sorted(range(7), key=lambda place: angles[place])
    for scale in (1.0, 1e-3, 50.0):
        rows = [[math.cos(a), math.sin(a)] for a in angles]
        lengths = torch.tensor([[10 ** rng.uniform(-2, 2)] for _ in angles], dtype=torch.float64)
        candidates = lengths * torch.tensor(rows, dtype=torch.float64)
        query = scale * torch.tensor([1.0, 0.0], dtype=torch.float64)
        expect(student.prompting.most_similar(query, candidates, 7), expected)


@exercise("prompting.most_similar")
def test_of_equals_the_first_comes_first(student, rng):
    """Candidates of one direction keep their order."""
    kinds = torch.tensor([[1.0, 2.0, 2.0], [2.0, 1.0, -2.0], [-1.0, -2.0, -2.0]])
    for n in (5, 40):
        which = [rng.randrange(3) for _ in range(n)]
        candidates = kinds[which] * torch.tensor([[2.0 ** rng.randint(-2, 2)] for _ in which])
        query = torch.tensor([2.0, 4.0, 4.0])
        expected = sorted(range(n), key=lambda place: which[place])
        expect(student.prompting.most_similar(query, candidates, n), expected)


@exercise("prompting.most_similar")
def test_zeros_have_a_cosine_of_zero(student, rng):
    """A vector of zeros stands between those that point along and those that point away."""
    for zeros in ([0], [2], [0, 1, 3]):
        rows = [[rng.uniform(1, 2), 0.5 - place] for place in range(5)]  # along, then away
        for place in zeros:
            rows[place] = [0.0, 0.0]
        rows[4] = [-1.0, rng.uniform(-0.5, 0.5)]
        candidates, query = torch.tensor(rows), torch.tensor([1.0, 0.1])
        order, _ = by_cosine(query, candidates)
        expect(student.prompting.most_similar(query, candidates, 5), order)
        got = student.prompting.most_similar(torch.zeros(2), candidates, 3)
        expect(got, [0, 1, 2], given="a query of zeros, and five candidates")


@exercise("prompting.most_similar")
def test_as_many_as_there_are(student, rng, normal):
    """Asked for more candidates than there are it gives all, asked for none it gives none."""
    query, candidates = normal(4), normal(3, 4)
    order, _ = by_cosine(query, candidates)
    for n_chosen in (0, 3, rng.randint(4, 9)):
        expect(student.prompting.most_similar(query, candidates, n_chosen), order[:n_chosen])


# --- maximal_marginal_relevance ---------------------------------------------------------------


def by_relevance_and_novelty(relevance, similarity, n_chosen, trade_off):
    """The choice of the docstring, candidate by candidate."""
    relevance, similarity = relevance.tolist(), similarity.tolist()
    chosen = []
    while len(chosen) < min(n_chosen, len(relevance)):
        gains = {}
        for place in range(len(relevance)):
            if place not in chosen:
                nearest = max([similarity[place][other] for other in chosen], default=0.0)
                gains[place] = trade_off * relevance[place] - (1 - trade_off) * nearest
        chosen.append(max(gains, key=lambda place: gains[place]))
    return chosen


def symmetric(square):
    lower = square.tril()
    return lower + lower.tril(-1).T


@exercise("prompting.maximal_marginal_relevance", weight=3)
def test_each_choice_is_the_best(student, rng, grid):  # lint: ok square, symmetric (they are)
    """At every trade-off the candidates are those that a search by hand chooses, in its order."""
    for n in (2, 3, 5, 9):
        for trade_off in (0.25, 0.5, 0.75):
            relevance, similarity = grid(n), symmetric(grid(n, n))
            call = relevance, similarity, rng.randint(2, n), trade_off
            got = student.prompting.maximal_marginal_relevance(*call)
            expect(got, by_relevance_and_novelty(*call))


@exercise("prompting.maximal_marginal_relevance", weight=2)
def test_the_nearest_chosen_one_counts(student, rng, normal):
    """What makes a candidate stale is its nearest neighbour among all the chosen, not the last."""
    for n, width in [(6, 2), (10, 3), (14, 3)]:
        vectors = torch.nn.functional.normalize(normal(n, width), dim=1)
        relevance, similarity = vectors @ vectors[0], vectors @ vectors.T
        call = relevance, symmetric(similarity), n, rng.uniform(0.3, 0.6)
        got = student.prompting.maximal_marginal_relevance(*call)
        expect(got, by_relevance_and_novelty(*call))


@exercise("prompting.maximal_marginal_relevance")
def test_likeness_can_be_negative(student, rng):
    """What is unlike all the chosen ones gains by it: a similarity below 0 counts as it is."""
    relevance = torch.tensor([1.0, 0.5, 0.25, 0.25])
    for far in (-1.0, -0.75):
        similarity = torch.eye(4)
        similarity[0, 1:] = similarity[1:, 0] = torch.tensor([0.0, 0.0, far])
        got = student.prompting.maximal_marginal_relevance(relevance, similarity, 2)
        expect(got, [0, 3])
        call = relevance, similarity, 4, rng.choice([0.25, 0.5])
        got = student.prompting.maximal_marginal_relevance(*call)
        expect(got, by_relevance_and_novelty(*call))


@exercise("prompting.maximal_marginal_relevance")
def test_the_ends_of_the_trade_off(student, rng, grid):
    """At 1 likeness does not count; at 0 relevance does not, and the first candidate begins."""
    for n in (3, 6, 11):
        relevance, similarity = grid(n), symmetric(grid(n, n))
        order = sorted(range(n), key=lambda place: -relevance.tolist()[place])
        got = student.prompting.maximal_marginal_relevance(relevance, similarity, n, 1.0)
        expect(got, order)
        call = relevance, similarity, rng.randint(2, n), 0.0
        got = student.prompting.maximal_marginal_relevance(*call)
        expect(got, by_relevance_and_novelty(*call))


@exercise("prompting.maximal_marginal_relevance")
def test_the_trade_off_is_a_half_by_default(student, grid):
    """Without a trade-off both sides count as much."""
    for n in (4, 7, 10):
        relevance, similarity = grid(n), symmetric(grid(n, n))
        got = student.prompting.maximal_marginal_relevance(relevance, similarity, n)
        expect(got, by_relevance_and_novelty(relevance, similarity, n, 0.5))


@exercise("prompting.maximal_marginal_relevance")
def test_nobody_is_chosen_twice(student, rng, grid):
    """More than there are cannot be chosen, and of equals the first comes first."""
    for n in (1, 4):
        relevance, similarity = torch.full((n,), rng.choice([-2.0, 0.5])), torch.ones(n, n)
        got = student.prompting.maximal_marginal_relevance(relevance, similarity, n + 3)
        expect(got, list(range(n)))
    got = student.prompting.maximal_marginal_relevance(grid(3), symmetric(grid(3, 3)), 0)
    expect(got, [], given="none to choose")


# --- compress ---------------------------------------------------------------------------------


def kept_places(surprisal, n_kept, always):
    """The places that stay, by a sort of pairs."""
    places = range(len(surprisal))
    order = sorted(places, key=lambda place: (not always[place], -surprisal[place], place))
    return torch.tensor(sorted(order[: max(n_kept, sum(always))]), dtype=torch.long)


@exercise("prompting.compress", weight=2)
def test_the_largest_surprises_stay(student, rng, normal):
    """As many tokens as asked for, those of the largest surprisal, in the order of the text."""
    for length in (1, 2, 6, 15):
        for dtype in DTYPES:
            surprisal, n_kept = normal(length).exp().to(dtype), rng.randint(1, length)
            expected = kept_places(surprisal.tolist(), n_kept, [False] * length)
            expect(student.prompting.compress(surprisal, n_kept), expected)


@exercise("prompting.compress", weight=2)
def test_some_tokens_always_stay(student, rng, normal):
    """Tokens that always stay are among those kept, and take places of the budget."""
    for length in (3, 8, 14):
        always = [rng.random() < 0.3 for _ in range(length)]
        always[rng.randrange(length)] = True
        surprisal = normal(length).exp()
        for n_kept in (sum(always), rng.randint(sum(always), length), length):
            expected = kept_places(surprisal.tolist(), n_kept, always)
            got = student.prompting.compress(surprisal, n_kept, torch.tensor(always))
            expect(got, expected)


@exercise("prompting.compress")
def test_too_many_to_stay(student, rng, normal):
    """Where more tokens always stay than are to be kept, they stay alone, every one of them."""
    for length in (4, 9):
        always = [place % 3 != 1 for place in range(length)]
        surprisal, n_kept = normal(length).abs(), rng.randint(0, sum(always) - 1)
        got = student.prompting.compress(surprisal, n_kept, torch.tensor(always))
        expect(got, kept_places(surprisal.tolist(), n_kept, always))


@exercise("prompting.compress")
def test_equal_tokens_go_by_their_place(student, rng):
    """Of tokens that surprise equally the earlier ones stay, in long texts too."""
    for length in (5, 60):
        surprisal = [float(rng.randint(0, 2)) for _ in range(length)]
        for n_kept in (1, length // 2, length - 1):
            expected = kept_places(surprisal, n_kept, [False] * length)
            expect(student.prompting.compress(torch.tensor(surprisal), n_kept), expected)


@exercise("prompting.compress")
def test_the_ends_of_the_budget(student, rng, normal):
    """None, all, and more than all; and tokens that were impossible stay before all others."""
    length = rng.randint(3, 8)
    surprisal = normal(length).abs()
    for n_kept in (0, length, length + 5):
        expect(student.prompting.compress(surprisal, n_kept), torch.arange(min(n_kept, length)))
    surprisal[[0, 2]] = torch.inf
    expect(student.prompting.compress(surprisal, 2), torch.tensor([0, 2]))
    always = torch.arange(length) == 1
    expect(student.prompting.compress(surprisal, 1, always), torch.tensor([1]))
    expect(student.prompting.compress(surprisal, 2, always), torch.tensor([0, 1]))


# --- dpp_greedy -------------------------------------------------------------------------------


def by_determinant(kernel, n_chosen):
    """The greedy choice, each determinant computed anew by numpy."""
    kernel = kernel.double().numpy()
    chosen, before = [], 1.0
    while len(chosen) < min(n_chosen, len(kernel)):
        volumes = {}
        for place in range(len(kernel)):
            if place not in chosen:
                rows = [*chosen, place]
                volumes[place] = float(np.linalg.det(kernel[np.ix_(rows, rows)]))
        best = max(volumes, key=lambda place: volumes[place])
        if volumes[best] <= 1e-10 * kernel.diagonal().max() * before:
            break
        chosen.append(best)
        before = volumes[best]
    return chosen


def some_kernel(rng, normal, n, width):
    """Of candidates with a quality each and so many independent features."""
    vectors = normal(n, width)
    vectors *= (
        torch.tensor([[rng.uniform(0.5, 2)] for _ in range(n)]) / vectors.norm(dim=1)[:, None]
    )
    return vectors @ vectors.T


@exercise("prompting.dpp_greedy", weight=3)
def test_each_choice_spans_the_most(student, rng, normal):  # lint: ok square (a kernel is)
    """Each time that candidate comes which makes the determinant of all the chosen largest."""
    for n, width in [(1, 2), (3, 4), (6, 7), (9, 12)]:
        for dtype in DTYPES:
            kernel = some_kernel(rng, normal, n, width).to(dtype)
            n_chosen = rng.randint(1, n)
            expect(student.prompting.dpp_greedy(kernel, n_chosen), by_determinant(kernel, n_chosen))


@exercise("prompting.dpp_greedy", weight=2)
def test_the_scale_of_the_kernel_does_not_matter(student, rng, normal):
    """A kernel times a large or a tiny number has the same choices."""
    kernel = some_kernel(rng, normal, 8, 10)
    expected = by_determinant(kernel, 6)
    for scale in (1.0, 1e-12, 2.0**40):
        expect(student.prompting.dpp_greedy(scale * kernel, 6), expected)


@exercise("prompting.dpp_greedy", weight=2)
def test_it_stops_when_nothing_is_new(student, rng, normal):
    """With three independent features there are three choices, however many are asked for."""
    for n, width in [(4, 2), (7, 3), (10, 3)]:
        kernel = some_kernel(rng, normal, n, width)
        got = student.prompting.dpp_greedy(kernel, n)
        expect(got, by_determinant(kernel, width))
    expect(student.prompting.dpp_greedy(torch.zeros(4, 4), 2), [], given="a kernel of zeros")


@exercise("prompting.dpp_greedy")
def test_without_likeness_the_best_come_first(student, rng):
    """Candidates that have nothing in common come by their quality, of equals the first."""
    for n in (3, 8, 20):
        quality = [rng.randint(1, 4) / 2 for _ in range(n)]
        kernel = torch.diag(torch.tensor(quality))
        expected = sorted(range(n), key=lambda place: -quality[place])
        for n_chosen in (n - 1, n + 2):
            expect(student.prompting.dpp_greedy(kernel, n_chosen), expected[:n_chosen])


@exercise("prompting.dpp_greedy")
def test_a_copy_adds_nothing(student, rng, normal):
    """Of two copies one is chosen, the first, and never the other."""
    for n in (3, 6):
        kernel = some_kernel(rng, normal, n, n + 2)
        twice = [place for place in range(n) for _ in range(2)]
        got = student.prompting.dpp_greedy(kernel[twice][:, twice], 2 * n)
        expect(got, [2 * place for place in by_determinant(kernel, n)])


@exercise("prompting.dpp_greedy")
def test_thirty_two_bits_do_not_lose_the_small_factors(student, rng):
    """Candidates that are nearly alike, in 32 bits, are told apart by what is left of them."""
    for _ in range(3):
        near = [rng.randint(1, 9) for _ in range(5)]
        exact = torch.ones(6, 6, dtype=torch.float64)  # all alike, but for a few millionths
        for place, step in enumerate(near, start=1):
            exact[place, place] += (step + place / 16) * 2.0**-20
        exact[0, 0] = 1 + 2.0**-10
        kernel = exact.float()
        got = student.prompting.dpp_greedy(kernel, 4)
        expected = by_determinant(kernel, 4)
        expect_that(len(expected) == 4, expected="four choices", got=expected)
        expect(got, expected)
