"""BERT, T5, ViT and the mixer: what they say, and what they must not see."""

import torch
from torch.nn import functional

from autograder.testing import exercise, expect

TOLERANCE = 1e-9  # of float64, see conftest


def load(model, state):
    model.to(torch.float64)
    model.load_state_dict({name: tensor.detach() for name, tensor in state.items()})
    return model


# --- BERT -------------------------------------------------------------------------------------


def bert(student, rng, oracle, **given):
    sizes = oracle.some_sizes(rng, inner=rng.choice([7, 11]), max_length=9, **given)
    state = oracle.weights(rng, oracle.bert_shapes(sizes))
    config = student.architectures.BERTConfig.obj(**sizes)
    return load(student.architectures.BERT(config), state), sizes, state


@exercise("architectures.BERT", weight=2)
def test_bert_of_two_texts(student, rng, oracle):
    """What it says at every position, of texts of one or two segments."""
    for rows, length in [(1, 1), (1, 4), (3, 6), (2, 9)]:
        model, sizes, state = bert(student, rng, oracle)
        tokens, segments = oracle.text(rng, rows, length), oracle.text(rng, rows, length) % 2
        expected = oracle.bert(state, sizes, tokens, segments)
        expect(model(tokens, segments).detach(), expected, tolerance=TOLERANCE)


@exercise("architectures.BERT")
def test_one_text_is_the_first(student, rng, oracle):
    """Without segments, all tokens belong to segment 0, whose vector is added too."""
    model, sizes, state = bert(student, rng, oracle)
    tokens = oracle.text(rng, 2, 5)
    expect(model(tokens).detach(), oracle.bert(state, sizes, tokens), tolerance=TOLERANCE)


@exercise("architectures.BERT", weight=2)
def test_nobody_sees_padding(student, rng, oracle):
    """A text in a longer row says what it says alone, whatever stands in the padding."""
    model, sizes, state = bert(student, rng, oracle)
    tokens, segments = oracle.text(rng, 3, 8), oracle.text(rng, 3, 8) % 2
    lengths = [8, rng.randint(2, 4), rng.randint(5, 7)]
    real = torch.arange(8) < torch.tensor(lengths)[:, None]
    got = model(tokens, segments, real).detach()
    for row, length in enumerate(lengths):
        part = tokens[row : row + 1, :length], segments[row : row + 1, :length]
        expected = oracle.bert(state, sizes, *part)
        given = f"row {row}, {length} of 8 tokens are real"
        expect(got[row : row + 1, :length].clone(), expected, given=given, tolerance=TOLERANCE)


@exercise("architectures.BERT")
def test_holes_are_padding_too(student, rng, oracle):
    """What is not real may stand anywhere; real tokens keep their positions."""
    model, sizes, state = bert(student, rng, oracle)
    tokens = oracle.text(rng, 2, 7)
    real = torch.ones(2, 7, dtype=torch.bool)
    real[0, rng.randrange(1, 3)] = False
    real[1, rng.randrange(3, 6)] = False
    got, expected = model(tokens, real=real).detach(), oracle.bert(state, sizes, tokens, None, real)
    expect(got[real], expected[real], tolerance=TOLERANCE)


@exercise("architectures.BERT")
def test_the_pooled_vector(student, rng, oracle):
    """tanh of a linear layer of the first position, and of no other."""
    model, _, state = bert(student, rng, oracle)
    for rows, length in [(1, 1), (2, 3), (3, 5)]:
        hidden = oracle.normal(rng, rows, length, state["pooler.bias"].shape[0])
        expected = oracle.linear(state, "pooler", hidden[:, 0]).tanh()
        expect(model.pool(hidden).detach(), expected, tolerance=TOLERANCE)


@exercise("architectures.BERT")
def test_gradients_reach_all_of_bert(student, rng, oracle, expect_gradients):
    """Every weight gets its gradient, also through what is pooled."""
    model, sizes, state = bert(student, rng, oracle, n_layers=2)
    state = {name: tensor.requires_grad_() for name, tensor in state.items()}
    tokens, segments = oracle.text(rng, 2, 4), oracle.text(rng, 2, 4) % 2
    hidden, right = model(tokens, segments), oracle.bert(state, sizes, tokens, segments)
    pooled = oracle.linear(state, "pooler", right[:, 0]).tanh()
    expect_gradients(model, [hidden, model.pool(hidden)], state, [right, pooled])


