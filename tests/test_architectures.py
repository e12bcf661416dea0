"""The architectures of chapter 9 against those of transformers, on random small models."""

import pytest
import torch
from safetensors.torch import load_file, save_file

from langmodels import architectures as ours
from langmodels import models
from langmodels.pipelines import WordTokenizer, pipeline

# Two right answers differ by the order of sums in float64, relative to the largest logit.
TOLERANCE = 1e-10


@pytest.fixture(scope="module")
def transformers():
    """Imported here, because it takes seconds."""
    import transformers

    return transformers


def random_model(make, config):
    """A model of transformers in float64 whose weights are large enough to tell logits apart."""
    torch.manual_seed(9)
    model = make(config).double().eval()
    for parameter in model.parameters():
        scale = parameter.shape[-1] ** -0.5 if parameter.ndim == 2 else 0.3
        torch.nn.init.normal_(parameter, mean=0.5 * (parameter.ndim == 1), std=scale)
    return model


def loaded(model, weights):
    model = model.double().eval()
    model.load_state_dict(weights)
    return model


def agree(got, expected, tolerance=TOLERANCE):
    assert got.shape == expected.shape
    assert (got - expected).abs().max() <= tolerance * expected.abs().max()


NO_SPECIAL = {"bos_token_id": None, "eos_token_id": None, "pad_token_id": None}


def gpt2(transformers):
    sizes = {"vocab_size": 23, "n_positions": 9, "n_embd": 12, "n_layer": 3, "n_head": 3}
    config = transformers.GPT2Config(**sizes, layer_norm_epsilon=1e-3, **NO_SPECIAL)
    return random_model(transformers.GPT2LMHeadModel, config), ours.GPT2Config(
        23, 12, 3, 3, 9, 1e-3
    )


@torch.no_grad()
def test_gpt2_is_that_of_transformers(transformers):
    theirs, config = gpt2(transformers)
    model = loaded(ours.GPT2(config), ours.from_gpt2(theirs.state_dict()))
    tokens = torch.randint(23, (2, 9))
    agree(model(tokens), theirs(tokens).logits)
    with pytest.raises(ValueError, match="10 tokens"):
        model(torch.zeros(1, 10, dtype=torch.long))


@torch.no_grad()
def test_gpt2_goes_through_a_file_and_back(transformers, tmp_path):
    theirs, config = gpt2(transformers)
    model = loaded(ours.GPT2(config), ours.from_gpt2(theirs.state_dict()))
    save_file(ours.to_gpt2(model.state_dict()), tmp_path / "model.safetensors")
    theirs.config.save_pretrained(tmp_path)
    reader = transformers.GPT2LMHeadModel
    again = reader.from_pretrained(tmp_path, dtype=torch.float64)
    tokens = torch.randint(23, (2, 7))
    agree(again(tokens).logits, model(tokens))
    again.save_pretrained(tmp_path / "theirs")
    weights = load_file(tmp_path / "theirs" / "model.safetensors")
    agree(loaded(ours.GPT2(config), ours.from_gpt2(weights))(tokens), model(tokens))


@pytest.mark.parametrize("family", ["gpt2", "llama", "llama, two matrices"])
def test_parameters_are_counted_as_they_are(transformers, family):
    if family == "gpt2":
        theirs, config = gpt2(transformers)
    else:
        config = models.DecoderConfig(23, 12, 3, 4, 2, 6, 10, tied=family == "llama")
        theirs = models.Decoder(config)
    total = sum(parameter.numel() for parameter in theirs.parameters())
    assert sum(ours.count_parameters(config).values()) == total


def bert_config(transformers, **more):
    sizes = {"vocab_size": 23, "hidden_size": 12, "num_hidden_layers": 2, "num_attention_heads": 3}
    more = {"intermediate_size": 17, "max_position_embeddings": 9, "type_vocab_size": 2} | more
    return transformers.BertConfig(**sizes, **more)


BERT = ours.BERTConfig(23, 12, 2, 3, 17, 9)


@torch.no_grad()
def test_bert_and_its_heads_are_those_of_transformers(transformers):
    torch.manual_seed(1)
    tokens, segments = torch.randint(23, (2, 8)), torch.randint(2, (2, 8))
    real = torch.arange(8) < torch.tensor([[8], [5]])
    given = {"input_ids": tokens, "token_type_ids": segments, "attention_mask": real.long()}
    theirs = random_model(transformers.BertForPreTraining, bert_config(transformers))
    model = loaded(ours.BERTPretraining(BERT), ours.from_bert(theirs.state_dict()))
    said, (guess, follows) = theirs(**given), model(tokens, segments, real)
    agree(guess[real], said.prediction_logits[real])
    agree(follows, said.seq_relationship_logits)
    for name, kind in [("Sequence", ours.Classifier), ("Token", ours.Tagger)]:
        make = getattr(transformers, f"BertFor{name}Classification")
        theirs = random_model(make, bert_config(transformers, num_labels=4))
        weights = ours.from_bert(theirs.state_dict())
        model = kind(BERT, 4)
        if kind is ours.Tagger:  # theirs has no pooler here
            pooler = {n: p for n, p in model.double().state_dict().items() if "pooler" in n}
            weights |= pooler
        got, expected = loaded(model, weights)(tokens, segments, real), theirs(**given).logits
        agree(*((t[real] if t.ndim == 3 else t) for t in (got, expected)))


