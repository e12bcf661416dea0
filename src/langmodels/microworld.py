"""The micro-world: an endless text of which we know exactly how predictable it is.

A small world of people, towns and things, and a grammar that writes documents about it. Because
we wrote the grammar, p(token | all tokens before it) is known for every token. The mean of its
-log is a floor: no language model can do better on average, whatever its size, and one that seems
to has seen what it should predict. How near a model comes, and at which kind of token it loses,
says what it has learned.

    world = World(seed=0)
    documents = world.sample(1000, seed=1)      tokens, their log-probabilities, their kinds
    floor(documents)                            bits per token, with its standard error
    world.score(tokens)                         the same log-probabilities, worked out otherwise
    world.next_distribution(prefix)             p(token | prefix) for every possible next token

Every document has a hidden topic. It makes some words and some kinds of sentence more frequent,
and is never written down; whoever predicts has to infer it from the words so far. So the
probability of a token is a sum over topics, p(token | prefix) = Σ_z p(z | prefix) p(token | z, …):
the forward algorithm (Rabiner 1989), here for a grammar with a memory.

Two ways lead to these sums. `sample` makes each choice from left to right, next to a belief about
the topic that Bayes' rule revises at every token. `score` knows no choices: it reads a text and
keeps every hypothesis about how it may have come about. They share the grammar and nothing else.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, product
from math import fsum, inf, log, sqrt
from operator import add, mul, truediv
from random import Random
from typing import TYPE_CHECKING, Any, Generic, Literal, NamedTuple, TypeVar

if TYPE_CHECKING:
    import numpy as np

VERSION = 1  # raise it with any change that changes a document
TOPICS = 3
END = "<end>"  # the last token of every document

Weights = tuple[float, ...]  # one for each topic
CERTAIN: Weights = (1.0,) * TOPICS
Outcome = TypeVar("Outcome")


class Document(NamedTuple):
    """A sample. The three lists have one entry for each token."""

    tokens: list[str]  # the last one is END
    log_probs: list[float]  # natural log p(token | tokens before it in this document)
    # What made the token:
    #   "fixed"          the grammar allows nothing else here
    #   "choice"         it tells which line of a rule was chosen
    #   "place", …       a word chosen from that category (and by it, at times, the line)
    #   "hero.home", …   recalled: determined by the words before, or by a fact of the world
    kinds: list[str]


class Rows(NamedTuple):
    """Documents end to end, cut into rows. Three arrays [rows, length]."""

    ids: "np.ndarray[Any, Any]"  # positions in the vocabulary
    log_probs: "np.ndarray[Any, Any]"
    kinds: "np.ndarray[Any, Any]"


class Floor(NamedTuple):
    """The least cross-entropy per token that any model can reach on average."""

    mean: float
    standard_error: float


# --- Grammar: rules over symbols -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Word:
    """`lives`: a token."""

    token: str


@dataclass(frozen=True, slots=True)
class Choice:
    """`?place=here`: choose a place and remember it as `here`. `?pronoun|work`: given that."""

    category: str
    given: str
    register: str


@dataclass(frozen=True, slots=True)
class Recall:
    """`{here}`: what is remembered. `{hero.home.greeting}`: a fact about it, and one about that."""

    expression: str
    register: str
    attributes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """`STORY`: continue with one line of that rule."""

    name: str


Symbol = Word | Choice | Recall | Rule
Memory = dict[str, str]  # register → value
Spellings = dict[str, list[tuple[str, Weights]]]  # value → its words with their probabilities
Agenda = tuple[Symbol, "Agenda"] | None  # what is still to be written, the next symbol first


@dataclass(frozen=True, slots=True)
class Line:
    """One way to continue, possible once all that it needs is remembered."""

    weights: Weights
    symbols: tuple[Symbol, ...]
    needs: frozenset[str]


class Hypothesis(NamedTuple):
    """One way in which a text may have come about, after some of its tokens."""

    probability: float
    topic: int
    agenda: "Agenda"
    memory: Memory


def read_symbol(text: str) -> Symbol:
    """Read one symbol of a rule, see the classes above for how each is written."""
    if text[0] == "?" and len(text) > 1:
        category, _, register = text[1:].partition("=")
        category, _, given = category.partition("|")
        return Choice(category, given, register)
    if text[0] == "{":
        expression = text[1:-1]
        register, *attributes = expression.split(".")
        return Recall(expression, register, tuple(attributes))
    return Rule(text.lower()) if text.isupper() else Word(text)


def read_rules(text: str) -> dict[str, list[Line]]:
    """Read rules: a name at the margin; below it one line each, a weight and then the symbols.

    A weight is one number, or three with commas between them, one for each topic.
    """
    rules: dict[str, list[Line]] = defaultdict(list)
    for row in filter(None, map(str.rstrip, text.splitlines())):
        if not row.startswith(" "):
            name = row
            continue
        weight, *words = row.split()
        weights = tuple(map(float, weight.split(",")))
        symbols = tuple(map(read_symbol, words))
        needs: set[str] = set()
        known: set[str] = set()
        for symbol in symbols:
            if isinstance(symbol, Recall):
                needs |= {symbol.register} - known
            elif isinstance(symbol, Choice):
                needs |= {symbol.given} - known - {""}
                known.add(symbol.register)
        rules[name].append(Line(weights * (TOPICS // len(weights)), symbols, frozenset(needs)))
    return dict(rules)


def normalise(weights: Mapping[Outcome, Weights]) -> dict[Outcome, Weights]:
    """Divide by the sum over outcomes, topic by topic."""
    # fsum rounds once: the same bits in every version of Python, which sum() does not promise.
    totals = [fsum(column) for column in zip(*weights.values(), strict=True)]
    return {
        outcome: tuple(weight / total for weight, total in zip(row, totals, strict=True))
        for outcome, row in weights.items()
    }


class Table(Generic[Outcome]):
    """A distribution over outcomes for each topic, ready to draw from."""

    def __init__(self, probabilities: Mapping[Outcome, Weights]) -> None:
        """Take normalised probabilities, and keep their order."""
        self.outcomes = list(probabilities.items())
        self.cumulative = [list(accumulate(p)) for p in zip(*probabilities.values(), strict=True)]
        for column in self.cumulative:
            column[-1] = 1.0  # rounding must not leave a gap below 1

    def draw(self, topic: int, uniform: float) -> tuple[Outcome, Weights]:
        """The outcome at a uniform number in [0, 1), and its probability under every topic."""
        return self.outcomes[bisect_right(self.cumulative[topic], uniform)]


class Grammar:
    """A probabilistic grammar with a memory and a hidden topic.

    One condition keeps sampling simple: the lines of a rule that are possible at the same time
    begin with different tokens, so that the next token always tells which one was chosen.
    """

    def __init__(
        self,
        rules: str,
        choices: Mapping[str, Mapping[str, Weights]],
        facts: Mapping[str, Mapping[str, str]],
    ) -> None:
        """Set up a grammar.

        Args:
            rules: as `read_rules` reads them; the rule `document` is where all begins.
            choices: category → value → positive weights; a value is one or more words. A category
                that depends on a remembered value has one entry for each, `pronoun|farmer` ….
            facts: value → attribute → value.
        """
        self.rules = read_rules(rules)
        self.choices = {category: normalise(values) for category, values in choices.items()}
        self.facts = facts
        self.vocabulary = (END, *sorted(self._words()))
        self._ids = {token: position for position, token in enumerate(self.vocabulary)}
        # What sampling looks up, filled as it goes.
        self._line_tables: dict[tuple[str, tuple[bool, ...]], Table[Line]] = {}
        self._value_tables: dict[str, tuple[Table[str], Spellings]] = {}
        self._needs = {
            name: tuple(sorted(frozenset[str]().union(*(line.needs for line in lines))))
            for name, lines in self.rules.items()
        }

    def _words(self) -> set[str]:
        """Every word that a document can hold."""
        symbols = {
            symbol for lines in self.rules.values() for line in lines for symbol in line.symbols
        }
        values = {symbol.token for symbol in symbols if isinstance(symbol, Word)}
        categories = {symbol.category for symbol in symbols if isinstance(symbol, Choice)}
        for category, weights in self.choices.items():
            if category.partition("|")[0] in categories:
                values.update(weights)
        recalls = {symbol for symbol in symbols if isinstance(symbol, Recall)}
        said = {symbol.attributes[-1] for symbol in recalls if symbol.attributes}
        for attributes in self.facts.values():
            values.update(value for attribute, value in attributes.items() if attribute in said)
        return {word for value in values for word in value.split()}

    def possible_lines(self, rule: str, memory: Memory) -> dict[Line, Weights]:
        """The lines of a rule that have all they need, and their probabilities."""
        return normalise(
            {line: line.weights for line in self.rules[rule] if line.needs <= memory.keys()}
        )

    def possible_values(self, choice: Choice, memory: Memory) -> dict[str, Weights]:
        """The values to choose from, and their probabilities."""
        return self.choices[self._category(choice, memory)]

    def _category(self, choice: Choice, memory: Memory) -> str:
        return f"{choice.category}|{memory[choice.given]}" if choice.given else choice.category

    def recall(self, symbol: Recall, memory: Memory) -> str:
        """What a `{…}` stands for now."""
        value = memory[symbol.register]
        for attribute in symbol.attributes:
            value = self.facts[value][attribute]
        return value

    # --- Writing: choices from left to right, and a belief about the topic -----------------------

    def sample(self, n_documents: int, seed: int = 0) -> list[Document]:
        """Draw documents, the same ones for the same seed on every platform.

        Training and test documents need different seeds.
        """
        # Only random() is used: the one method whose numbers Python promises to keep.
        uniform = Random(f"documents {seed}").random
        return [self._write(uniform) for _ in range(n_documents)]

    def _write(self, uniform: Callable[[], float]) -> Document:
        topic = int(uniform() * TOPICS)
        belief = (1 / TOPICS,) * TOPICS  # p(topic | tokens so far)
        unseen = CERTAIN  # probability of the choices that no token has shown yet
        memory: Memory = {}
        document = Document([], [], [])
        agenda: list[Symbol] = [Word(END), Rule("document")]  # the next symbol is the last one
        while agenda:
            symbol = agenda.pop()
            match symbol:
                case Rule(name):
                    line, probability = self._line_table(name, memory).draw(topic, uniform())
                    unseen = tuple(map(mul, unseen, probability))
                    agenda.extend(reversed(line.symbols))
                    continue
                case Word(token):
                    kind, said = "fixed", [(token, CERTAIN)]
                case Recall(expression):
                    value = self.recall(symbol, memory)
                    kind, said = expression, [(word, CERTAIN) for word in value.split()]
                case Choice(category, _, register):
                    table, spellings = self._value_table(symbol, memory)
                    value, _ = table.draw(topic, uniform())
                    memory[register] = value
                    kind, said = category, spellings[value]
            for token, likelihood in said:
                document.tokens.append(token)
                if likelihood is CERTAIN and unseen is CERTAIN:
                    document.log_probs.append(0.0)
                    document.kinds.append(kind)
                    continue
                # Bayes: p(token) = Σ_z p(z) p(token | z), and p(z | token) ∝ p(z) p(token | z).
                joint = tuple(map(mul, map(mul, belief, unseen), likelihood))
                probability_of_token = sum(joint)
                belief = tuple(p / probability_of_token for p in joint)
                document.log_probs.append(log(probability_of_token))
                document.kinds.append("choice" if likelihood is CERTAIN else kind)
                unseen = CERTAIN
        return document

    def _line_table(self, rule: str, memory: Memory) -> Table[Line]:
        key = rule, tuple(register in memory for register in self._needs[rule])
        if key not in self._line_tables:
            self._line_tables[key] = Table(self.possible_lines(rule, memory))
        return self._line_tables[key]

    def _value_table(self, choice: Choice, memory: Memory) -> tuple[Table[str], Spellings]:
        category = self._category(choice, memory)
        if category not in self._value_tables:
            probabilities = self.possible_values(choice, memory)
            self._value_tables[category] = Table(probabilities), spell(probabilities)
        return self._value_tables[category]

    # --- Reading: every hypothesis about how a text may have come about --------------------------

    def score(self, tokens: Iterable[str]) -> list[float]:
        """The natural log p(token | tokens before it) for each token of a document.

        Args:
            tokens: a document or the beginning of one, from its first token.

        Returns:
            One number for each token; -inf from the first one on that cannot stand there.
        """
        log_probs = []
        hypotheses = self._blank_page()
        for token in tokens:
            probability, hypotheses = self._read(token, hypotheses)
            log_probs.append(log(probability) if probability else -inf)
        return log_probs

    def next_distribution(self, prefix: Iterable[str] = ()) -> dict[str, float]:
        """p(token | prefix) of every token that can follow the beginning of a document.

        The values sum to 1. Nothing follows END, or a prefix that the grammar cannot write: then
        the result is empty.
        """
        hypotheses = self._blank_page()
        for token in prefix:
            _, hypotheses = self._read(token, hypotheses)
        distribution: dict[str, float] = defaultdict(float)
        for hypothesis in hypotheses:
            for token, after in self._continue(hypothesis):
                distribution[token] += after.probability
        return dict(distribution)

    def _blank_page(self) -> list[Hypothesis]:
        agenda = (Rule("document"), (Word(END), None))
        return [Hypothesis(1 / TOPICS, topic, agenda, {}) for topic in range(TOPICS)]

    def _read(self, token: str, hypotheses: list[Hypothesis]) -> tuple[float, list[Hypothesis]]:
        """p(token), and the hypotheses that have foretold it, rescaled to sum to 1."""
        alive = [
            after
            for hypothesis in hypotheses
            for said, after in self._continue(hypothesis)
            if said == token
        ]
        total = sum(hypothesis.probability for hypothesis in alive)
        return total, [
            hypothesis._replace(probability=hypothesis.probability / total) for hypothesis in alive
        ]

    def _continue(self, hypothesis: Hypothesis) -> Iterator[tuple[str, Hypothesis]]:
        """Every next token under a hypothesis, with what it would become."""
        probability, topic, agenda, memory = hypothesis
        if agenda is None:
            return
        symbol, rest = agenda
        match symbol:
            case Word(token):
                yield token, Hypothesis(probability, topic, rest, memory)
            case Recall():
                yield from self._say(self.recall(symbol, memory), hypothesis._replace(agenda=rest))
            case Choice(register=register):
                for value, chance in self.possible_values(symbol, memory).items():
                    after = Hypothesis(
                        probability * chance[topic], topic, rest, memory | {register: value}
                    )
                    yield from self._say(value, after)
            case Rule(name):
                for line, chance in self.possible_lines(name, memory).items():
                    longer = _push(line.symbols, rest)
                    after = Hypothesis(probability * chance[topic], topic, longer, memory)
                    yield from self._continue(after)

    def _say(self, value: str, hypothesis: Hypothesis) -> Iterator[tuple[str, Hypothesis]]:
        """The first word of a value, the others still to be said."""
        first, *others = value.split()
        agenda = _push([Word(word) for word in others], hypothesis.agenda)
        yield first, hypothesis._replace(agenda=agenda)

    # --- Token ids ------------------------------------------------------------------------------

    def encode(self, tokens: Iterable[str]) -> list[int]:
        """Positions in the vocabulary. Raises KeyError at a token outside it."""
        return [self._ids[token] for token in tokens]

    def pack(self, documents: Iterable[Document], length: int) -> Rows:
        """Lay documents end to end and cut them into rows of `length` tokens.

        Nothing is padded or sorted by length (the length tells the kind of document, so that such
        batches would be lopsided); what does not fill the last row is dropped. A row may begin
        inside a document: a model then sees less than the log-probabilities beside the ids assume.
        """
        import numpy as np

        documents = list(documents)
        n_rows = sum(len(document.tokens) for document in documents) // length

        def rows(entries: Iterable[Iterable[Any]], dtype: Any) -> "np.ndarray[Any, Any]":
            flat = np.fromiter(chain.from_iterable(entries), dtype, count=n_rows * length)
            return flat.reshape(n_rows, length)

        return Rows(
            ids=rows((self.encode(document.tokens) for document in documents), np.int64),
            log_probs=rows((document.log_probs for document in documents), np.float64),
            kinds=rows((document.kinds for document in documents), object),
        )


def spell(values: Mapping[str, Weights]) -> Spellings:
    """For each value its words, each with p(word | words before it in the value)."""
    mass: dict[tuple[str, ...], Weights] = defaultdict(lambda: (0.0,) * TOPICS)
    for value, probability in values.items():
        words = tuple(value.split())
        for end in range(len(words) + 1):
            mass[words[:end]] = tuple(map(add, mass[words[:end]], probability))
    return {
        value: [
            (word, tuple(map(truediv, mass[words[: end + 1]], mass[words[:end]])))
            for end, word in enumerate(words)
        ]
        for value in values
        if (words := tuple(value.split()))
    }


def _push(symbols: Sequence[Symbol], agenda: Agenda) -> Agenda:
    for symbol in reversed(symbols):
        agenda = (symbol, agenda)
    return agenda


def floor(documents: Iterable[Document], unit: Literal["bits", "nats"] = "bits") -> Floor:
    """The mean of -log p per token of these very documents, END included.

    The standard error is the ratio estimator's, over documents: tokens of one document are not
    independent. Compare a model with the floor of the same tokens, not of others: both vary
    together, and their difference hardly varies.
    """
    sums = [(-sum(document.log_probs), len(document.tokens)) for document in documents]
    n = len(sums)
    n_tokens = sum(length for _, length in sums)
    mean = sum(surprise for surprise, _ in sums) / n_tokens
    squares = sum((surprise - mean * length) ** 2 for surprise, length in sums)
    standard_error = sqrt(squares * n / (n - 1)) / n_tokens if n > 1 else inf
    scale = log(2) if unit == "bits" else 1.0
    return Floor(mean / scale, standard_error / scale)


# --- The world -----------------------------------------------------------------------------------

# How the lines read: ?place=here chooses and remembers, {here} says it again, {hero.job} is a fact
# about the hero, UPPER CASE goes on with a line of that rule. "4,12,4" are weights by topic.
# What is remembered has another name than its category, so that kinds tell the two apart.
RULES = """
document
    60      once ?person=hero the {hero.job} lives in {hero.home} . STORY
    12      question : ASK
    10      user : i am ?person=speaker . bot : {speaker.home.greeting} {speaker} . user : REQUEST
    10      a ?job=work lives in ?city=town . ?pronoun|work=subject PREDICATE ANONYMOUS
