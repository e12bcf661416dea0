"""Whole models, made of the blocks of chapter 8: decoder, encoder, both, and one that reads images.

The families differ in three things: what a position may see (the mask), how positions are told
apart, and what is read off at the top. GPT-2 sees the past and says the next token; BERT sees
everything and says hidden tokens, or what a text is; T5 reads with one stack and writes with
another; ViT is an encoder whose words are patches of an image. LLaMA is `models.Decoder`.

Letters, the same in every shape
    B   batch                       V   vocabulary
    T   positions                   L   layers
    S   positions of what is read   H   heads, each K wide
    D   model width                 F   inner width of the feed-forward network
    P   side of a patch, pixels     C   channels, or classes where a label is due

Sources: Radford et al. (2019), GPT-2; Devlin et al. (2019), BERT; Raffel et al. (2020), T5;
Dosovitskiy et al. (2021), ViT; Tolstikhin et al. (2021), MLP-Mixer.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from langmodels.attention import MultiHeadAttention, causal_mask
from langmodels.models import DecoderConfig
from langmodels.transformer import EncoderLayer, FeedForward, LayerNorm, RelativeBias, RMSNorm

# --- Decoder: GPT-2 ---------------------------------------------------------------------------


@dataclass(frozen=True)
class GPT2Config:
    """The sizes of a GPT-2; its feed-forward networks are 4 D wide inside."""

    vocabulary: int  # V
    width: int  # D
    n_layers: int  # L
    n_heads: int  # H
    max_length: int = 1024  # positions that have a vector
    norm_eps: float = 1e-5


class GPT2(nn.Module):
    """A language model: logits of the next token at every position.

    Tokens and positions have learned vectors, which are added; the layers have the norm first and
    the approximate GELU; after them comes one more norm. The last matrix is the embedding itself.
    """

    def __init__(self, config: GPT2Config) -> None:
        """Weights are drawn from N(0, 0.02²)."""
        super().__init__()
        self.config = c = config
        self.embedding = nn.Embedding(c.vocabulary, c.width)
        self.positions = nn.Embedding(c.max_length, c.width)
        self.layers = nn.ModuleList(
            EncoderLayer(c.width, c.n_heads, 4 * c.width, eps=c.norm_eps) for _ in range(c.n_layers)
        )
        for layer in self.layers:
            layer.mlp = FeedForward(c.width, 4 * c.width, approximate="tanh")
        self.norm = LayerNorm(c.width, c.norm_eps)
        draw_weights(self)

    def forward(self, tokens: Int[Tensor, "B T"]) -> Float[Tensor, "B T V"]:
        """Logits for the token after each position; no position sees a later one.

        Raises:
            ValueError: for a text longer than `max_length`.
        """
        length = tokens.shape[1]
        if length > self.config.max_length:
            raise ValueError(
                f"{length} tokens, but only {self.config.max_length} positions have a vector"
            )
        # BEGIN SOLUTION
        x = self.embedding(tokens) + self.positions.weight[:length]
        mask = causal_mask(length, length).to(tokens.device)
        for layer in self.layers:
            x = layer(x, mask)
        logits: Tensor = self.norm(x) @ self.embedding.weight.T
        return logits
        # END SOLUTION


def draw_weights(model: nn.Module) -> None:
    """Matrices from N(0, 0.02²), biases 0; norms stay as they are."""
    for parameter in model.parameters():
        if parameter.dim() > 1:
            nn.init.normal_(parameter, std=0.02)
    for module in model.modules():
        if isinstance(module, nn.Linear) and module.bias is not None:
            nn.init.zeros_(module.bias)


def from_gpt2(weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The state dict of our GPT-2 from that of a `GPT2LMHeadModel` of transformers.

        theirs                               ours
        wte, wpe                             embedding, positions
        h.N.ln_1, h.N.ln_2, ln_f             layers.N.attention_norm, layers.N.mlp_norm, norm
        h.N.attn.c_attn, h.N.attn.c_proj     layers.N.attention.in_proj, ….out_proj
        h.N.mlp.c_fc, h.N.mlp.c_proj         layers.N.mlp.in_proj, ….out_proj

    Their names begin with "transformer." or, in the file that OpenAI published, do not. Their
    linear layers compute x @ W + b, ours x @ Wᵀ + b. What is not in the table (the last matrix,
    which is the embedding; masks that old files hold as h.N.attn.bias) is left out.
    """
    # BEGIN SOLUTION
    ours = {}
    for name, tensor in weights.items():
        name = name.removeprefix("transformer.")
        if name == "lm_head.weight" or re.fullmatch(r"h\.\d+\.attn\.(masked_)?bias", name):
            continue
        is_matrix = name.endswith((".c_attn.weight", ".c_proj.weight", ".c_fc.weight"))
        ours[renamed(name, GPT2_NAMES)] = tensor.T if is_matrix else tensor
    return ours
    # END SOLUTION


