from autograder.testing import exercise, expect, expect_that

WORDS = ["a", "b", "</s>", "<unk>"]
TABLE = {
    ("a",): 0.5,
    ("b",): 0.25,
    ("</s>",): 0.125,
    ("<unk>",): 0.125,
    ("a", "a"): 0.375,
    ("a", "b"): 0.5,
    ("<s>", "a"): 0.75,
}
# After "a" there is 1/8 left for </s> and <unk>, half of what they have as single words; after
# <s> there is 1/4 left for all but "a", which have 1/2.
WEIGHTS = {("a",): 0.5, ("<s>",): 0.5}


# --- prune ------------------------------------------------------------------------------------


@exercise("ngrams.prune")
def test_rare_ngrams_go_and_the_rest_is_shared_anew(student):
    """A rare n-gram goes, and its context gets the weight that makes the sum 1 again."""
    model = student.ngrams.BackoffModel(2, WORDS, TABLE, WEIGHTS)
    counts = [{}, {("a", "a"): 1, ("a", "b"): 2, ("<s>", "a"): 3}]
    pruned = student.ngrams.prune.obj(model, counts, [1, 2])
    # "a b" stays, "a a" goes: γ(a) = (1 - 1/2) / (1 - 1/4) = 2/3.
    expect(pruned.prob("b", ["a"]), 0.5)
    expect(pruned.prob("a", ["a"]), 2 / 3 * 0.5)
    expect(pruned.prob("</s>", ["a"]), 2 / 3 * 0.125)
    expect(sum(pruned.prob(word, ["a"]) for word in WORDS), 1.0)
    expect(model.prob("a", ["a"]), 0.375)  # the model that was given is as it was


@exercise("ngrams.prune")
def test_a_context_without_ngrams_has_no_say(student):
    """A context that lost all its n-grams leaves everything to the lower order."""
    model = student.ngrams.BackoffModel(2, WORDS, TABLE, WEIGHTS)
    counts = [{}, {("a", "a"): 5, ("a", "b"): 5, ("<s>", "a"): 4}]
    pruned = student.ngrams.prune.obj(model, counts, [1, 5])
    expect(pruned.prob("a", ["<s>"]), 0.5)
    expect(pruned.prob("a", ["a"]), 0.375)


@exercise("ngrams.prune")
def test_contexts_of_what_stays_stay(student):
    """A rare n-gram stays as long as a frequent one begins with it."""
    table = {**TABLE, ("<s>", "a", "b"): 0.75}
    weights = {**WEIGHTS, ("<s>", "a"): 0.5}
    model = student.ngrams.BackoffModel(3, WORDS, table, weights)
    counts = [{}, {("a", "a"): 1, ("a", "b"): 1, ("<s>", "a"): 1}, {("<s>", "a", "b"): 3}]
    pruned = student.ngrams.prune.obj(model, counts, [1, 2, 2])
    expect(pruned.prob("b", ["<s>", "a"]), 0.75)
    expect(pruned.prob("a", ["<s>"]), 0.75)  # "<s> a" is needed by "<s> a b"
    expect(pruned.prob("b", ["a"]), 0.25)  # "a b" is not: it is how that one ends


# --- write_arpa -------------------------------------------------------------------------------


def fields_of(text, ngram):
    """The fields of an n-gram's line: log10 P, the n-gram, and its weight if there is one."""
    for line in text.splitlines():
        fields = line.strip().split("\t")
        if fields[1:2] == [ngram]:
            return [float(fields[0]), ngram, *map(float, fields[2:])]
    return None


@exercise("ngrams.write_arpa")
def test_the_header_counts_the_ngrams_of_each_order(student):
    r"""Between \data\ and \end\ the header counts the lines of each section."""
    text = student.ngrams.write_arpa(student.ngrams.BackoffModel(2, WORDS, TABLE, WEIGHTS))
    lines = [line for line in text.splitlines() if line]
    # Five words: <s> is listed with them, since it is a context and has a weight.
    expect(lines[:3], ["\\data\\", "ngram 1=5", "ngram 2=3"])
    expect([line for line in lines if line.endswith("grams:")], ["\\1-grams:", "\\2-grams:"])
    expect(lines[-1:], ["\\end\\"])