# --- BERTPretraining --------------------------------------------------------------------------


def pretraining(student, rng, oracle, **given):
    sizes = oracle.some_sizes(rng, inner=rng.choice([7, 11]), max_length=9, **given)
    width = sizes["width"]
    shapes = {
        **oracle.bert_shapes(sizes, prefix="bert."),
        **oracle.linear_shapes("transform", width, width),
        **oracle.norm_shapes("transform_norm", width),
        "token_bias": (sizes["vocabulary"],),
        **oracle.linear_shapes("next_sentence", width, 2),
    }
    state = oracle.weights(rng, shapes)
    config = student.architectures.BERTConfig.obj(**sizes)
    return load(student.architectures.BERTPretraining(config), state), sizes, state


def two_answers(oracle, w, c, *inputs):
    hidden = oracle.bert(w, c, *inputs, prefix="bert.")
    guess = functional.gelu(oracle.linear(w, "transform", hidden))
    guess = oracle.norm(w, "transform_norm", guess, c["norm_eps"])
    logits = functional.linear(guess, w["bert.embedding.weight"], w["token_bias"])
    pooled = oracle.linear(w, "bert.pooler", hidden[:, 0]).tanh()
    return logits, oracle.linear(w, "next_sentence", pooled)


@exercise("architectures.BERTPretraining", weight=2)
def test_both_answers(student, rng, oracle):
    """The logits of the tokens at all positions, and those of the two texts being neighbours."""
    for rows, length in [(1, 1), (2, 3), (3, 6)]:
        model, sizes, state = pretraining(student, rng, oracle)
        inputs = oracle.text(rng, rows, length), oracle.text(rng, rows, length) % 2
        logits, follows = model(*inputs)
        expected = two_answers(oracle, state, sizes, *inputs)
        expect(logits.detach(), expected[0], given="the tokens' logits", tolerance=TOLERANCE)
        expect(follows.detach(), expected[1], given="the neighbours' logits", tolerance=TOLERANCE)


@exercise("architectures.BERTPretraining")
def test_the_guess_is_made_where_the_token_stands(student, rng, oracle):
    """Another token at one place changes the guesses at all places, as both sides are heard."""
    model, sizes, state = pretraining(student, rng, oracle)
    tokens = oracle.text(rng, 1, 5)
    for place in (0, 4):
        tokens[0, place] = (tokens[0, place] + 1) % oracle.VOCABULARY
        got = [part.detach() for part in model(tokens)]
        expect(got, list(two_answers(oracle, state, sizes, tokens)), tolerance=TOLERANCE)


@exercise("architectures.BERTPretraining")
def test_padding_changes_no_answer(student, rng, oracle):
    """Both answers of a padded text are those of the text alone."""
    model, sizes, state = pretraining(student, rng, oracle)
    tokens, segments = oracle.text(rng, 2, 7), oracle.text(rng, 2, 7) % 2
    real = torch.arange(7) < torch.tensor([[4], [7]])
    logits, follows = (part.detach() for part in model(tokens, segments, real))
    expected = two_answers(oracle, state, sizes, tokens[:1, :4], segments[:1, :4])
    expect(logits[:1, :4].clone(), expected[0], tolerance=TOLERANCE)
    expect(follows[:1].clone(), expected[1], tolerance=TOLERANCE)


@exercise("architectures.BERTPretraining")
def test_gradients_of_both_losses(student, rng, oracle, expect_gradients):
    """Every weight gets its gradient; the embedding gets those of both of its uses."""
    model, sizes, state = pretraining(student, rng, oracle, n_layers=2)
    state = {name: tensor.requires_grad_() for name, tensor in state.items()}
    inputs = oracle.text(rng, 2, 3), oracle.text(rng, 2, 3) % 2
    expect_gradients(model, model(*inputs), state, two_answers(oracle, state, sizes, *inputs))


