"""Block, model and writing, against a Mamba that reads one token at a time, and mambapy's."""

import math

import mambapy.mamba
import torch

from autograder.measure import measured
from autograder.student import gradients
from autograder.testing import exercise, expect, expect_that

TOLERANCE = 1e-8  # relative to the largest; all is float64 here
VOCABULARY = 23


def normal(rng, *shape, dtype=torch.float64):
    generator = torch.Generator().manual_seed(rng.getrandbits(31))
    return torch.randn(shape, generator=generator, dtype=torch.float64).to(dtype)


def some_sizes(rng, **given):
    """Sizes of which no two that could be confused are equal."""
    width, inner = rng.sample([5, 6, 7, 9], 2)
    state, rank, conv = rng.sample([2, 3, 4], 3)
    sizes = {"width": width, "inner": inner, "state": state, "rank": rank, "conv": conv}
    return {"vocabulary": VOCABULARY, "n_layers": rng.choice([2, 3])} | sizes | given


def block_weights(rng, sizes):
    width, inner, state = sizes["width"], sizes["inner"], sizes["state"]
    rank, conv = sizes["rank"], sizes["conv"]
    return {
        "in_proj.weight": 2 * normal(rng, 2 * inner, width) / width**0.5,
        "conv1d.weight": normal(rng, inner, 1, conv) / conv**0.5,
        "conv1d.bias": 0.3 * normal(rng, inner),
        "x_proj.weight": 2 * normal(rng, rank + 2 * state, inner) / inner**0.5,
        "dt_proj.weight": normal(rng, inner, rank) / rank**0.5,
        "dt_proj.bias": normal(rng, inner) - 0.5,
        "A_log": normal(rng, inner, state),
        "D": normal(rng, inner),
        "out_proj.weight": 2 * normal(rng, width, inner) / inner**0.5,
    }


class Oracle:
    """A block that reads one token of one row at a time, and remembers in lists."""

    def __init__(self, weights, sizes):
        self.w, self.sizes = weights, sizes

    def read(self, x, state=None):
        """x: T × D. The outputs, and (past, hidden) of this row."""
        w, inner, conv = self.w, self.sizes["inner"], self.sizes["conv"]
        rank, n = self.sizes["rank"], self.sizes["state"]
        past = torch.zeros(conv - 1, inner).double() if state is None else state[0]
        hidden = torch.zeros(inner, n).double() if state is None else state[1]
        out = []
        for token in x:
            joined = w["in_proj.weight"] @ token
            inside, gate = joined[:inner], joined[inner:]
            past = torch.cat([past, inside[None]])
            mixed = (past.T * w["conv1d.weight"][:, 0]).sum(1) + w["conv1d.bias"]
            past = past[1:]
            u = mixed * mixed.sigmoid()
            chosen = w["x_proj.weight"] @ u
            r, b, c = chosen[:rank], chosen[rank : rank + n], chosen[rank + n :]
            step = (1 + (w["dt_proj.weight"] @ r + w["dt_proj.bias"]).exp()).log()
            decay = (-step[:, None] * w["A_log"].exp()).exp()
            hidden = decay * hidden + torch.outer(step * u, b)
            y = hidden @ c + w["D"] * u
            out.append(w["out_proj.weight"] @ (y * gate * gate.sigmoid()))
        outputs = torch.stack(out) if out else x[:0]
        return outputs, (past, hidden)

    def read_rows(self, x, state=None):
        rows = [
            self.read(row, None if state is None else (state[0][r], state[1][r]))
            for r, row in enumerate(x)
        ]
        pasts, hiddens = zip(*(after for _, after in rows), strict=True)
        return torch.stack([y for y, _ in rows]), (torch.stack(pasts), torch.stack(hiddens))


class ModelOracle:
    """Embedding, layers, norm and head over blocks as above."""

    def __init__(self, rng, sizes):
        self.sizes = sizes
        self.blocks = [block_weights(rng, sizes) for _ in range(sizes["n_layers"])]
        self.norms = [1 + 0.3 * normal(rng, sizes["width"]) for _ in self.blocks]
        self.last_norm = 1 + 0.3 * normal(rng, sizes["width"])
        self.embedding = normal(rng, sizes["vocabulary"], sizes["width"])
        self.eps = sizes.get("norm_eps", 1e-5)

    def weights(self):
        named = {
            f"layers.{i}.mixer.{name}": tensor
            for i, block in enumerate(self.blocks)
            for name, tensor in block.items()
        }
        named |= {f"layers.{i}.norm.weight": norm for i, norm in enumerate(self.norms)}
        named |= {"norm.weight": self.last_norm, "embedding.weight": self.embedding}
        return named | {"head.weight": self.embedding}

    def normed(self, x, weight):
        return x / (x.square().mean(-1, keepdim=True) + self.eps).sqrt() * weight

    def read(self, tokens, state=None):
        x, after = self.embedding[tokens], []
        for i, (block, norm) in enumerate(zip(self.blocks, self.norms, strict=True)):
            before = None if state is None else state[i]
            y, new = Oracle(block, self.sizes).read_rows(self.normed(x, norm), before)
            x = x + y
            after.append(new)
        return self.normed(x, self.last_norm) @ self.embedding.T, after

    def greedy(self, prompts, n_new):
        text = prompts
        for _ in range(n_new):
            text = torch.cat([text, self.read(text)[0][:, -1:].argmax(-1)], dim=1)
        return text[:, prompts.shape[1] :]


