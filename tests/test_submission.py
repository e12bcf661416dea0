"""Only regular Python files of the package come in, as bytes; nothing is written anywhere."""

import io
import os
import tarfile
import zipfile

import pytest

from autograder import submission
from autograder.submission import (
    MAX_FILE_BYTES,
    MAX_MEMBER_BYTES,
    SubmissionError,
    find_submissions,
    read_all_notebooks,
    read_submission,
)


@pytest.fixture
def folder(tmp_path):
    package = tmp_path / "anna" / "src" / "langmodels"
    package.mkdir(parents=True)
    (package / "ngrams.py").write_text("x = 1\n")
    return tmp_path / "anna"


def make_zip(path, names):
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, "x = 1\n")
    return path


def test_both_layouts_and_all_archives_give_the_same_package(folder, tmp_path):
    expected = {"ngrams.py": b"x = 1\n"}
    assert read_submission(folder) == expected
    assert read_submission(make_zip(tmp_path / "b.zip", ["langmodels/ngrams.py"])) == expected
    deep = make_zip(tmp_path / "c.zip", ["anna-main/src/langmodels/ngrams.py"])
    assert read_submission(deep) == expected
    with tarfile.open(tmp_path / "d.tar.gz", "w:gz") as tar:
        tar.add(folder / "src" / "langmodels", "langmodels")
    assert read_submission(tmp_path / "d.tar.gz") == expected


def test_links_and_foreign_files_stay_outside(folder, tmp_path):
    package = folder / "src" / "langmodels"
    (tmp_path / "secret.py").write_text("password = 1\n")
    (package / "link.py").symlink_to(tmp_path / "secret.py")
    (package / "up").symlink_to(tmp_path)
    os.mkfifo(package / "pipe.py")
    for name in ("evil.pth", "two words.py", "x.so", "pytest.ini", "data.bin"):
        (package / name).write_text("x = 1\n")
    assert set(read_submission(folder)) == {"ngrams.py"}


def test_a_linked_package_folder_is_not_followed(folder, tmp_path):
    other = tmp_path / "ben"
    other.mkdir()
    (other / "langmodels").symlink_to(folder / "src" / "langmodels")
    with pytest.raises(SubmissionError, match="no folder langmodels/"):
        read_submission(other)


def test_no_link_on_the_way_leads_to_another_submission(folder, tmp_path):
    other = tmp_path / "ben"
    other.mkdir()
    (other / "src").symlink_to(folder / "src")
    with pytest.raises(SubmissionError, match="no folder langmodels/"):
        read_submission(other)
    (tmp_path / "carl").symlink_to(folder)
    with pytest.raises(SubmissionError, match="carl is a link"):
        read_submission(tmp_path / "carl")


def test_archive_members_cannot_climb_out(tmp_path):
    names = ["langmodels/ngrams.py", "langmodels/../../evil.py", "/langmodels/abs.py"]
    assert set(read_submission(make_zip(tmp_path / "x.zip", names))) == {"ngrams.py"}


def test_an_archive_that_unpacks_to_gigabytes_is_refused_early(tmp_path, monkeypatch):
    monkeypatch.setattr(submission, "MAX_UNPACKED_BYTES", 2**20)
    with tarfile.open(tmp_path / "bomb.tar.gz", "w:gz") as tar:
        for name in ("langmodels/ngrams.py", "langmodels/zeros.bin"):
            info = tarfile.TarInfo(name)
            info.size = 2**20
            tar.addfile(info, io.BytesIO(bytes(2**20)))
    with pytest.raises(SubmissionError, match="more than a submission may hold"):
        read_submission(tmp_path / "bomb.tar.gz")


def test_archived_links_are_left_out(tmp_path):
    with tarfile.open(tmp_path / "x.tar", "w") as tar:
        data = b"x = 1\n"
        info = tarfile.TarInfo("langmodels/ngrams.py")
        info.size = len(data)
        tar.addfile(info, io.BytesIO(data))
        link = tarfile.TarInfo("langmodels/link.py")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    assert set(read_submission(tmp_path / "x.tar")) == {"ngrams.py"}


def test_too_large_and_too_many_files_are_refused(folder, tmp_path):
    package = folder / "src" / "langmodels"
    (package / "big.py").write_bytes(b"#" * (MAX_FILE_BYTES + 1))
    with pytest.raises(SubmissionError, match=r"big\.py is larger than"):
        read_submission(folder)
    (package / "big.py").unlink()
    for number in range(300):
        (package / f"m{number}.py").write_text("")
    with pytest.raises(SubmissionError, match="more than 200 Python files"):
        read_submission(folder)


def test_too_much_in_all_is_refused(folder):
    package = folder / "src" / "langmodels"
    for number in range(5):
        (package / f"m{number}.py").write_bytes(b"#" * MAX_FILE_BYTES)
    with pytest.raises(SubmissionError, match="more than 4 MiB of Python files"):
        read_submission(folder)


@pytest.mark.parametrize(
    "content, message",
    [(b"hello", "neither a folder nor an archive"), (b"PK\x05\x06" + b"\0" * 18, "no folder")],
)
def test_a_file_that_is_no_submission_says_so(tmp_path, content, message):
    path = tmp_path / "essay.zip"
    path.write_bytes(content)
    with pytest.raises(SubmissionError, match=message):
        read_submission(path)


def test_a_damaged_archive_is_a_message(tmp_path):
    path = make_zip(tmp_path / "x.zip", ["langmodels/ngrams.py"])
    data = bytearray(path.read_bytes())
    data[30:40] = b"\xff" * 10
    path.write_bytes(data)
    with pytest.raises(SubmissionError, match=r"x\.zip"):
        read_submission(path)


