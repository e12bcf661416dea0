"""Segmentation by a unigram model, as SentencePiece has it, the library that brought it."""

import io
import random

import pytest
import sentencepiece

from langmodels.data import load_text
from langmodels.tokenizers import unigram_segment

SPACE = "▁"  # SentencePiece's sign for it


@pytest.fixture(scope="module")
def processor() -> sentencepiece.SentencePieceProcessor:
    """A unigram model of 400 pieces, trained on 60,000 characters."""
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(load_text("wiki")[:60_000].splitlines()),
        model_writer=model,
        model_type="unigram",
        vocab_size=400,
        normalization_rule_name="identity",
        add_dummy_prefix=False,
        remove_extra_whitespaces=False,
        num_threads=1,
        max_sentence_length=100_000,
        minloglevel=2,
    )
    return sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())


def test_a_text_is_cut_as_probably_as_sentencepiece_cuts_it(
    processor: sentencepiece.SentencePieceProcessor,
) -> None:
    ids = range(3, processor.get_piece_size())  # after <unk>, <s>, </s>
    logprobs = {processor.id_to_piece(id): processor.get_score(id) for id in ids}
    unknown = min(logprobs.values()) - 10

    def price(pieces: list[str]) -> float:
        # SentencePiece joins neighbours that are unknown into one piece.
        return sum(logprobs.get(p, unknown * len(p)) for p in pieces)

    chance = random.Random(0)
    lines = load_text("wiki")[60_000:80_000].splitlines()
    texts = [
        *filter(None, lines),
        "長頸鹿 eats 葉",
        *("".join(chance.choices("aeht ☃", k=30)) for _ in "abc"),
    ]
    n_unknown = 0
    for text in texts:
        theirs = processor.encode(text, out_type=str)
        ours = unigram_segment(text.replace(" ", SPACE), logprobs)
        assert "".join(ours) == "".join(theirs)
        assert price(ours) == pytest.approx(price(theirs), abs=1e-3)
        n_unknown += sum(piece not in logprobs for piece in ours)
    assert n_unknown > 5