# --- T5 ---------------------------------------------------------------------------------------


def t5(student, rng, oracle, **given):
    sizes = oracle.some_sizes(rng, inner=rng.choice([7, 11]), head_width=rng.choice([4, 7]))
    sizes |= {"n_buckets": 8, "max_distance": rng.choice([7, 9]), **given}
    state = oracle.weights(rng, oracle.t5_shapes(sizes))
    config = student.architectures.T5Config.obj(**sizes)
    return load(student.architectures.T5(config), state), sizes, state


@exercise("architectures.T5", weight=2)
def test_what_the_encoder_says(student, rng, oracle):
    """The vectors of a text, long enough for distances that share a bucket."""
    for rows, length in [(1, 1), (2, 4), (2, 13)]:
        model, sizes, state = t5(student, rng, oracle)
        tokens = oracle.text(rng, rows, length)
        expected = oracle.t5_encode(state, sizes, tokens)
        expect(model.encode(tokens).detach(), expected, tolerance=TOLERANCE)


@exercise("architectures.T5")
def test_the_encoder_does_not_see_padding(student, rng, oracle):
    """A text in a longer row says what it says alone."""
    model, sizes, state = t5(student, rng, oracle)
    tokens = oracle.text(rng, 3, 8)
    lengths = [3, 8, 6]
    real = torch.arange(8) < torch.tensor(lengths)[:, None]
    got = model.encode(tokens, real).detach()
    for row, length in enumerate(lengths):
        expected = oracle.t5_encode(state, sizes, tokens[row : row + 1, :length])
        given = f"row {row}, {length} of 8 tokens are real"
        expect(got[row : row + 1, :length].clone(), expected, given=given, tolerance=TOLERANCE)


@exercise("architectures.T5", weight=2)
def test_what_the_decoder_writes(student, rng, oracle):
    """Logits after each written token, for a context that is longer or shorter than that."""
    for rows, length, read in [(1, 1, 2), (2, 4, 3), (2, 12, 5)]:
        model, sizes, state = t5(student, rng, oracle)
        written = oracle.text(rng, rows, length)
        context = oracle.normal(rng, rows, read, sizes["width"])
        expected = oracle.t5_decode(state, sizes, written, context)
        expect(model.decode(written, context).detach(), expected, tolerance=TOLERANCE)


@exercise("architectures.T5")
def test_the_decoder_does_not_look_ahead(student, rng, oracle):
    """A later token changes no earlier logit, and an earlier one changes later logits."""
    model, sizes, state = t5(student, rng, oracle)
    written, context = oracle.text(rng, 1, 6), oracle.normal(rng, 1, 4, sizes["width"])
    before = model.decode(written, context).detach()
    written[0, 2] = (written[0, 2] + 1) % oracle.VOCABULARY
    after = model.decode(written, context).detach()
    expect(after[:, :2], before[:, :2], given="logits before the token that changed")
    expected = oracle.t5_decode(state, sizes, written, context)
    expect(after, expected, tolerance=TOLERANCE)


@exercise("architectures.T5")
def test_the_context_has_padding(student, rng, oracle):
    """The decoder does not look at the padding of the text that was read."""
    model, sizes, state = t5(student, rng, oracle)
    written, context = oracle.text(rng, 2, 5), oracle.normal(rng, 2, 7, sizes["width"])
    real = torch.arange(7) < torch.tensor([[7], [3]])
    got = model.decode(written, context, real).detach()
    for row, length in enumerate((7, 3)):
        part = context[row : row + 1, :length]
        expected = oracle.t5_decode(state, sizes, written[row : row + 1], part)
        given = f"{length} of 7 positions of the context are real"
        expect(got[row : row + 1].clone(), expected, given=given, tolerance=TOLERANCE)


@exercise("architectures.T5")
def test_gradients_reach_both_stacks(student, rng, oracle, expect_gradients):
    """Reading and writing in one: every weight gets its gradient, the tables among them."""
    model, sizes, state = t5(student, rng, oracle, n_layers=2)
    state = {name: tensor.requires_grad_() for name, tensor in state.items()}
    tokens, written = oracle.text(rng, 2, 5), oracle.text(rng, 2, 4)
    real = torch.arange(5) < torch.tensor([[5], [3]])
    context = oracle.t5_encode(state, sizes, tokens, real)
    expected = oracle.t5_decode(state, sizes, written, context, real)
    expect_gradients(model, [model(tokens, written, real)], state, [expected])


