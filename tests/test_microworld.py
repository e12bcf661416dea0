"""Properties of the micro-world: its probabilities are exact, repeatable, and a floor."""

import hashlib
import os
import subprocess
import sys
from collections import Counter, defaultdict
from fractions import Fraction
from math import exp, inf, isclose, log, log2
from pathlib import Path

import numpy as np
import pytest

from langmodels.microworld import (
    END,
    SHE_GIVEN_JOB,
    TOPICS,
    VERSION,
    WORDS,
    Document,
    Grammar,
    World,
    floor,
)

SOURCE = Path(sys.modules["langmodels.microworld"].__file__ or "").parent.parent

# Small enough to write out every document, with all that the real grammar has: weights by topic,
# values of two words that share the first, a line that needs something remembered, a fact, a
# choice that depends on another, and two lines that tell themselves apart only a word later.
TINY = Grammar(
    rules="""
document
    3,1,1   see ?person=who MORE
    2       a ?job=job : ?pronoun|job=pronoun {pronoun} ?place=here .
more
    1,1,4   at the ?place=here LAST
    2       {who.pet} .
last
    2       , {here} and {who} .
    1,3,1   ?place=there .
""",
    choices={
        "person": {"ann lee": (1, 1, 1), "ann fox": (2, 2, 2), "bob lee": (1, 1, 1)},
        "job": {"cook": (1, 1, 1), "smith": (1, 1, 1)},
        "pronoun|cook": {"she": (3, 3, 3), "he": (1, 1, 1)},
        "pronoun|smith": {"she": (1, 1, 1), "he": (1, 1, 1)},
        "place": {"mill": (4, 1, 1), "port": (1, 4, 1), "wood": (1, 1, 4)},
    },
    facts={"ann lee": {"pet": "cat"}, "ann fox": {"pet": "dog"}, "bob lee": {"pet": "cat"}},
)


@pytest.fixture(scope="module")
def world() -> World:
    return World()


@pytest.fixture(scope="module")
def documents(world: World) -> list[Document]:
    return world.sample(4000, seed=1)