@torch.no_grad()
def test_t5_is_that_of_transformers(transformers):
    config = transformers.T5Config(
        vocab_size=23, d_model=12, d_kv=5, d_ff=17, num_layers=2, num_heads=3,
        relative_attention_num_buckets=8, relative_attention_max_distance=12,
    )  # fmt: skip
    theirs = random_model(transformers.T5ForConditionalGeneration, config)
    sizes = ours.T5Config(23, 12, 2, 3, 5, 17, 8, 12)
    model = loaded(ours.T5(sizes), ours.from_t5(theirs.state_dict(), sizes))
    tokens, written = torch.randint(23, (2, 14)), torch.randint(23, (2, 11))
    real = torch.arange(14) < torch.tensor([[14], [6]])
    said = theirs(input_ids=tokens, attention_mask=real.long(), decoder_input_ids=written)
    agree(model(tokens, written, real), said.logits, 1e-5)  # their norms compute in float32


@torch.no_grad()
def test_vit_is_that_of_transformers(transformers):
    config = transformers.ViTConfig(
        hidden_size=12, num_hidden_layers=2, num_attention_heads=3, intermediate_size=17,
        image_size=8, patch_size=2, num_labels=5,
    )  # fmt: skip
    theirs = random_model(transformers.ViTForImageClassification, config)
    model = loaded(
        ours.ViT(ours.ViTConfig(8, 2, 12, 2, 3, 17, 5)), ours.from_vit(theirs.state_dict())
    )
    images = torch.randn(2, 3, 8, 8, dtype=torch.float64)
    agree(model(images), theirs(images).logits)


def test_every_task_has_an_answer():
    """A model that knows one sentence: its logits are written by hand."""
    text = "who is in Rome Ada and Ben are . This text about travel food"
    words = WordTokenizer(text.split())

    def told(*rows):
        return lambda tokens, segments=None: torch.tensor([rows[: tokens.shape[1]]])

    def ner(tokens, segments=None):
        kinds = {"Ada": 1, "and": 0, "Ben": 1, "Rome": 3}
        return torch.tensor(
            [[[9.0 * (k == kinds.get(words.words[t], 0)) for k in range(5)] for t in tokens[0]]]
        )

    labels = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"]
    found = pipeline("ner", ner, words, labels)("Ada and Ben  are in Rome")
    assert [entry[:2] for entry in found] == [("Ada", "PER"), ("Ben", "PER"), ("Rome", "LOC")]

    def span(tokens, segments):
        ada = words.ids["Ada"]
        return torch.stack([9.0 * (tokens == ada), 9.0 * (tokens == words.ids["Ben"])], -1)

    asked = pipeline("question-answering", span, words)
    assert asked("who is in Rome", "in Rome are Ada  and Ben .")[0] == "Ada  and Ben"

    def nli(tokens, segments):
        fits = float(words.ids["travel"] in tokens[0])
        return torch.tensor([[5 - 9 * fits, 0.0, 9 * fits - 5]])

    kinds = ["contradiction", "neutral", "entailment"]
    told_apart = pipeline("zero-shot-classification", nli, words, kinds)
    template = "This text is about {} ."
    scores = told_apart("Ada is in Rome", ["food", "travel"], template=template)
    assert max(scores, key=scores.get) == "travel"
    assert told_apart("Ada is in Rome", ["food"], template=template) == {"food": 1.0}

    def guess(tokens, segments):
        one = torch.nn.functional.one_hot(torch.full_like(tokens, words.ids["Rome"]), 20).float()
        return 9 * one, None

    assert pipeline("fill-mask", guess, words)("Ada is in [MASK] .")[0][0][0] == "Rome"
    label, score = pipeline("text-classification", told(0.0, 3.0), words, ["no", "yes"])("is Ada")
    assert (label, score > 0.9) == ("yes", True)
    said = pipeline("feature-extraction", told([1.0, 3.0], [3.0, 5.0], [2.0, 4.0]), words)("Ada")
    assert said.tolist() == [2.0, 4.0]

    def follow(tokens):
        return torch.nn.functional.one_hot((tokens + 1) % 20, 20).float()

    assert pipeline("text-generation", follow, words)("who", n_new=3) == "who is in Rome"
    with pytest.raises(ValueError, match="fill-mask"):
        pipeline("chess", guess, words)
