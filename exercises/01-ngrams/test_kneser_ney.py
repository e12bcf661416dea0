from autograder.testing import exercise, expect

# --- BackoffModel -----------------------------------------------------------------------------

WORDS = ["a", "b", "</s>", "<unk>"]
TABLE = {
    ("a",): 0.5,
    ("b",): 0.3,
    ("</s>",): 0.15,
    ("<unk>",): 0.05,
    ("a", "b"): 0.65,
}
# After "a" the three other words share 0.35, which single words divide as 0.5, 0.15 and 0.05.
WEIGHTS = {("a",): 0.35 / (0.5 + 0.15 + 0.05)}  # = 0.5


@exercise("ngrams.BackoffModel")
def test_a_stored_ngram_has_the_stored_probability(student):
    """A stored n-gram has the stored probability."""
    model = student.ngrams.BackoffModel(2, WORDS, TABLE, WEIGHTS)
    expect(model.prob("b", ["a"]), 0.65)
    expect(model.prob("b", []), 0.3)


@exercise("ngrams.BackoffModel")
def test_otherwise_the_context_gets_shorter_and_its_weight_is_paid(student):
    """Where the n-gram is not stored, the context gets shorter and its weight is paid."""
    model = student.ngrams.BackoffModel(2, WORDS, TABLE, WEIGHTS)
    expect(model.prob("a", ["a"]), 0.5 * 0.5)
    expect(model.prob("a", ["b"]), 0.5)  # "b" has no weight: backing off costs nothing
    expect(model.prob("zebra", ["a"]), 0.5 * 0.05)  # not in the vocabulary: <unk>
    expect(sum(model.prob(word, ["a"]) for word in WORDS), 1.0)


@exercise("ngrams.BackoffModel")
def test_backs_off_one_word_at_a_time(student):
    """The context loses its oldest word first, and one word at a time."""
    table = {**TABLE, ("b", "a", "b"): 0.8}
    weights = {**WEIGHTS, ("b", "a"): 0.2 / 0.35}
    model = student.ngrams.BackoffModel(3, WORDS, table, weights)
    expect(model.prob("b", ["b", "a"]), 0.8)
    expect(model.prob("b", ["a", "a"]), 0.65)  # "a a" has no weight, then "a b" is stored
    expect(model.prob("a", ["b", "a"]), 0.2 / 0.35 * 0.5 * 0.5)  # two steps, two weights
    expect(model.prob("a", ["a", "b", "b", "a"]), 0.2 / 0.35 * 0.5 * 0.5)  # sees "b a" only


# --- kneser_ney -------------------------------------------------------------------------------

CITIES = [
    ["san", "francisco"],
    ["san", "francisco"],
    ["san", "francisco"],
    ["my", "glasses"],
    ["your", "glasses"],
]
HALVES = (0.5, 0.5, 0.5)


@exercise("ngrams.kneser_ney")
def test_a_word_is_likely_where_much_precedes_it(student):
    """Alone, a word counts once for each different word before it."""
    # Before glasses: my, your. Before </s>: francisco, glasses. Before each of san, my, your,
    # francisco: one token. That makes 8 for 6 different words, so γ() = 6 · 0.5 / 8 = 3/8.
    # V = 7, with <unk>, and each word gets 3/8 · 1/7 = 6/112 from the uniform distribution.
    model = student.ngrams.kneser_ney.obj(CITIES, 2, discounts=[HALVES, HALVES])
    expect(model.prob("francisco", []), (1 - 0.5) / 8 + 6 / 112)  # = 13/112, though seen 3 times
    expect(model.prob("glasses", []), (2 - 0.5) / 8 + 6 / 112)  # = 27/112
    expect(model.prob("<unk>", []), 6 / 112)


@exercise("ngrams.kneser_ney")
def test_a_context_mixes_its_own_counts_with_the_lower_order(student):
    """After a context its discounted counts are mixed with the shorter context."""
    # "san" was followed three times, always by francisco: γ(san) = 0.5 / 3 = 1/6.
    model = student.ngrams.kneser_ney.obj(CITIES, 2, discounts=[HALVES, HALVES])
    expect(model.prob("francisco", ["san"]), (3 - 0.5) / 3 + 1 / 6 * 13 / 112)
    expect(model.prob("glasses", ["san"]), 1 / 6 * 27 / 112)
    expect(model.prob("glasses", ["francisco", "zebra"]), 27 / 112)  # never followed by anything


@exercise("ngrams.kneser_ney")
def test_the_first_word_keeps_its_count(student):
    """Nothing comes before <s>, so n-grams that begin with it keep their plain count."""
    # Single words, by what precedes them: a 1, b 1, c 1, </s> 2. So P(a) = 0.5/5 + 0.4/5 = 0.18.
    # "<s> a" occurs twice, P(a | <s>) = (2 - 0.5)/2 + 0.5/2 · 0.18.
    model = student.ngrams.kneser_ney.obj([["a", "b"], ["a", "c"]], 3, discounts=[HALVES] * 3)
    expect(model.prob("a", []), 0.18)
    expect(model.prob("a", ["<s>"]), 0.75 + 0.25 * 0.18)


@exercise("ngrams.kneser_ney")
def test_the_discount_depends_on_the_count(student):
    """D_1 is taken from n-grams seen once, D_2 from those seen twice, D_3+ from others."""
    # Too little text to estimate from, so modified_discounts gives (0.5, 1.0, 1.5).
    # 5 a, 2 b, 1 </s>: γ() = (1.5 + 1.0 + 0.5) / 8 = 3/8, and V = 4.
    model = student.ngrams.kneser_ney.obj([["a", "a", "b", "a", "a", "b", "a"]], 1)
    expect(model.prob("a", []), (5 - 1.5) / 8 + 3 / 8 / 4)
    expect(model.prob("b", []), (2 - 1.0) / 8 + 3 / 8 / 4)
    expect(model.prob("</s>", []), (1 - 0.5) / 8 + 3 / 8 / 4)
    expect(model.prob("<unk>", []), 3 / 8 / 4)