@exercise("ngrams.write_arpa")
def test_lines_hold_logarithms_of_base_10(student):
    """A line has log10 of the probability, the n-gram, and log10 of the weight."""
    text = student.ngrams.write_arpa(student.ngrams.BackoffModel(2, WORDS, TABLE, WEIGHTS))
    # log10 of 1/2, 3/8 and 3/4
    expect(fields_of(text, "a b"), [-0.30103, "a b"], tolerance=1e-5)
    expect(fields_of(text, "a a"), [-0.4259687, "a a"], tolerance=1e-5)
    expect(fields_of(text, "<s> a"), [-0.1249387, "<s> a"], tolerance=1e-5)
    expect(fields_of(text, "a"), [-0.30103, "a", -0.30103], tolerance=1e-5)
    expect(fields_of(text, "<s>"), [-99.0, "<s>", -0.30103], tolerance=1e-5)


@exercise("ngrams.write_arpa")
def test_zeros_become_minus_99(student):
    """A zero has no logarithm; it is written as -99."""
    table = {("a",): 0.5, ("</s>",): 0.5, ("<unk>",): 0.0, ("a", "a"): 0.5, ("a", "</s>"): 0.5}
    model = student.ngrams.BackoffModel(2, ["a", "</s>", "<unk>"], table, {("a",): 0.0})
    text = student.ngrams.write_arpa(model)
    expect(fields_of(text, "<unk>")[:2], [-99.0, "<unk>"])
    expect(fields_of(text, "a"), [-0.30103, "a", -99.0], tolerance=1e-5)


# --- read_arpa --------------------------------------------------------------------------------

FILE = r"""
A model for people to read.

\data\
ngram 1=5
ngram 2=3

\1-grams:
-99 <s> -0.30103
-0.30103	a	-0.30103
-0.60206	b
-0.90309	</s>
-0.90309	<unk>

\2-grams:
-0.4259687	a a
-0.30103 a b
-0.1249387	<s> a

\end\
"""


@exercise("ngrams.read_arpa")
def test_reads_probabilities(student):
    """A probability is 10 to the first field."""
    model = student.ngrams.read_arpa.obj(FILE)
    expect(model.prob("b", []), 0.25, tolerance=1e-5)
    expect(model.prob("b", ["a"]), 0.5, tolerance=1e-5)
    expect(model.prob("a", ["<s>"]), 0.75, tolerance=1e-5)


@exercise("ngrams.read_arpa")
def test_reads_weights(student):
    """A weight is 10 to the last field, and 1 where there is none."""
    model = student.ngrams.read_arpa.obj(FILE)
    expect(model.prob("b", ["<s>"]), 0.5 * 0.25, tolerance=1e-5)
    expect(model.prob("a", ["b"]), 0.5, tolerance=1e-5)
    expect(model.prob("zebra", ["<s>"]), 0.5 * 0.125, tolerance=1e-5)


@exercise("ngrams.read_arpa")
def test_minus_99_is_zero(student):
    """A logarithm of -99 stands for a probability of zero."""
    text = FILE.replace("-0.4259687	a a", "-99	a a")
    model = student.ngrams.read_arpa.obj(text)
    nothing = model.prob("a", ["a"])
    expect_that(nothing == 0, expected="0", got=nothing)


# --- CountMinSketch ---------------------------------------------------------------------------


@exercise("ngrams.CountMinSketch")
def test_counts_exactly_while_there_is_room(student):
    """With many counters and few items the estimates are the counts."""
    sketch = student.ngrams.CountMinSketch(100_000, 5)
    sketch.add("new york")
    sketch.add("new york", 2)
    sketch.add("san francisco")
    expect(sketch.estimate("new york"), 3)
    expect(sketch.estimate("san francisco"), 1)
    expect(sketch.estimate("york new"), 0)


@exercise("ngrams.CountMinSketch")
def test_items_share_counters(student):
    """With a single counter in each row all items share it."""
    sketch = student.ngrams.CountMinSketch(1, 3)
    sketch.add("a", 5)
    sketch.add("b", 2)
    expect([sketch.estimate(item) for item in ("a", "b", "c")], [7, 7, 7])


@exercise("ngrams.CountMinSketch")
def test_more_rows_help(student):
    """Rows with hash functions of their own rarely err on the same item."""
    items = [f"item {i}" for i in range(500)]
    sketch = student.ngrams.CountMinSketch(1000, 7)
    for item in items:
        sketch.add(item)
    # In one row 39 % of the items share their counter; that all seven do happens to 0.1 %.
    wrong = sum(sketch.estimate(item) > 1 for item in items)
    expect_that(wrong <= 25, expected="at most 25 of 500 estimates above 1", got=wrong)
