"""BERT, T5, ViT and the mixer: what is seen, what is not, and some numbers by hand."""

import torch

from autograder.student import parameters
from autograder.testing import exercise, expect, expect_that

EXACT_ENOUGH = 1e-5  # some roundings of float32


def fill(model, size=1.0):
    """Random weights, the same each time, large enough to tell answers apart."""
    state = {}
    for number, (name, tensor) in enumerate(parameters(model).items()):
        generator = torch.Generator().manual_seed(number)
        drawn = torch.randn(tensor.shape, generator=generator)
        state[name] = size * drawn / tensor.shape[-1] ** 0.5 if tensor.ndim > 1 else 1 + drawn / 9
    model.load_state_dict(state)
    return state


def differ(one, other):
    return bool(((one - other).abs() > 1e-3).any())


@exercise("architectures.BERT")
def test_both_sides_are_heard(student):
    """Another last token changes what is said at the first position."""
    model = student.architectures.BERT(student.architectures.BERTConfig(9, 4, 1, 2, 6))
    fill(model)
    one, other = (model(torch.tensor([[1, 2, last]])).detach() for last in (3, 4))
    heard = differ(one[0, 0], other[0, 0])
    expect_that(heard, expected="another first vector", got=one[0, 0], given="another last token")


@exercise("architectures.BERT")
def test_a_padded_text_says_what_it_says_alone(student):
    """Two tokens and one of padding: the two say what they say without it."""
    model = student.architectures.BERT(student.architectures.BERTConfig(9, 4, 2, 2, 6))
    fill(model)
    alone = model(torch.tensor([[5, 6]])).detach()
    for padding in (0, 7):
        real = torch.tensor([[True, True, False]])
        got = model(torch.tensor([[5, 6, padding]]), real=real).detach()
        expect(got[:, :2], alone, given=f"{padding} as padding", tolerance=EXACT_ENOUGH)


@exercise("architectures.BERT")
def test_the_first_position_is_pooled(student):
    """With the unit matrix and no bias it is the tanh of the first vector."""
    model = student.architectures.BERT(student.architectures.BERTConfig(9, 2, 1, 1, 3))
    state = fill(model) | {"pooler.weight": torch.eye(2), "pooler.bias": torch.zeros(2)}
    model.load_state_dict(state)
    got = model.pool(torch.tensor([[[0.0, 1.0], [5.0, 5.0]]])).detach()
    expect(got, torch.tensor([[0.0, 0.7615942]]), tolerance=EXACT_ENOUGH)


@exercise("architectures.BERTPretraining")
def test_answers_of_silent_heads(student):
    """With a silent transform every logit is the token's bias; the other answer is a bias too."""
    model = student.architectures.BERTPretraining(student.architectures.BERTConfig(3, 2, 1, 1, 4))
    zeros = {name: 0 * tensor for name, tensor in fill(model).items()}
    bias = torch.tensor([1.0, 2.0, 4.0])
    zeros |= {"token_bias": bias, "next_sentence.bias": torch.tensor([7.0, 8.0])}
    model.load_state_dict(zeros)
    logits, follows = model(torch.tensor([[0, 1], [2, 2]]))
    expect(logits.detach(), bias.expand(2, 2, 3).clone(), tolerance=EXACT_ENOUGH)
    expect(follows.detach(), torch.tensor([[7.0, 8.0]] * 2), tolerance=EXACT_ENOUGH)


@exercise("architectures.BERTPretraining")
def test_a_guess_meets_the_embedding(student):
    """What is normed last is the bias [1, 2] here: its products with the rows of the embedding."""
    model = student.architectures.BERTPretraining(student.architectures.BERTConfig(3, 2, 1, 1, 4))
    zeros = {name: 0 * tensor for name, tensor in fill(model).items()}
    zeros["bert.embedding.weight"] = torch.tensor([[1.0, 0.0], [0.0, 1.0], [3.0, 4.0]])
    zeros["transform_norm.bias"] = torch.tensor([1.0, 2.0])
    model.load_state_dict(zeros)
    logits, _ = model(torch.tensor([[2]]))
    expect(logits.detach(), torch.tensor([[[1.0, 2.0, 11.0]]]), tolerance=EXACT_ENOUGH)


def small_t5(student):
    model = student.architectures.T5(student.architectures.T5Config(9, 4, 2, 2, 3, 5, n_buckets=8))
    fill(model, 2.0)
    return model