def every_document(grammar: Grammar, prefix: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    following = grammar.next_distribution(prefix)
    if not following:
        return [prefix]
    return [text for token in following for text in every_document(grammar, (*prefix, token))]


# --- Exactness ----------------------------------------------------------------------------------


@pytest.mark.parametrize("sums", [False, True])
@pytest.mark.parametrize("seed", [0, 7])
def test_sampling_and_scoring_agree_at_every_token(seed: int, sums: bool) -> None:
    world = World(seed, sums)
    for document in world.sample(150, seed=3):
        assert world.score(document.tokens) == pytest.approx(document.log_probs, abs=1e-9)


def test_the_probabilities_of_all_documents_sum_to_one() -> None:
    texts = every_document(TINY)
    assert len(texts) == len(set(texts)) > 50
    assert sum(exp(sum(TINY.score(text))) for text in texts) == pytest.approx(1, abs=1e-12)


def test_documents_are_as_frequent_as_their_probability_says() -> None:
    n = 40_000
    seen = Counter(tuple(document.tokens) for document in TINY.sample(n))
    expected = {text: n * exp(sum(TINY.score(text))) for text in every_document(TINY)}
    assert seen.keys() <= expected.keys()
    chi_squared = sum((seen[text] - mean) ** 2 / mean for text, mean in expected.items())
    freedom = len(expected) - 1
    # Mean `freedom`, variance 2·freedom: five standard deviations.
    assert chi_squared < freedom + 5 * (2 * freedom) ** 0.5


def test_a_probability_worked_out_by_hand() -> None:
    # Topics are equally likely. p(see | z) = 3/5, 1/3, 1/3, so p(see) = 19/45.
    see = [Fraction(3, 5), Fraction(1, 3), Fraction(1, 3)]
    # p(at | z) = 1/3, 1/3, 2/3 and p(mill | z) = 2/3, 1/6, 1/6.
    at = [Fraction(1, 3), Fraction(1, 3), Fraction(2, 3)]
    mill = [Fraction(2, 3), Fraction(1, 6), Fraction(1, 6)]
    third = Fraction(1, 3)
    p_see = sum(third * a for a in see)
    p_see_at = sum(third * a * b for a, b in zip(see, at, strict=True))
    p_see_at_mill = sum(third * a * b * c for a, b, c in zip(see, at, mill, strict=True))
    scores = TINY.score(["see", "ann", "lee", "at", "the", "mill"])
    assert p_see == Fraction(19, 45)
    expected = [p_see, Fraction(3, 4), third, p_see_at / p_see, 1, p_see_at_mill / p_see_at]
    assert [exp(score) for score in scores] == pytest.approx([float(p) for p in expected])


def test_next_token_distributions_sum_to_one_and_agree_with_scores(
    world: World, documents: list[Document]
) -> None:
    for number, document in enumerate(documents[:120]):
        at = number * 7 % len(document.tokens)
        following = world.next_distribution(document.tokens[:at])
        assert sum(following.values()) == pytest.approx(1, abs=1e-12)
        assert log(following[document.tokens[at]]) == pytest.approx(
            document.log_probs[at], abs=1e-9
        )


def test_nothing_follows_the_end_and_nonsense_is_impossible(world: World) -> None:
    document = world.sample(1)[0]
    assert document.tokens[-1] == END
    assert world.next_distribution(document.tokens) == {}
    assert world.next_distribution(["once", "once"]) == {}
    scores = world.score(["once", "once", "anna"])
    assert scores[0] > -inf
    assert scores[1:] == [-inf, -inf]


# --- The hidden topic ---------------------------------------------------------------------------


def test_the_topic_is_never_written_but_shows_in_what_comes_later(world: World) -> None:
    # Same memory, same grammar position; only the verb before differs, and it says nothing about
    # places except through the topic.
    start = ["a", "baker", "lives", "in", "genoa", ".", "she"]
    places = {
        verb: world.next_distribution([*start, verb, ".", "she", "goes", "to", "the"])
        for verb in WORDS["verb"][:TOPICS]
    }
    for topic, verb in enumerate(WORDS["verb"][:TOPICS]):
        favourite = WORDS["place"][topic]
        others = [places[other][favourite] for other in places if other != verb]
        assert places[verb][favourite] > 1.3 * max(others)


def test_ignoring_what_earlier_words_say_about_the_topic_costs_bits(
    world: World, documents: list[Document]
) -> None:
    # A reader that forgets the topic at every token gives a place its average probability, 1/12.
    surprise = [
        -log_prob
        for document in documents
        for kind, log_prob in zip(document.kinds, document.log_probs, strict=True)
        if kind == "place"
    ]
    assert log(len(WORDS["place"])) - np.mean(surprise) > 0.05


# --- The world ----------------------------------------------------------------------------------


def test_there_are_at_least_a_hundred_people_with_names_of_two_tokens(world: World) -> None:
    assert len(set(world.people)) == len(world.people) >= 100
    assert {len(person.split()) for person in world.people} == {2}
    firsts, families = zip(*map(str.split, world.people), strict=True)
    # Neither name alone tells who it is.
    assert min(Counter(firsts).values()) > 1
    assert min(Counter(families).values()) > 1


def test_people_and_facts_are_what_the_documents_say(
    world: World, documents: list[Document]
) -> None:
    stories = [document.tokens for document in documents if document.tokens[0] == "once"]
    for tokens in stories:
        hero = " ".join(tokens[1:3])
        facts = world.facts[hero]
        assert tokens[3:9] == ["the", facts["job"], "lives", "in", facts["home"], "."]
        assert tokens[-6:] == ["of", *hero.split(), "the", facts["job"], ".", END][-6:]
        assert not {"she", "he"} - {facts["pronoun"]} & set(tokens[9::])
    assert len(stories) > 2000


def test_recalled_places_and_objects_are_the_latest_ones(documents: list[Document]) -> None:
    recalled = 0
    for document in documents:
        latest: dict[str, str] = {}
        for token, kind in zip(document.tokens, document.kinds, strict=True):
            if kind in {"place", "object"}:
                latest[kind] = token
            if kind in {"here", "held"}:
                assert token == latest[{"here": "place", "held": "object"}[kind]]
                recalled += 1
    assert recalled > 1000


def test_the_verb_agrees_with_the_subject_across_an_attractor(documents: list[Document]) -> None:
    clashes = 0
    for document in documents:
        tokens = document.tokens
        for at, kind in enumerate(document.kinds):
            if kind == "thing.be":
                thing, attractor = tokens[at - 4], tokens[at - 1]
                assert tokens[at] == ("are" if thing.endswith("s") else "is")
                clashes += thing.endswith("s") != attractor.endswith("s")
    assert clashes > 100


def test_kinds_tell_certain_tokens_from_free_ones(documents: list[Document]) -> None:
    free = {"choice", "person", "place", "object", "noun", "verb", "adjective"}
    free |= {"job", "city", "pronoun"}
    for document in documents:
        for kind, log_prob in zip(document.kinds, document.log_probs, strict=True):
            assert log_prob < 0 if kind in free else log_prob == 0.0


@pytest.mark.parametrize("job", SHE_GIVEN_JOB)
def test_she_is_as_probable_as_the_table_says(world: World, job: str) -> None:
    following = world.next_distribution(f"a {job} lives in genoa .".split())
    assert following == pytest.approx({"she": SHE_GIVEN_JOB[job], "he": 1 - SHE_GIVEN_JOB[job]})


def test_people_with_a_name_follow_the_same_correlation() -> None:
    women: dict[str, list[bool]] = defaultdict(list)
    for seed in range(40):
        world = World(seed)
        for person in world.people:
            facts = world.facts[person]
            women[facts["job"]].append(facts["pronoun"] == "she")
    for job, she in SHE_GIVEN_JOB.items():
        assert np.mean(women[job]) == pytest.approx(she, abs=0.06)


def test_sums_are_off_by_default() -> None:
    without, with_sums = World(), World(sums=True)
    assert "plus" not in without.vocabulary
    assert not any("compute" in document.tokens for document in without.sample(500))
    sums = [d.tokens for d in with_sums.sample(500) if d.tokens[0] == "compute"]
    assert len(sums) > 20
    assert all(int(tokens[1]) + int(tokens[3]) == int(tokens[5]) for tokens in sums)


def test_the_seed_of_a_world_changes_facts_and_nothing_else(world: World) -> None:
    other = World(seed=1)
    assert other.vocabulary == world.vocabulary
    assert other.people == world.people
    assert other.facts != world.facts


# --- Determinism --------------------------------------------------------------------------------

# If this fails, documents have changed: raise VERSION and pin the new digest.
DIGESTS = {
    (1, False): "97f09dbb5aacb2148053e4c7bd794851e1cb6b09b0e79a8ac4405deb55fdd6fd",
    (1, True): "c29be58bdfd1f0f7ac9cdfad31ff21d7c610d4d29e4aa1dd9356c04bb41520c5",
}


def digest(documents: list[Document]) -> str:
    text = "\n".join(" ".join(document.tokens) for document in documents)
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize("sums", [False, True])
def test_documents_of_a_version_never_change(sums: bool) -> None:
    assert digest(World(sums=sums).sample(1000)) == DIGESTS[VERSION, sums]


def test_documents_do_not_depend_on_the_hash_seed() -> None:
    program = (
        "import hashlib; from langmodels.microworld import World\n"
        "text = '\\n'.join(' '.join(document.tokens) for document in World().sample(1000))\n"
        "print(hashlib.sha256(text.encode()).hexdigest())"
    )
    environment = os.environ | {"PYTHONPATH": str(SOURCE), "PYTHONHASHSEED": "12345"}
    output = subprocess.check_output([sys.executable, "-c", program], env=environment, text=True)
    assert output.strip() == DIGESTS[VERSION, False]


def test_samples_differ_by_seed_and_repeat_by_seed(world: World) -> None:
    assert world.sample(20, seed=1) == World().sample(20, seed=1) != world.sample(20, seed=2)


# --- The floor ----------------------------------------------------------------------------------


def test_the_floor_of_a_sample_covers_that_of_a_large_one(
    world: World, documents: list[Document]
) -> None:
    large = floor(world.sample(20_000, seed=2))
    misses = [
        abs(floor(documents[start : start + 200]).mean - large.mean)
        > 2 * floor(documents[start : start + 200]).standard_error
        for start in range(0, 4000, 200)
    ]
    assert large.standard_error < 0.003
    # About one of twenty intervals of two standard errors misses.
    assert sum(misses) <= 4


def test_the_floor_by_hand_and_in_both_units() -> None:
    documents = [
        Document(["a", END], [log(1 / 4), 0.0], ["choice", "fixed"]),
        Document(["b", END], [log(1 / 2), 0.0], ["choice", "fixed"]),
    ]
    bits = floor(documents)
    assert bits.mean == pytest.approx(3 / 4)
    # Residuals ±1/2 bit; sqrt(2·(1/4 + 1/4)/1) / 4.
    assert bits.standard_error == pytest.approx(1 / 4)
    assert floor(documents, "nats").mean == pytest.approx(3 / 4 * log(2))
    assert floor(documents[:1]).standard_error == inf


def witten_bell(
    training: list[list[str]], test: list[list[str]], order: int, vocabulary_size: int
) -> float:
    """Bits per token of an interpolated n-gram model, contexts never cross documents."""
    counts: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    for tokens in training:
        for at, token in enumerate(tokens):
            for n in range(min(at, order - 1) + 1):
                counts[tuple(tokens[at - n : at])][token] += 1
    bits, n_tokens = 0.0, 0
    for tokens in test:
        for at, token in enumerate(tokens):
            probability = 1 / vocabulary_size
            for n in range(min(at, order - 1) + 1):
                seen = counts.get(tuple(tokens[at - n : at]))
                if seen:
                    total, types = seen.total(), len(seen)
                    probability = (seen[token] + types * probability) / (total + types)
            bits -= log2(probability)
            n_tokens += 1
    return bits / n_tokens


def test_counting_comes_nearer_with_longer_contexts_but_never_below_the_floor(
    world: World, documents: list[Document]
) -> None:
    training = [document.tokens for document in documents[:3000]]
    test = [document.tokens for document in documents[3000:]]
    least = floor(documents[3000:]).mean
    bits = [witten_bell(training, test, order, len(world.vocabulary)) for order in (1, 2, 3, 4)]
    assert bits == sorted(bits, reverse=True)
    assert bits[-1] > 1.1 * least


def test_a_model_that_has_seen_the_test_goes_below_the_floor(
    world: World, documents: list[Document]
) -> None:
    test = [document.tokens for document in documents[3000:3200]]
    leaked = witten_bell(test, test, 12, len(world.vocabulary))
    assert leaked < floor(documents[3000:3200]).mean


# --- Rows ---------------------------------------------------------------------------------------


def test_packed_rows_are_the_documents_end_to_end(world: World, documents: list[Document]) -> None:
    rows = world.pack(documents[:50], length=64)
    tokens = [token for document in documents[:50] for token in document.tokens]
    n_tokens = len(tokens) // 64 * 64
    assert rows.ids.shape == rows.log_probs.shape == rows.kinds.shape == (n_tokens // 64, 64)
    assert [world.vocabulary[i] for i in rows.ids.ravel()] == tokens[:n_tokens]
    log_probs = [p for document in documents[:50] for p in document.log_probs]
    assert rows.log_probs.ravel().tolist() == log_probs[:n_tokens]
    kinds = [kind for document in documents[:50] for kind in document.kinds]
    assert rows.kinds.ravel().tolist() == kinds[:n_tokens]


def test_every_token_has_an_id_and_the_end_has_the_first(
    world: World, documents: list[Document]
) -> None:
    said = {token for document in documents for token in document.tokens}
    assert said == set(world.vocabulary)
    assert world.vocabulary[0] == END
    assert world.encode([END]) == [0]
    with pytest.raises(KeyError):
        world.encode(["zeppelin"])


def test_probabilities_of_a_table_are_those_of_the_grammar() -> None:
    # `isclose` at every topic: the tables that sampling draws from are normalised.
    for values in World().choices.values():
        for column in zip(*values.values(), strict=True):
            assert isclose(sum(column), 1)