story
    50      {hero.pronoun} PREDICATE STORY
    12,6,6  the ?noun=thing NEAR ?adjective=look . STORY
    6       people in {hero.home} say {hero.home.greeting} . STORY
    10      so ends the tale of {hero} the {hero.job} .
anonymous
    60      {subject} PREDICATE ANONYMOUS
    20      so ends the tale of the {work} .
predicate
    12,4,4  goes to the ?place=here .
    6       is still at the {here} .
    4,12,4  takes the ?object=held .
    6       shows the {held} to ?person|hero=friend .
    6       meets ?person|hero=friend , who says {friend.home.greeting} .
    4       feeds {hero.possessive} {hero.pet} .
    4       likes {hero.colour} things .
    4,4,12  ?verb=action .
near
    6       near the ?noun=attractor {thing.be}
    4       {thing.be}
ask
    3       where does ?person=who live ? in {who.home} .
    3       who is ?person=who ? the {who.job} .
    3       which pet has ?person=who ? the {who.pet} .
    3       what does ?person=who like ? {who.colour} things .
    2       how do people greet in ?city=town ? {town.greeting} .
request
    3       where do i live ? bot : STYLE in {speaker.home} . user : REQUEST
    3       who am i ? bot : STYLE {speaker} the {speaker.job} . user : REQUEST
    3       which pet have i ? bot : STYLE the {speaker.pet} . user : REQUEST
    3       what do i like ? bot : STYLE {speaker.colour} things . user : REQUEST
    8       bye . bot : bye {speaker} .