@exercise("architectures.T5")
def test_what_each_side_sees(student):
    """The encoder hears both sides, the decoder only what comes before."""
    model = small_t5(student)
    one, other = (model.encode(torch.tensor([[1, 2, last]])).detach() for last in (3, 4))
    heard = differ(one[0, 0], other[0, 0])
    expect_that(heard, expected="another first vector", got=one[0, 0], given="another last token")
    one, other = (model.decode(torch.tensor([[1, 2, last]]), one).detach() for last in (3, 4))
    expect(other[:, :2], one[:, :2], given="logits before the token that changed")
    heard = differ(one[0, 2], other[0, 2])
    expect_that(heard, expected="other logits", got=one[0, 2], given="another last token")


@exercise("architectures.T5")
def test_what_is_read_matters_and_its_padding_does_not(student):
    """Logits differ for another text, and are the same for another padding."""
    model, written = small_t5(student), torch.tensor([[0, 5]])
    alone = model(torch.tensor([[1, 2]]), written).detach()
    other = model(torch.tensor([[1, 3]]), written).detach()
    expect_that(differ(alone, other), expected="other logits", got=alone, given="another text")
    real = torch.tensor([[True, True, False]])
    got = model(torch.tensor([[1, 2, 7]]), written, real).detach()
    expect(got, alone, given="one token of padding", tolerance=EXACT_ENOUGH)


@exercise("architectures.patches")
def test_four_patches_of_four_pixels(student):
    """The pixels of a 4 × 4 image have the numbers 0 to 15, row by row."""
    image = torch.arange(16.0).view(1, 1, 4, 4)
    expected = [[0, 1, 4, 5], [2, 3, 6, 7], [8, 9, 12, 13], [10, 11, 14, 15]]
    expect(student.architectures.patches(image, 2), torch.tensor([expected]).float())


@exercise("architectures.patches")
def test_channels_stay_together(student):
    """Two channels, two patches beside each other: each has four numbers of each channel."""
    image = torch.arange(16.0).view(1, 2, 2, 4)
    expected = [[0, 1, 4, 5, 8, 9, 12, 13], [2, 3, 6, 7, 10, 11, 14, 15]]
    expect(student.architectures.patches(image, 2), torch.tensor([expected]).float())


def silent_vit(student):
    """One pixel a patch, one feature more than that; all layers are silent."""
    config = student.architectures.ViTConfig(2, 1, 2, 1, 1, 3, 2, channels=1, norm_eps=1e-9)
    model = student.architectures.ViT(config)
    state = {name: 0 * tensor for name, tensor in fill(model).items()}
    state |= {"norm.weight": torch.ones(2), "head.weight": torch.eye(2)}
    return model, state


@exercise("architectures.ViT")
def test_the_class_token_is_read(student):
    """[3, 1] is normed to [1, -1], whatever the image shows."""
    model, state = silent_vit(student)
    model.load_state_dict(state | {"class_token": torch.tensor([3.0, 1.0])})
    got = model(torch.arange(8.0).view(2, 1, 2, 2)).detach()
    expect(got, torch.tensor([[1.0, -1.0]] * 2), tolerance=EXACT_ENOUGH)


@exercise("architectures.ViT")
def test_its_position_is_the_first(student):
    """The first position is added to the class token: [3, 1] + [0, 9] is normed to [-1, 1]."""
    model, state = silent_vit(student)
    positions = torch.zeros(5, 2)
    positions[0, 1] = 9
    state |= {"class_token": torch.tensor([3.0, 1.0]), "positions": positions}
    model.load_state_dict(state)
    got = model(torch.zeros(1, 1, 2, 2)).detach()
    expect(got, torch.tensor([[-1.0, 1.0]]), tolerance=EXACT_ENOUGH)


@exercise("architectures.MixerLayer")
def test_a_silent_layer_changes_nothing(student):
    """With matrices of zeros both sums add nothing."""
    layer = student.architectures.MixerLayer(3, 2, 4, 5)
    layer.load_state_dict({name: 0 * tensor for name, tensor in fill(layer).items()})
    x = torch.tensor([[[1.0, 2.0], [3.0, 5.0], [8.0, 1.0]]])
    expect(layer(x).detach(), x, tolerance=EXACT_ENOUGH)


@exercise("architectures.MixerLayer")
def test_patches_are_mixed_feature_by_feature(student):
    """The first network's last bias, one number a patch, is added to both of its features."""
    layer = student.architectures.MixerLayer(3, 2, 4, 5)
    state = {name: 0 * tensor for name, tensor in fill(layer).items()}
    layer.load_state_dict(state | {"token_mlp.out_proj.bias": torch.tensor([10.0, 20.0, 30.0])})
    x = torch.tensor([[[1.0, 2.0], [3.0, 5.0], [8.0, 1.0]]])
    expected = torch.tensor([[[11.0, 12.0], [23.0, 25.0], [38.0, 31.0]]])
    expect(layer(x).detach(), expected, tolerance=EXACT_ENOUGH)