def block(student, rng, sizes, dtype=torch.float64):
    """The student's block, and the oracle with the same weights."""
    weights = block_weights(rng, sizes)
    mixer = student.mamba.MambaBlock(student.mamba.MambaConfig.obj(**sizes))
    mixer.to(dtype)
    mixer.load_state_dict({name: tensor.to(dtype) for name, tensor in weights.items()})
    return mixer, Oracle(weights, sizes)


def model(student, rng, **given):
    """The student's model, and the oracle with the same weights."""
    sizes = some_sizes(rng, **given)
    oracle = ModelOracle(rng, sizes)
    mamba = student.mamba.Mamba(student.mamba.MambaConfig.obj(**sizes))
    mamba.double()
    mamba.load_state_dict(oracle.weights())
    return mamba, oracle


def detached(value):
    """The same tuples and lists of tensors, without a graph."""
    if isinstance(value, list | tuple):
        return type(value)(map(detached, value))
    return value.detach() if torch.is_tensor(value) else value


def text(rng, rows, length):
    return torch.tensor([[rng.randrange(VOCABULARY) for _ in range(length)] for _ in range(rows)])


# --- MambaBlock -------------------------------------------------------------------------------


@exercise("mamba.MambaBlock", weight=3)
def test_block_token_by_token(student, rng):
    """A whole text gives what a block gives that reads one token at a time, and the same state."""
    for rows, length in [(1, 1), (1, 3), (2, 5), (3, 6)]:
        sizes = some_sizes(rng)
        mixer, oracle = block(student, rng, sizes)
        x = normal(rng, rows, length, sizes["width"])
        expect(detached(mixer(x)), oracle.read_rows(x), tolerance=TOLERANCE)


@exercise("mamba.MambaBlock", weight=2)
def test_block_is_that_of_mambapy(student, rng):
    """With the same weights the output is that of another library, in float32."""
    for width, conv, rank, state in [(4, 4, 1, 3), (6, 3, 2, 5)]:
        sizes = some_sizes(rng, width=width, inner=2 * width, conv=conv, rank=rank, state=state)
        mixer, oracle = block(student, rng, sizes, torch.float32)
        config = mambapy.mamba.MambaConfig(
            d_model=width, n_layers=1, dt_rank=rank, d_state=state, d_conv=conv, pscan=False
        )
        theirs = mambapy.mamba.MambaBlock(config)
        theirs.load_state_dict({name: tensor.float() for name, tensor in oracle.w.items()})
        x = normal(rng, 2, 7, width, dtype=torch.float32)
        got, _ = mixer(x)
        expect(got.detach(), theirs(x).detach(), tolerance=1e-4)


@exercise("mamba.MambaBlock", weight=3)
def test_block_in_pieces(student, rng):
    """However a text is cut, the pieces say what the whole says, and end in the same state."""
    sizes = some_sizes(rng)
    mixer, oracle = block(student, rng, sizes)
    x = normal(rng, 2, 7, sizes["width"])
    expected, last = oracle.read_rows(x)
    for pieces in ([1] * 7, [2, 5], [6, 1], [3, 1, 3]):
        state = None
        for piece, due in zip(x.split(pieces, 1), expected.split(pieces, 1), strict=True):
            y, state = detached(mixer(piece, state))
            expect(y, due, given=f"a text cut into {pieces}", tolerance=TOLERANCE)
        expect(state, last, given=f"the state after pieces of {pieces}", tolerance=TOLERANCE)


@exercise("mamba.MambaBlock")
def test_block_leaves_its_state(student, rng):
    """Two continuations of one text can begin at the same state, which stays as it was."""
    sizes = some_sizes(rng)
    mixer, oracle = block(student, rng, sizes)
    x = normal(rng, 2, 4, sizes["width"])
    _, state = detached(mixer(x))
    there = [student.support.keep.obj(part) for part in state]
    for more in (normal(rng, 2, 2, sizes["width"]), normal(rng, 2, 1, sizes["width"])):
        got = detached(mixer(more, tuple(there)))
        whole, last = oracle.read_rows(torch.cat([x, more], dim=1))
        expect(got, (whole[:, 4:], last), given="a second continuation", tolerance=TOLERANCE)
    kept = [student.support.keep(part) for part in there]
    expect(kept, list(oracle.read_rows(x)[1]), given="the state afterwards", tolerance=TOLERANCE)