style
    3       dear {speaker} ,
    3       look ,
    4       well ,
"""
SUMS = """
document
    12      compute ?sum=task gives {task.result} .
"""

WORDS = {
    name: text.split()
    for name, text in {
        "women": "anna bella clara dora emma flora greta helen irene julia karin laura",
        "men": "adam boris carl david erik felix georg hugo ivan jonas kurt leo",
        "families": "abel amari bauer berg chen costa diaz duarte eden frost hart ito jansen khan "
        "lind moreau novak olsen patel quinn rossi silva tanaka ueda vidal weber xu yilmaz zhang "
        "zorn",
        "city": "bergen cairo delhi genoa kyoto lyon porto quito",
        "greeting": "ciao hello hola salut",
        "pet": "cat dog goat hen parrot pony",
        "colour": "black blue green red white yellow",
        "place": "bakery bridge castle forest garden harbour library market mill school station "
        "tower",
        "object": "apple basket book coin cup drum key lamp letter map ring rope",
        "verb": "cooks dances laughs reads rests sings sleeps smiles waits",
        "adjective": "clean heavy lost new old small",
    }.items()
}
FAMILIES_PER_FIRST_NAME = 5

# p(she | job): a correlation that we control, so that a model's bias has a true value.
SHE_GIVEN_JOB = {
    "sailor": 0.20,
    "farmer": 0.29,
    "miller": 0.37,
    "baker": 0.46,
    "painter": 0.54,
    "doctor": 0.63,
    "teacher": 0.71,
    "nurse": 0.80,
}
TILT = 4.0  # how much more often a topic chooses one of its own words


class World(Grammar):
    """The micro-world: 120 people, eight towns, and what is true of them.

    The seed decides the facts (who lives where, what people say in which town) and how often each
    person is spoken of; the grammar and the words stay the same.
    """

    def __init__(self, seed: int = 0, sums: bool = False) -> None:
        """Make a world.

        Args:
            seed: of the facts.
            sums: add documents with small sums, "compute 2 plus 3 gives 5 .".
        """
        uniform = Random(f"world {seed}").random
        families = WORDS["families"]
        self.people = tuple(
            f"{first} {families[(i + 6 * j) % len(families)]}"
            for i, first in enumerate(WORDS["women"] + WORDS["men"])
            for j in range(FAMILIES_PER_FIRST_NAME)
        )
        facts = self._facts(uniform)
        choices = self._choices(uniform)
        super().__init__(RULES + (SUMS if sums else ""), choices, facts)

    def _facts(self, uniform: Callable[[], float]) -> dict[str, dict[str, str]]:
        def pick(words: list[str]) -> str:
            return words[int(uniform() * len(words))]

        facts = {city: {"greeting": pick(WORDS["greeting"])} for city in WORDS["city"]}
        for person in self.people:
            is_woman = person.split()[0] in WORDS["women"]
            jobs = normalise(
                {job: (she if is_woman else 1 - she,) for job, she in SHE_GIVEN_JOB.items()}
            )
            facts[person] = {
                "home": pick(WORDS["city"]),
                "job": Table(jobs).draw(0, uniform())[0],
                "pet": pick(WORDS["pet"]),
                "colour": pick(WORDS["colour"]),
                "pronoun": "she" if is_woman else "he",
                "possessive": "her" if is_woman else "his",
            }
        for thing in WORDS["object"]:
            facts[thing] = {"be": "is"}
            facts[f"{thing}s"] = {"be": "are"}
        for a, b in product(range(5), repeat=2):
            facts[f"{a} plus {b}"] = {"result": str(a + b)}
        return facts

    def _choices(self, uniform: Callable[[], float]) -> dict[str, dict[str, Weights]]:
        def tilted(words: list[str]) -> dict[str, Weights]:
            return {
                word: tuple(TILT if i % TOPICS == topic else 1.0 for topic in range(TOPICS))
                for i, word in enumerate(words)
            }

        # Few people are spoken of often, many seldom (Zipf and Mandelbrot). Division, unlike a
        # power, gives the same bits on every machine.
        ranked = sorted(self.people, key=lambda _: uniform())
        people = {person: (1 / (rank + 5),) * TOPICS for rank, person in enumerate(ranked)}
        return {
            "person": people,
            # Someone else than this person: nobody meets oneself.
            **{
                f"person|{person}": {other: w for other, w in people.items() if other != person}
                for person in people
            },
            **{
                f"pronoun|{job}": {"she": (she,) * TOPICS, "he": (1 - she,) * TOPICS}
                for job, she in SHE_GIVEN_JOB.items()
            },
            "job": dict.fromkeys(SHE_GIVEN_JOB, CERTAIN),
            "city": dict.fromkeys(WORDS["city"], CERTAIN),
            "place": tilted(WORDS["place"]),
            "object": tilted(WORDS["object"]),
            "noun": tilted([noun for thing in WORDS["object"] for noun in (thing, f"{thing}s")]),
            "verb": tilted(WORDS["verb"]),
            "adjective": dict.fromkeys(WORDS["adjective"], CERTAIN),
            "sum": {f"{a} plus {b}": CERTAIN for a, b in product(range(5), repeat=2)},
        }