# --- patches and ViT --------------------------------------------------------------------------


def cut_out(images, size):
    """Square by square."""
    rows, columns = images.shape[-2] // size, images.shape[-1] // size
    squares = [
        images[:, :, size * r : size * (r + 1), size * c : size * (c + 1)].flatten(1)
        for r in range(rows)
        for c in range(columns)
    ]
    return torch.stack(squares, dim=1)


@exercise("architectures.patches", weight=2)
def test_squares_one_after_the_other(student, rng, oracle):
    """The squares come row by row; in each the channels, and in these the pixels row by row."""
    for batch, channels, rows, columns, size in [
        (1, 1, 1, 2, 2),
        (1, 2, 2, 3, 2),
        (2, 3, 4, 2, 3),
        (3, 4, 3, 5, 1),
    ]:
        images = oracle.normal(rng, batch, channels, rows * size, columns * size)
        given = f"images of shape {tuple(images.shape)}, squares of {size}"
        got = student.architectures.patches(images, size)
        expect(got, cut_out(images, size), given=given, tolerance=0.0)


@exercise("architectures.patches")
def test_patches_are_what_a_convolution_sees(student, rng, oracle):
    """A matrix on each patch is a convolution whose window moves on by its own width."""
    images = oracle.normal(rng, 2, 3, 6, 10)
    window = oracle.normal(rng, 5, 3, 2, 2)
    expected = functional.conv2d(images, window, stride=2).flatten(2).transpose(1, 2)
    got = student.architectures.patches(images, 2)
    expect(got @ window.flatten(1).T, expected, tolerance=1e-12)


@exercise("architectures.patches")
def test_views_and_dtypes(student, rng, oracle):
    """Images that are not contiguous are cut as well, and the dtype stays."""
    for dtype in (torch.float32, torch.bfloat16):
        images = oracle.normal(rng, 2, 3, 4, 8, dtype=dtype)
        got = student.support.on_views("patches", images, 4)
        expect(got, cut_out(images, 4), tolerance=0.0)
        turned = images.mT
        expect(student.architectures.patches(turned, 4), cut_out(turned, 4), tolerance=0.0)


@exercise("architectures.patches")
def test_each_pixel_is_used_once(student, rng, oracle):
    """The gradient of a weighted sum is each pixel's weight, at its place in the image."""
    images = oracle.normal(rng, 2, 2, 6, 4).requires_grad_()
    factors = oracle.normal(rng, 2, 2, 6, 4)
    (student.architectures.patches(images, 2) * cut_out(factors, 2)).sum().backward()
    expect(images.grad, factors, tolerance=0.0)


def vit(student, rng, oracle, **given):
    sizes = oracle.some_sizes(rng, inner=rng.choice([7, 11]), image=8, patch=4, channels=3)
    sizes |= {"n_classes": 5, **given}
    del sizes["vocabulary"]
    state = oracle.weights(rng, oracle.vit_shapes(sizes))
    config = student.architectures.ViTConfig.obj(**sizes)
    return load(student.architectures.ViT(config), state), sizes, state


@exercise("architectures.ViT", weight=2)
def test_classes_of_images(student, rng, oracle):  # lint: ok square (a ViT reads squares)
    """The logits of one image and several, in patches of several sizes."""
    for rows, image, patch, channels in [(1, 2, 2, 1), (2, 6, 3, 3), (3, 8, 2, 2)]:
        given = {"image": image, "patch": patch, "channels": channels}
        model, sizes, state = vit(student, rng, oracle, **given)
        images = oracle.normal(rng, rows, channels, image, image)
        expected = oracle.vit(state, sizes, images)
        expect(model(images).detach(), expected, tolerance=TOLERANCE)