@exercise("mamba.MambaBlock", weight=2)
def test_gradients_of_the_block(student, rng, expect_gradients):
    """Gradients reach the input through convolution, scan and gate, and all parameters."""
    sizes = some_sizes(rng)
    mixer, oracle = block(student, rng, sizes)
    x = normal(rng, 2, 4, sizes["width"])
    expect_gradients(["the input"], lambda x: [mixer(x)[0]], lambda x: [oracle.read_rows(x)[0]], x)
    weights = {name: tensor.clone().requires_grad_() for name, tensor in oracle.w.items()}
    direction = normal(rng, 2, 4, sizes["width"])
    (Oracle(weights, sizes).read_rows(x)[0] * direction).sum().backward()
    fresh, _ = block(student, rng, sizes)
    fresh.load_state_dict(oracle.w)
    (fresh(x)[0] * direction).sum().backward()
    got = gradients(fresh)
    for name, tensor in weights.items():
        given = f"the gradient of {name}"
        expect(got[name], tensor.grad, given=given, tolerance=1e-7)


@exercise("mamba.MambaBlock")
def test_block_holds_no_state_for_every_step(student, rng):
    """A long text is scanned in chunks: no tensor has N numbers for each step and channel."""
    sizes = some_sizes(rng, width=4, inner=8, state=16, rank=1, conv=4)
    mixer, oracle = block(student, rng, sizes)
    x = normal(rng, 1, 200, 4)
    with torch.no_grad(), measured(student) as cost:
        got = mixer(x)
    expect(detached(got), oracle.read_rows(x), tolerance=TOLERANCE)
    expect_that(
        cost.largest < 200 * 8 * 16,
        expected="no tensor of T · E · N numbers",
        got=cost.largest,
        given="200 steps, 8 channels, states of 16",
    )


# --- Mamba ------------------------------------------------------------------------------------


@exercise("mamba.Mamba", weight=3)
def test_logits_of_a_text(student, rng):
    """The logits and the states of all layers, for one row and several."""
    for rows, length in [(1, 1), (2, 4), (3, 5)]:
        mamba, oracle = model(student, rng)
        tokens = text(rng, rows, length)
        logits, state = oracle.read(tokens)
        got = detached(mamba.read(tokens))
        expect(got[0], logits, given="the logits", tolerance=TOLERANCE)
        expect(list(got[1]), state, given="the states, layer by layer", tolerance=TOLERANCE)
        expect(mamba(tokens).detach(), logits, tolerance=TOLERANCE)


@exercise("mamba.Mamba", weight=2)
def test_model_in_pieces(student, rng):
    """However a text is cut, the pieces say what the whole says: each layer has its own state."""
    mamba, oracle = model(student, rng, n_layers=3)
    tokens = text(rng, 2, 6)
    expected, last = oracle.read(tokens)
    for pieces in ([1] * 6, [2, 4], [5, 1]):
        state = None
        for piece, due in zip(tokens.split(pieces, 1), expected.split(pieces, 1), strict=True):
            logits, state = detached(mamba.read(piece, state))
            expect(logits, due, given=f"a text cut into {pieces}", tolerance=TOLERANCE)
        expect(list(state), last, given=f"the states after {pieces}", tolerance=TOLERANCE)


@exercise("mamba.Mamba")
def test_model_hears_the_past_only(student, rng):
    """A later token changes no earlier logit, and an earlier one changes later logits."""
    mamba, oracle = model(student, rng)
    tokens = text(rng, 1, 6)
    before = oracle.read(tokens)[0]
    expect(mamba(tokens).detach(), before, tolerance=TOLERANCE)
    tokens[0, 3] = (tokens[0, 3] + 1) % VOCABULARY
    after = mamba(tokens).detach()
    expect(after, oracle.read(tokens)[0], tolerance=TOLERANCE)
    expect(after[:, :3], before[:, :3], given="logits before the token that changed")


@exercise("mamba.Mamba")
def test_states_do_not_grow(student, rng):
    """A text of forty tokens leaves a state of the same sizes as a text of one, as the oracle's."""
    mamba, oracle = model(student, rng)
    for length in (1, 40):
        tokens = text(rng, 2, length)
        got = detached(mamba.read(tokens))[1]
        expect(list(got), oracle.read(tokens)[1], given=f"{length} tokens", tolerance=TOLERANCE)


# --- state_bytes ------------------------------------------------------------------------------


