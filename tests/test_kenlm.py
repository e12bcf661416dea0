"""KenLM, the program that most n-gram models were read by, reads ours and agrees."""

import math
import random

import pytest

from langmodels.ngrams import BOS, UNK, kneser_ney, pad, write_arpa

kenlm = pytest.importorskip("kenlm", reason="kenlm is not installed: it needs a C++ compiler")


@pytest.mark.parametrize("order", [2, 3, 5])
def test_kenlm_gives_every_token_the_same_log_probability(order, tmp_path):
    rng = random.Random(order)
    words = [f"w{number}" for number in range(30)]
    weights = [1 / (rank + 1) for rank in range(len(words))]
    sentences = [rng.choices(words, weights, k=rng.randint(1, 12)) for _ in range(400)]
    model = kneser_ney(sentences, order)
    path = tmp_path / "model.arpa"
    path.write_text(write_arpa(model), encoding="utf-8")
    settings = kenlm.Config()
    settings.show_progress = False
    settings.arpa_complain = kenlm.ARPALoadComplain.NONE
    theirs = kenlm.Model(str(path), settings)
    for _ in range(50):
        sentence = rng.choices([*words, UNK, "never-seen"], k=8)
        tokens = pad(sentence)
        ours = [math.log10(model.prob(tokens[i], tokens[:i])) for i in range(1, len(tokens))]
        assert tokens[0] == BOS
        found = [score for score, _, _ in theirs.full_scores(" ".join(sentence))]
        assert found == pytest.approx(ours, abs=2e-5)
