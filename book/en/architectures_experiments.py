"""What the pages of Chapter 9 share: three families at the same task, and a small tagger.

The pages import this file from their own folder; the book's build does not read it.
"""

from dataclasses import replace

import torch
from torch import Tensor
from torch.nn import functional

from langmodels.architectures import (
    GPT2,
    T5,
    BERTConfig,
    BERTPretraining,
    GPT2Config,
    T5Config,
    Tagger,
)
from langmodels.attention import attention_weights, causal_mask, split_heads
from langmodels.pipelines import WordTokenizer
from langmodels.training import Recipe, train

torch.set_num_threads(1)

# --- Palindromes: a letter is known from the other end -----------------------------------------

N_LETTERS, HALF = 8, 5
MASK, START = N_LETTERS, N_LETTERS + 1
LENGTH, VOCABULARY = 2 * HALF, N_LETTERS + 2
RECIPE = Recipe(n_steps=600, learning_rate=5e-3, warm_up=50)


def palindromes(size: int, seed: int) -> Tensor:
    """Rows of random letters, then the same backwards: size × LENGTH."""
    generator = torch.Generator().manual_seed(seed)
    half = torch.randint(N_LETTERS, (size, HALF), generator=generator)
    return torch.cat([half, half.flip(1)], dim=1)


def train_bert(seed: int = 0) -> BERTPretraining:
    """Three hidden letters in each text are to be guessed."""
    torch.manual_seed(seed)
    model = BERTPretraining(BERTConfig(VOCABULARY, 32, 2, 2, 64, max_length=LENGTH))
    for table in (model.bert.embedding, model.bert.positions):
        torch.nn.init.normal_(table.weight, std=0.3)  # so that few steps are enough

    def loss(number: int) -> Tensor:
        text = palindromes(32, seed * 10_000 + number)
        generator = torch.Generator().manual_seed(number)
        places = torch.rand(text.shape, generator=generator).argsort(-1)[:, :3]
        logits, _ = model(text.scatter(1, places, MASK))
        return functional.cross_entropy(
            logits.gather(1, places[..., None].expand(-1, -1, VOCABULARY)).flatten(0, 1),
            text.gather(1, places).flatten(),
        )

    train(model, loss, RECIPE)
    return model


def train_gpt2(seed: int = 0) -> GPT2:
    """Each letter is to be predicted from those before it."""
    torch.manual_seed(seed)
    model = GPT2(GPT2Config(VOCABULARY, 32, 2, 2, max_length=LENGTH + 1))

    def loss(number: int) -> Tensor:
        text = palindromes(32, seed * 10_000 + number)
        logits = model(functional.pad(text, (1, 0), value=START)[:, :-1])
        return functional.cross_entropy(logits.flatten(0, 1), text.flatten())

    train(model, loss, RECIPE)
    return model


def train_t5(seed: int = 0) -> T5:
    """The first half is read, the second is to be written."""
    recipe = replace(RECIPE, learning_rate=3e-3)
    torch.manual_seed(seed)
    model = T5(T5Config(VOCABULARY, 32, 2, 2, 16, 64, n_buckets=32, max_distance=16))
    # T5 begins with large numbers, and its norms keep them in bounds.
    for name, parameter in model.named_parameters():
        if "bias" in name:
            torch.nn.init.normal_(parameter, std=2.0)
        elif parameter.dim() > 1:
            scale = 1.0 if name == "embedding.weight" else parameter.shape[1] ** -0.5
            torch.nn.init.normal_(parameter, std=scale)

    def loss(number: int) -> Tensor:
        read, write = palindromes(32, seed * 10_000 + number).chunk(2, dim=1)
        logits = model(read, functional.pad(write, (1, 0), value=START)[:, :-1])
        return functional.cross_entropy(logits.flatten(0, 1), write.flatten())

    train(model, loss, recipe)
    return model


@torch.no_grad()
def accuracy_by_place(model: BERTPretraining | GPT2 | T5) -> list[float]:
    """The share of letters that are known at each place, of 400 new texts."""
    text = palindromes(400, 10**6)
    if isinstance(model, BERTPretraining):  # one place is hidden at a time
        guesses = [
            model(text.index_fill(1, torch.tensor([place]), MASK))[0][:, place]
            for place in range(LENGTH)
        ]
        logits = torch.stack(guesses, dim=1)
    elif isinstance(model, GPT2):
        logits = model(functional.pad(text, (1, 0), value=START)[:, :-1])
    else:
        read, text = text.chunk(2, dim=1)
        logits = model(read, functional.pad(text, (1, 0), value=START)[:, :-1])
    return (logits.argmax(-1) == text).float().mean(0).tolist()