@exercise("mamba.state_bytes", weight=2)
def test_bytes_are_those_of_the_state(student, rng):
    """As many bytes as the state takes that a model gives back, after any number of tokens."""
    for dtype, size in [(torch.float32, 4), (torch.float64, 8)]:
        for rows, length in [(1, 2), (3, 7)]:
            sizes = some_sizes(rng)
            config = student.mamba.MambaConfig.obj(**sizes)
            conv, inner, n = sizes["conv"], sizes["inner"], sizes["state"]
            state = Oracle(block_weights(rng, sizes), sizes).read_rows(
                normal(rng, rows, length, sizes["width"])
            )[1]
            found = sum(part.to(dtype).numel() * size for part in state) * sizes["n_layers"]
            got = student.mamba.state_bytes(config, n_rows=rows, bytes_per_number=size)
            given = f"{sizes['n_layers']} layers, {rows} rows, E {inner}, N {n}, W {conv}, {dtype}"
            expect(got, found, given=given)


@exercise("mamba.state_bytes")
def test_bytes_of_known_models(student, rng):
    """One row in float32, by default: the sizes of Mamba-130M and Mamba-2.8B."""
    for width, layers, expected in [(768, 24, 24 * 1536 * 19 * 4), (2560, 64, 64 * 5120 * 19 * 4)]:
        config = student.mamba.MambaConfig.obj(50280, width, layers)
        expect(student.mamba.state_bytes(config), expected)
        expect(student.mamba.state_bytes(config, 2, 2), expected)


@exercise("mamba.state_bytes")
def test_twice_of_anything_is_twice_the_bytes(student, rng):
    """Twice the rows, the layers or the bytes of a number: twice the bytes."""
    sizes = some_sizes(rng)
    config = student.mamba.MambaConfig.obj(**sizes)
    once = sizes["inner"] * (sizes["state"] + sizes["conv"] - 1) * sizes["n_layers"] * 15
    expect(student.mamba.state_bytes(config, 3, 5), once)
    expect(student.mamba.state_bytes(config, 6, 5), 2 * once)
    expect(student.mamba.state_bytes(config, 3, 10), 2 * once)
    deeper = student.mamba.MambaConfig.obj(**{**sizes, "n_layers": 2 * sizes["n_layers"]})
    expect(student.mamba.state_bytes(deeper, 3, 5), 2 * once)


# --- generate ---------------------------------------------------------------------------------


@exercise("mamba.generate", weight=3)
def test_most_probable_tokens(student, rng):
    """The tokens that the whole text, read anew for each, calls the most probable."""
    for rows, length, n_new in [(1, 1, 1), (1, 3, 4), (3, 2, 5)]:
        mamba, oracle = model(student, rng)
        prompts = text(rng, rows, length)
        got = student.mamba.generate(mamba, prompts, n_new)
        given = f"{rows} prompts of {length} tokens, {n_new} new ones"
        expect(got, oracle.greedy(prompts, n_new), given=given)


@exercise("mamba.generate", weight=2)
def test_each_token_is_fed_once(student, rng):
    """The prompts in one call, then each new token once; the last one is not fed."""
    for rows, length, n_new in [(1, 6, 3), (2, 4, 5), (2, 3, 1)]:
        mamba, oracle = model(student, rng)
        prompts = text(rng, rows, length)
        with measured(student) as cost:
            got = student.mamba.generate(mamba, prompts, n_new)
        expect(got, oracle.greedy(prompts, n_new))
        expect(cost.tokens, [rows * length] + [rows] * (n_new - 1), given="the tokens fed")


@exercise("mamba.generate", weight=2)
def test_memory_does_not_grow_with_the_text(student, rng):
    """Eighty tokens take no more bytes than ten, but for the tokens themselves."""
    mamba, oracle = model(student, rng, n_layers=2)
    prompts = text(rng, 1, 2)
    peaks = {}
    for n_new in (10, 80):
        with measured(student) as cost:
            got = student.mamba.generate(mamba, prompts, n_new)
        peaks[n_new] = cost.peak_bytes
    expect(got[:, :10], oracle.greedy(prompts, 10), given="the first ten of eighty tokens")
    allowed = peaks[10] + 70 * 8 * 4
    expect_that(
        peaks[80] <= allowed,
        expected=f"no more than {allowed} bytes alive at a time",
        got=peaks[80],
        given=f"80 new tokens; 10 take {peaks[10]}",
    )


@exercise("mamba.generate")
def test_nothing_new(student, rng):
    """No new tokens are none, for every row; and no graph is kept for those that are written."""
    mamba, oracle = model(student, rng)
    prompts = text(rng, 3, 4)
    expect(student.mamba.generate(mamba, prompts, 0), prompts[:, :0])
    got = student.mamba.generate(mamba, prompts, 2)
    expect(got, oracle.greedy(prompts, 2))
    expect(math.prod(got.shape), 6)