def to_gpt2(weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The other way: what `GPT2LMHeadModel` loads, with names that begin with "transformer.".

    The last matrix is left out, since it is the embedding: a safetensors file holds no tensor
    twice. Every tensor is contiguous, as such a file wants it.
    """
    theirs = {}
    for name, tensor in weights.items():
        is_matrix = name.endswith("_proj.weight")
        for new, old in GPT2_NAMES.items():
            name = re.sub(rf"(^|\.){re.escape(old)}\.", rf"\g<1>{new}.", name)
        theirs[f"transformer.{name}"] = (tensor.T if is_matrix else tensor).contiguous()
    return theirs


def renamed(name: str, table: Mapping[str, str]) -> str:
    """A name whose parts are replaced, those between dots; the table is read from the top."""
    for theirs, ours in table.items():
        name = re.sub(rf"(^|\.){re.escape(theirs)}(?=\.|$)", rf"\g<1>{ours}", name)
    return name


GPT2_NAMES = {  # theirs → ours
    "wte": "embedding",
    "wpe": "positions",
    "attn.c_attn": "attention.in_proj",
    "attn.c_proj": "attention.out_proj",
    "mlp.c_fc": "mlp.in_proj",
    "mlp.c_proj": "mlp.out_proj",
    "ln_1": "attention_norm",
    "ln_2": "mlp_norm",
    "ln_f": "norm",
    "h": "layers",
}


def count_parameters(config: GPT2Config | DecoderConfig) -> dict[str, int]:
    """How many numbers a GPT-2, or a LLaMA, has to learn, by where they are; no model is made.

    Returns:
        "embeddings": tokens, positions where these are learned, and the last matrix where it is
            one of its own (`tied` is False);
        "attention": of all layers: matrices, and biases where there are any (GPT-2);
        "feed_forward": the same; a SwiGLU has three matrices;
        "norms": all of them, with the last.
    """
    c = config
    # BEGIN SOLUTION
    if isinstance(c, GPT2Config):
        layer = {
            "attention": 4 * c.width * (c.width + 1),
            "feed_forward": (8 * c.width + 5) * c.width,
        }
        embeddings = (c.vocabulary + c.max_length) * c.width
        norm = 2 * c.width
    else:
        heads = 2 * c.n_heads + 2 * c.n_kv_heads
        layer = {
            "attention": heads * c.head_width * c.width,
            "feed_forward": 3 * c.inner * c.width,
        }
        embeddings = (1 if c.tied else 2) * c.vocabulary * c.width
        norm = c.width
    return {
        "embeddings": embeddings,
        **{part: c.n_layers * count for part, count in layer.items()},
        "norms": (2 * c.n_layers + 1) * norm,
    }
    # END SOLUTION


# --- Encoder: BERT ----------------------------------------------------------------------------


@dataclass(frozen=True)
class BERTConfig:
    """The sizes of a BERT."""

    vocabulary: int  # V
    width: int  # D
    n_layers: int  # L
    n_heads: int  # H
    inner: int  # F
    max_length: int = 512
    n_segments: int = 2  # a text and a second one
    norm_eps: float = 1e-12


class BERT(nn.Module):
    """An encoder: a vector for every position, in which both sides of it are heard.

    Tokens, positions and segments have learned vectors; their sum is normed. The layers have the
    norm last, and so none comes after them.
    """

    def __init__(self, config: BERTConfig) -> None:
        """Weights are drawn from N(0, 0.02²)."""
        super().__init__()
        self.config = c = config
        self.embedding = nn.Embedding(c.vocabulary, c.width)
        self.positions = nn.Embedding(c.max_length, c.width)
        self.segments = nn.Embedding(c.n_segments, c.width)
        self.embedding_norm = LayerNorm(c.width, c.norm_eps)
        self.layers = nn.ModuleList(
            EncoderLayer(c.width, c.n_heads, c.inner, norm_first=False, eps=c.norm_eps)
            for _ in range(c.n_layers)
        )
        self.pooler = nn.Linear(c.width, c.width)
        draw_weights(self)

    def forward(
        self,
        tokens: Int[Tensor, "B T"],
        segments: Int[Tensor, "B T"] | None = None,
        real: Bool[Tensor, "B T"] | None = None,
    ) -> Float[Tensor, "B T D"]:
        """What the last layer says at every position.

        Args:
            tokens: of texts that are padded to one length.
            segments: which of two texts a token belongs to; by default all to the first, 0.
            real: False where there is padding, which nobody sees; by default there is none. What
                the model says at padding has no meaning.
        """
        # BEGIN SOLUTION
        segments = torch.zeros_like(tokens) if segments is None else segments
        x = self.embedding(tokens) + self.positions.weight[: tokens.shape[1]]
        x = self.embedding_norm(x + self.segments(segments))
        mask = None if real is None else real[:, None, None]
        for layer in self.layers:
            x = layer(x, mask)
        hidden: Tensor = x
        return hidden
        # END SOLUTION

    def pool(self, hidden: Float[Tensor, "B T D"]) -> Float[Tensor, "B D"]:
        """One vector for each text: tanh of a linear layer, of the first position, [CLS]."""
        # BEGIN SOLUTION
        pooled: Tensor = self.pooler(hidden[:, 0]).tanh()
        return pooled
        # END SOLUTION


class BERTPretraining(nn.Module):
    """BERT with what it is trained with: which token is hidden, and are the two texts neighbours?

    A hidden token is guessed by a linear layer, the exact GELU, a norm, and then the scores with
    the embedding itself plus a bias for each token.
    """

    def __init__(self, config: BERTConfig) -> None:
        super().__init__()
        self.bert = BERT(config)
        self.transform = nn.Linear(config.width, config.width)
        self.transform_norm = LayerNorm(config.width, config.norm_eps)
        self.token_bias = nn.Parameter(torch.zeros(config.vocabulary))
        self.next_sentence = nn.Linear(config.width, 2)

    def forward(
        self,
        tokens: Int[Tensor, "B T"],
        segments: Int[Tensor, "B T"] | None = None,
        real: Bool[Tensor, "B T"] | None = None,
    ) -> tuple[Float[Tensor, "B T V"], Float[Tensor, "B 2"]]:
        """Logits of the token at every position (not of the next one), and of the two answers
        whether the second text follows the first, from the pooled vector.
        """
        hidden = self.bert(tokens, segments, real)
        # BEGIN SOLUTION
        guess = self.transform_norm(nn.functional.gelu(self.transform(hidden)))
        logits = guess @ self.bert.embedding.weight.T + self.token_bias
        return logits, self.next_sentence(self.bert.pool(hidden))
        # END SOLUTION


class Classifier(nn.Module):
    """BERT with a linear layer on the pooled vector: one of C labels for a text, or a pair."""

    def __init__(self, config: BERTConfig, n_labels: int) -> None:
        super().__init__()
        self.bert = BERT(config)
        self.head = nn.Linear(config.width, n_labels)

    def forward(
        self,
        tokens: Int[Tensor, "B T"],
        segments: Int[Tensor, "B T"] | None = None,
        real: Bool[Tensor, "B T"] | None = None,
    ) -> Float[Tensor, "B C"]:
        """Logits of the labels."""
        logits: Tensor = self.head(self.bert.pool(self.bert(tokens, segments, real)))
        return logits


class Tagger(nn.Module):
    """BERT with a linear layer on every position: one of C labels for each token.

    With two labels it answers questions: the first logit is that of "the answer begins here", the
    second that of "it ends here".
    """

    def __init__(self, config: BERTConfig, n_labels: int) -> None:
        super().__init__()
        self.bert = BERT(config)
        self.head = nn.Linear(config.width, n_labels)

    def forward(
        self,
        tokens: Int[Tensor, "B T"],
        segments: Int[Tensor, "B T"] | None = None,
        real: Bool[Tensor, "B T"] | None = None,
    ) -> Float[Tensor, "B T C"]:
        """Logits of the labels, for each token."""
        logits: Tensor = self.head(self.bert(tokens, segments, real))
        return logits


BERT_NAMES = {  # theirs → ours
    "embeddings.word_embeddings": "embedding",
    "embeddings.position_embeddings": "positions",
    "embeddings.token_type_embeddings": "segments",
    "embeddings.LayerNorm": "embedding_norm",
    "encoder.layer": "layers",
    "attention.self": "attention",
    "attention.output.dense": "attention.out_proj",
    "attention.output.LayerNorm": "attention_norm",
    "intermediate.dense": "mlp.in_proj",
    "output.dense": "mlp.out_proj",
    "output.LayerNorm": "mlp_norm",
    "pooler.dense": "pooler",
    "cls.predictions.transform.dense": "transform",
    "cls.predictions.transform.LayerNorm": "transform_norm",
    "cls.predictions.bias": "token_bias",
    "cls.seq_relationship": "next_sentence",
    "classifier": "head",
    "qa_outputs": "head",
}


def from_bert(weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The state dict of our BERT, with any head, from that of transformers' model for the task.

    Queries, keys and values become one matrix; the last one, which is the embedding, is left out.
    """
    kept = {n: t for n, t in weights.items() if "decoder" not in n and "position_ids" not in n}
    return joined({renamed(n, BERT_NAMES): t for n, t in kept.items()}, "query", "key", "value")


def joined(weights: Mapping[str, Tensor], *parts: str) -> dict[str, Tensor]:
    """`….query.weight`, `….key.weight` and `….value.weight` in one, `….in_proj.weight`."""
    ours: dict[str, Tensor] = {}
    for name, tensor in weights.items():
        before, _, kind = name.rpartition(".")
        module, _, part = before.rpartition(".")
        if part == parts[0]:
            tensors = [weights[f"{module}.{other}.{kind}"] for other in parts]
            ours[f"{module}.in_proj.{kind}"] = torch.cat(tensors)
        elif part not in parts:
            ours[name] = tensor
    return ours


# --- Encoder and decoder: T5 ------------------------------------------------------------------


@dataclass(frozen=True)
class T5Config:
    """The sizes of a T5, the first version: encoder and decoder have L layers each."""

    vocabulary: int  # V
    width: int  # D
    n_layers: int  # L
    n_heads: int  # H
    head_width: int  # K; H K may differ from D
    inner: int  # F
    n_buckets: int = 32  # of distances, see transformer.relative_buckets
    max_distance: int = 128
    norm_eps: float = 1e-6


class T5Layer(nn.Module):
    """A pre-norm layer without biases, with RMS norms and a ReLU; it may look at a context."""

    def __init__(self, config: T5Config, looks_at_context: bool) -> None:
        super().__init__()
        c = config
        self.attention_norm = RMSNorm(c.width, c.norm_eps)
        self.attention = MultiHeadAttention(c.width, c.n_heads, c.head_width, bias=False)
        if looks_at_context:
            self.cross_norm = RMSNorm(c.width, c.norm_eps)
            self.cross_attention = MultiHeadAttention(c.width, c.n_heads, c.head_width, bias=False)
        self.mlp_norm = RMSNorm(c.width, c.norm_eps)
        self.mlp = nn.Sequential(
            nn.Linear(c.width, c.inner, bias=False),
            nn.ReLU(),
            nn.Linear(c.inner, c.width, bias=False),
        )

    def forward(
        self,
        x: Float[Tensor, "B T D"],
        mask: Float[Tensor, "#B H T T"],
        context: Float[Tensor, "B S D"] | None = None,
        context_mask: Bool[Tensor, "B 1 1 S"] | None = None,
    ) -> Float[Tensor, "B T D"]:
        """Attend to x, to the context where there is one, then the feed-forward network."""
        x = x + self.attention(self.attention_norm(x), mask=mask)
        if context is not None:
            x = x + self.cross_attention(self.cross_norm(x), context, context_mask)
        out: Tensor = x + self.mlp(self.mlp_norm(x))
        return out


class T5(nn.Module):
    """Reads a text with one stack and writes another with a second, which looks at the first.

    No vector says where a token stands: each stack has one table of distances (`RelativeBias`),
    which is added to the scores of attention in all its layers, and not to those of
    cross-attention. The embedding is shared by both stacks and by the logits.
    """

    def __init__(self, config: T5Config) -> None:
        """Weights are drawn from N(0, 0.02²)."""
        super().__init__()
        self.config = c = config
        self.embedding = nn.Embedding(c.vocabulary, c.width)
        table = c.n_heads, c.n_buckets, c.max_distance
        self.encoder_bias = RelativeBias(*table)
        self.encoder = nn.ModuleList(T5Layer(c, False) for _ in range(c.n_layers))
        self.encoder_norm = RMSNorm(c.width, c.norm_eps)
        self.decoder_bias = RelativeBias(*table, bidirectional=False)
        self.decoder = nn.ModuleList(T5Layer(c, True) for _ in range(c.n_layers))
        self.decoder_norm = RMSNorm(c.width, c.norm_eps)
        draw_weights(self)

    def encode(
        self, tokens: Int[Tensor, "B S"], real: Bool[Tensor, "B S"] | None = None
    ) -> Float[Tensor, "B S D"]:
        """What the encoder says of a text, after `encoder_norm`.

        Args:
            tokens: of texts that are padded to one length.
            real: False where there is padding, which nobody sees; by default there is none.
        """
        # BEGIN SOLUTION
        x = self.embedding(tokens)
        mask = self.encoder_bias(tokens.shape[1], tokens.shape[1])[None]
        if real is not None:
            mask = mask.masked_fill(~real[:, None, None], -torch.inf)
        for layer in self.encoder:
            x = layer(x, mask)
        normed: Tensor = self.encoder_norm(x)
        return normed
        # END SOLUTION

    def decode(
        self,
        written: Int[Tensor, "B T"],
        context: Float[Tensor, "B S D"],
        real: Bool[Tensor, "B S"] | None = None,
    ) -> Float[Tensor, "B T V"]:
        """Logits of the token after each of those written; no position sees a later one.

        What the last norm gives is divided by √D before it meets the embedding.

        Args:
            written: so far; the first is the token that begins every answer.
            context: what `encode` says of the text that is read.
            real: False at the padding of that text.
        """
        # BEGIN SOLUTION
        length = written.shape[1]
        x = self.embedding(written)
        past = causal_mask(length, length).to(written.device)
        mask = self.decoder_bias(length, length).masked_fill(~past, -torch.inf)[None]
        context_mask = None if real is None else real[:, None, None]
        for layer in self.decoder:
            x = layer(x, mask, context, context_mask)
        scaled = self.decoder_norm(x) * self.config.width**-0.5
        logits: Tensor = scaled @ self.embedding.weight.T
        return logits
        # END SOLUTION

    def forward(
        self,
        tokens: Int[Tensor, "B S"],
        written: Int[Tensor, "B T"],
        real: Bool[Tensor, "B S"] | None = None,
    ) -> Float[Tensor, "B T V"]:
        """Read, then write: `decode` with what `encode` says."""
        return self.decode(written, self.encode(tokens, real), real)


T5_NAMES = {  # theirs → ours
    "shared": "embedding",
    "encoder.block.0.layer.0.SelfAttention.relative_attention_bias": "encoder_bias.embedding",
    "decoder.block.0.layer.0.SelfAttention.relative_attention_bias": "decoder_bias.embedding",
    "encoder.final_layer_norm": "encoder_norm",
    "decoder.final_layer_norm": "decoder_norm",
    "layer.0.layer_norm": "attention_norm",
    "layer.0.SelfAttention": "attention",
    "layer.1.EncDecAttention": "cross_attention",
    "DenseReluDense.wi": "mlp.0",
    "DenseReluDense.wo": "mlp.2",
    "o": "out_proj",
}


def from_t5(weights: Mapping[str, Tensor], config: T5Config) -> dict[str, Tensor]:
    """The state dict of our T5 from that of a `T5ForConditionalGeneration` of transformers.

    T5 does not divide scores by √K and our attention does: so the queries are multiplied by it.
    """
    theirs = {}
    for name, tensor in weights.items():
        if name.endswith("embed_tokens.weight") or name == "lm_head.weight":
            continue  # the embedding again
        name = renamed(name, T5_NAMES)
        # The layer's second part is its network in the encoder, and in the decoder the context.
        name = re.sub(r"encoder\.block\.(\d+)\.layer\.1\.layer_norm", r"encoder.\1.mlp_norm", name)
        name = re.sub(
            r"decoder\.block\.(\d+)\.layer\.1\.layer_norm", r"decoder.\1.cross_norm", name
        )
        name = re.sub(r"block\.(\d+)\.layer\.2\.layer_norm", r"\1.mlp_norm", name)
        name = re.sub(r"block\.(\d+)\.(layer\.\d+\.)?", r"\1.", name)
        theirs[name] = tensor * config.head_width**0.5 if name.endswith(".q.weight") else tensor
    return joined(theirs, "q", "k", "v")


# --- Images: ViT and MLP-Mixer ----------------------------------------------------------------


@dataclass(frozen=True)
class ViTConfig:
    """The sizes of a ViT."""

    image: int  # the side of a square image, in pixels
    patch: int  # P
    width: int  # D
    n_layers: int  # L
    n_heads: int  # H
    inner: int  # F
    n_classes: int  # C
    channels: int = 3
    norm_eps: float = 1e-12

    def __post_init__(self) -> None:
        """Raises ValueError where the patches do not fill the image."""
        if self.image % self.patch:
            raise ValueError(f"patches of {self.patch} do not fill {self.image} pixels")

    @property
    def n_patches(self) -> int:
        """How many patches an image is cut into."""
        return (self.image // self.patch) ** 2


def patches(images: Float[Tensor, "B C Y X"], size: int) -> Float[Tensor, "B T CPP"]:
    """Cut images into squares of P × P pixels, each written as one row of C · P · P numbers.

    The squares come row by row from the top left. In a square, all of the first channel comes
    first, row by row, then the next channel.

    Raises:
        ValueError: where squares do not fill the image, which need not be square itself.
    """
    height, width = images.shape[-2:]
    if height % size or width % size:
        raise ValueError(f"squares of {size} pixels do not fill an image of {height} × {width}")
    # BEGIN SOLUTION
    rows, columns = height // size, width // size
    cut = images.reshape(*images.shape[:2], rows, size, columns, size)
    return cut.permute(0, 2, 4, 1, 3, 5).flatten(3).flatten(1, 2)
    # END SOLUTION


class ViT(nn.Module):
    """An encoder for images: their patches are its tokens; what [CLS] has heard names the class.

    The layers have the norm first and the exact GELU; a last norm comes after them.
    """

    def __init__(self, config: ViTConfig) -> None:
        """Weights are drawn from N(0, 0.02²)."""
        super().__init__()
        self.config = c = config
        self.patch_proj = nn.Linear(c.channels * c.patch**2, c.width)
        self.class_token = nn.Parameter(torch.zeros(c.width))
        self.positions = nn.Parameter(torch.zeros(c.n_patches + 1, c.width))
        self.layers = nn.ModuleList(
            EncoderLayer(c.width, c.n_heads, c.inner, eps=c.norm_eps) for _ in range(c.n_layers)
        )
        self.norm = LayerNorm(c.width, c.norm_eps)
        self.head = nn.Linear(c.width, c.n_classes)
        draw_weights(self)

    def forward(self, images: Float[Tensor, "B C Y X"]) -> Float[Tensor, "B C"]:
        """Logits of the classes: from the first position, where the class token stands.

        Position 0 is that of the class token, 1 that of the first patch.
        """
        x = self.patch_proj(patches(images, self.config.patch))
        # BEGIN SOLUTION
        first = self.class_token.expand(len(x), 1, -1)
        x = torch.cat([first, x], dim=1) + self.positions
        for layer in self.layers:
            x = layer(x)
        logits: Tensor = self.head(self.norm(x[:, 0]))
        return logits
        # END SOLUTION


VIT_NAMES = {  # theirs → ours
    "vit.embeddings.cls_token": "class_token",
    "vit.embeddings.position_embeddings": "positions",
    "vit.embeddings.patch_embeddings.projection": "patch_proj",
    "vit.layers": "layers",
    "vit.layernorm": "norm",
    "classifier": "head",
    "layernorm_before": "attention_norm",
    "layernorm_after": "mlp_norm",
    "attention.o_proj": "attention.out_proj",
    "mlp.fc1": "mlp.in_proj",
    "mlp.fc2": "mlp.out_proj",
}


def from_vit(weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The state dict of our ViT from that of a `ViTForImageClassification` of transformers.

    Their patches go through a convolution whose steps are as long as its window is wide: that is
    one matrix for each patch.
    """
    ours = {renamed(name, VIT_NAMES): tensor for name, tensor in weights.items()}
    ours["patch_proj.weight"] = ours["patch_proj.weight"].flatten(1)
    ours["class_token"] = ours["class_token"].flatten()
    ours["positions"] = ours["positions"][0]
    return joined(ours, "q_proj", "k_proj", "v_proj")


class MixerLayer(nn.Module):
    """A layer without attention: one network mixes the patches, another the features.

    Args:
        n_tokens: T; it is fixed, since the first network is as wide.
        width: D.
        token_inner: inner width of the network that mixes the T patches of each feature.
        inner: F, of the network that mixes the D features of each patch.
    """

    def __init__(self, n_tokens: int, width: int, token_inner: int, inner: int) -> None:
        super().__init__()
        self.token_norm = LayerNorm(width)
        self.token_mlp = FeedForward(n_tokens, token_inner)
        self.mlp_norm = LayerNorm(width)
        self.mlp = FeedForward(width, inner)

    def forward(self, x: Float[Tensor, "B T D"]) -> Float[Tensor, "B T D"]:
        """x + tokens mixed of norm(x), then x + features mixed of norm(x).

        Both norms are over the features.
        """
        # BEGIN SOLUTION
        x = x + self.token_mlp(self.token_norm(x).mT).mT
        out: Tensor = x + self.mlp(self.mlp_norm(x))
        return out
        # END SOLUTION