@torch.no_grad()
def attention_maps(
    model: torch.nn.Module, kind: str, causal: bool, *inputs: Tensor
) -> dict[str, Tensor]:
    """The mean attention weights of each head, by the name of the attention it belongs to.

    Args:
        kind: how the names of the modules of attention end.
        causal: whether it is under a causal mask. No other mask, nor bias, is known here.
        inputs: to call the model with.
    """
    maps = {}

    def hook(module: torch.nn.Module, arguments: tuple, options: dict, _: Tensor) -> None:
        x = arguments[0]
        context = arguments[1] if len(arguments) > 1 and arguments[1] is not None else x
        query_matrix, key_matrix, _ = module.in_proj.weight.chunk(3)
        biases = (0.0, 0.0) if module.in_proj.bias is None else module.in_proj.bias.chunk(3)[:2]
        query = split_heads(x @ query_matrix.T + biases[0], module.n_heads)
        key = split_heads(context @ key_matrix.T + biases[1], module.n_heads)
        mask = causal_mask(x.shape[1], context.shape[1]) if causal else None
        maps[names[module]] = attention_weights(query, key, mask).mean(0)

    names = {module: name for name, module in model.named_modules() if name.endswith(kind)}
    handles = [module.register_forward_hook(hook, with_kwargs=True) for module in names]
    model(*inputs)
    for handle in handles:
        handle.remove()
    return maps


# --- A small world of names --------------------------------------------------------------------

PEOPLE = ["Ada", "Ben", "Cleo", "Dan", "Ada Hill", "Ben Stone", "Mary Hill", "Dan Stone"]
PLACES = ["Rome", "Paris", "New York", "Hill Town", "Stone Bay", "York"]
FRAMES = ["{p} lives in {c} .", "{p} and {q} met in {c} .", "in {c} lives {p} .", "{p} saw {q} ."]
LABELS = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"]
WORDS = sorted({w for part in [*PEOPLE, *PLACES, *FRAMES] for w in part.split() if "{" not in w})
TOKENIZER = WordTokenizer([*WORDS, "who", "where", "?"])


def labelled(generator: torch.Generator) -> tuple[str, list[int]]:
    """A sentence, and the number of the label of each of its words."""

    def draw(names: list[str]) -> str:
        return names[int(torch.randint(len(names), (), generator=generator))]

    names = {"p": (draw(PEOPLE), 1), "q": (draw(PEOPLE), 1), "c": (draw(PLACES), 3)}
    words, labels = [], []
    for word in draw(FRAMES).split():
        name, label = names.get(word.strip("{}"), (word, 0)) if "{" in word else (word, 0)
        parts = name.split()
        words += parts
        labels += [label + (label > 0) * (place > 0) for place in range(len(parts))]
    return " ".join(words), labels


def batch_of(examples: list[tuple[str, list[int]]]) -> tuple[Tensor, Tensor, Tensor]:
    """Tokens, labels (-100 at special tokens and padding), and what is real."""
    tokens = [torch.tensor(TOKENIZER.encode(text).tokens) for text, _ in examples]
    labels = [torch.tensor([-100, *row, -100]) for _, row in examples]
    padded = torch.nn.utils.rnn.pad_sequence(tokens, batch_first=True, padding_value=-1)
    due = torch.nn.utils.rnn.pad_sequence(labels, batch_first=True, padding_value=-100)
    return padded.clamp(min=0), due, padded >= 0


def train_tagger(n_steps: int, seed: int = 0) -> Tagger:
    """Teach a BERT which words are names."""
    torch.manual_seed(seed)
    config = BERTConfig(len(TOKENIZER.words), 32, 2, 4, 64, max_length=24)
    model = Tagger(config, len(LABELS))

    def loss(number: int) -> Tensor:
        generator = torch.Generator().manual_seed(seed * 10_000 + number)
        tokens, labels, real = batch_of([labelled(generator) for _ in range(16)])
        return functional.cross_entropy(model(tokens, None, real).flatten(0, 1), labels.flatten())

    train(model, loss, Recipe(n_steps=n_steps, learning_rate=5e-3, warm_up=20))
    return model