@exercise("architectures.ViT")
def test_images_do_not_see_each_other(student, rng, oracle):
    """An image in a batch has the logits that it has alone."""
    model, sizes, state = vit(student, rng, oracle)
    images = oracle.normal(rng, 3, 3, 8, 8)
    expected = torch.cat([oracle.vit(state, sizes, image[None]) for image in images])
    expect(model(images).detach(), expected, tolerance=TOLERANCE)


@exercise("architectures.ViT")
def test_places_of_patches_matter(student, rng, oracle):
    """The image with its halves exchanged has other logits: those of the exchanged image."""
    model, sizes, state = vit(student, rng, oracle)
    images = oracle.normal(rng, 2, 3, 8, 8)
    for seen in (images, images.roll(4, -1), images.roll(4, -2)):
        expected = oracle.vit(state, sizes, seen)
        expect(model(seen).detach(), expected, tolerance=TOLERANCE)


@exercise("architectures.ViT")
def test_gradients_reach_the_class_token(student, rng, oracle, expect_gradients):
    """Every weight gets its gradient, class token and positions among them."""
    model, sizes, state = vit(student, rng, oracle, n_layers=2)
    state = {name: tensor.requires_grad_() for name, tensor in state.items()}
    images = oracle.normal(rng, 2, 3, 8, 8)
    expect_gradients(model, [model(images)], state, [oracle.vit(state, sizes, images)])


# --- MixerLayer -------------------------------------------------------------------------------


def mixer(student, rng, oracle, n_tokens, width):
    token_inner, inner = rng.sample([4, 7, 9, 11], 2)
    shapes = {
        **oracle.norm_shapes("token_norm", width),
        **oracle.linear_shapes("token_mlp.in_proj", n_tokens, token_inner),
        **oracle.linear_shapes("token_mlp.out_proj", token_inner, n_tokens),
        **oracle.norm_shapes("mlp_norm", width),
        **oracle.linear_shapes("mlp.in_proj", width, inner),
        **oracle.linear_shapes("mlp.out_proj", inner, width),
    }
    state = oracle.weights(rng, shapes)
    layer = student.architectures.MixerLayer(n_tokens, width, token_inner, inner)
    return load(layer, state), state


def mixed(oracle, w, x):
    """The patches of each feature one by one, then the features of each patch."""

    def network(name, row):
        return oracle.linear(
            w, f"{name}.out_proj", functional.gelu(oracle.linear(w, f"{name}.in_proj", row))
        )

    normed = oracle.norm(w, "token_norm", x, 1e-5)
    columns = [network("token_mlp", column) for column in normed.unbind(-1)]
    x = x + torch.stack(columns, dim=-1)
    return x + network("mlp", oracle.norm(w, "mlp_norm", x, 1e-5))


@exercise("architectures.MixerLayer", weight=2)
def test_patches_then_features(student, rng, oracle):
    """What the two networks make of one image and of several, wide and narrow."""
    for rows, n_tokens, width in [(1, 2, 3), (2, 5, 3), (3, 3, 8), (2, 4, 4)]:
        layer, state = mixer(student, rng, oracle, n_tokens, width)
        x = oracle.normal(rng, rows, n_tokens, width)
        expect(layer(x).detach(), mixed(oracle, state, x), tolerance=TOLERANCE)


@exercise("architectures.MixerLayer")
def test_every_patch_is_heard(student, rng, oracle):
    """A change at one patch changes all the others, and no other image."""
    layer, state = mixer(student, rng, oracle, 4, 6)
    x = oracle.normal(rng, 2, 4, 6)
    before = layer(x).detach()
    x[0, rng.randrange(4)] += 1
    after = layer(x).detach()
    expect(after[1], before[1], given="the image that did not change")
    expect(after, mixed(oracle, state, x), tolerance=TOLERANCE)


@exercise("architectures.MixerLayer")
def test_gradients_of_the_mixer(student, rng, oracle, expect_gradients):
    """Every weight gets its gradient."""
    layer, state = mixer(student, rng, oracle, 3, 5)
    state = {name: tensor.requires_grad_() for name, tensor in state.items()}
    x = oracle.normal(rng, 2, 3, 5)
    expect_gradients(layer, [layer(x)], state, [mixed(oracle, state, x)])