def test_one_submission_and_a_folder_of_them_are_told_apart(folder, tmp_path):
    assert find_submissions(folder) == [folder]
    make_zip(tmp_path / "ben.zip", ["langmodels/ngrams.py"])
    (tmp_path / ".hidden").mkdir()
    assert find_submissions(tmp_path) == [folder, tmp_path / "ben.zip"]


def test_what_lies_beside_submissions_is_told_and_no_archive_is_missed(tmp_path):
    make_zip(tmp_path / "ANNA.ZIP", ["langmodels/ngrams.py"])
    for name in ("ben.rar", "notes.txt"):
        (tmp_path / name).write_text("Rar!")
    others = []
    assert find_submissions(tmp_path, others.append) == [tmp_path / "ANNA.ZIP"]
    assert others == [tmp_path / "ben.rar", tmp_path / "notes.txt"]


def test_the_one_archive_in_a_folder_is_the_submission(tmp_path):
    """Moodle gives out a folder for each student, with the file in it."""
    for name in ("Ada_7_assignsubmission_file", "Ben_8_assignsubmission_file"):
        (tmp_path / name).mkdir()
        make_zip(tmp_path / name / "work.zip", ["langmodels/ngrams.py", "a.ipynb"])
    assert [path.name[:3] for path in find_submissions(tmp_path)] == ["Ada", "Ben"]
    for path in find_submissions(tmp_path):
        assert read_submission(path) == {"ngrams.py": b"x = 1\n"}
        assert read_all_notebooks(path) == {"a.ipynb": b"x = 1\n"}
    (path / "beside.ipynb").touch()
    assert read_all_notebooks(path) == {"beside.ipynb": b""}
    make_zip(path / "again.zip", ["langmodels/ngrams.py"])
    with pytest.raises(SubmissionError, match="but 2 archives: leave one"):
        read_submission(path)


def test_no_link_to_an_archive_is_followed(tmp_path):
    make_zip(tmp_path / "ben.zip", ["langmodels/ngrams.py"])
    (tmp_path / "carl").mkdir()
    (tmp_path / "carl" / "work.zip").symlink_to(tmp_path / "ben.zip")
    with pytest.raises(SubmissionError, match="no folder langmodels/"):
        read_submission(tmp_path / "carl")


def test_a_package_that_is_too_deep_is_named_and_hides_no_other(tmp_path):
    for name in ("anna", "ben"):
        (tmp_path / name / "project" / "src" / "langmodels").mkdir(parents=True)
        (tmp_path / name / "project" / "src" / "langmodels" / "ngrams.py").touch()
    assert find_submissions(tmp_path) == [tmp_path / "anna", tmp_path / "ben"]
    with pytest.raises(SubmissionError, match="but project/src/langmodels/: move that"):
        read_submission(tmp_path / "anna")


def test_an_archive_of_several_submissions_is_not_taken_for_one(tmp_path):
    several = make_zip(tmp_path / "all.zip", ["a/langmodels/ngrams.py", "b/langmodels/ngrams.py"])
    with pytest.raises(SubmissionError, match=r"several folders.*a/langmodels/ and b/langmodels/"):
        read_submission(several)
    names = ["work/old/langmodels/a.py", "work/src/langmodels/b.py", "langmodels/notes.txt"]
    assert set(read_submission(make_zip(tmp_path / "one.zip", names))) == {"b.py"}


def test_nothing_there_is_said_with_what_is_expected(tmp_path):
    with pytest.raises(SubmissionError, match="there is no"):
        find_submissions(tmp_path / "nobody")
    with pytest.raises(SubmissionError, match="holds no submission: a folder langmodels/"):
        find_submissions(tmp_path)


def test_notebooks_come_from_folders_and_archives_alike(folder, tmp_path):
    for name in (
        "exercises/01/a.ipynb",
        ".hidden/b.ipynb",
        "c/.ipynb_checkpoints/d.ipynb",
        "e.txt",
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"{}")
    (folder / "large.ipynb").write_bytes(bytes(MAX_MEMBER_BYTES + 1))
    (folder / "link.ipynb").symlink_to(folder / "exercises/01/a.ipynb")
    os.mkfifo(folder / "pipe.ipynb")
    assert read_all_notebooks(folder) == {"exercises/01/a.ipynb": b"{}"}
    (folder / "large.ipynb").unlink()
    with tarfile.open(tmp_path / "a.tar.gz", "w:gz") as tar:
        tar.add(folder, "anna")
    assert read_all_notebooks(tmp_path / "a.tar.gz") == {"anna/exercises/01/a.ipynb": b"{}"}
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("x/a.ipynb", b"{}")
        archive.writestr("__MACOSX/.a.ipynb", b"{}")
    assert read_all_notebooks(tmp_path / "a.zip") == {"x/a.ipynb": b"{}"}


def test_too_many_notebooks_are_refused_before_they_are_read(folder, tmp_path):
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for n in range(9):
            archive.writestr(f"{n}.ipynb", bytes(MAX_MEMBER_BYTES))
    for n in range(201):
        (folder / f"{n}.ipynb").touch()
    for path in (tmp_path / "bomb.zip", folder):
        with pytest.raises(SubmissionError, match="more than 200 notebooks or 32 MiB"):
            read_all_notebooks(path)


def test_no_link_is_followed_to_notebooks(folder, tmp_path):
    (folder / "a.ipynb").write_bytes(b"{}")
    (tmp_path / "link").symlink_to(folder)
    with pytest.raises(SubmissionError, match="is a link"):
        read_all_notebooks(tmp_path / "link")
