"""`course doctor` says what is there, and gives a command for what is not."""

from autograder import doctor
from autograder.doctor import examine_machine


def test_everything_that_is_not_good_comes_with_advice(project):
    for finding in examine_machine(project):
        assert finding.state
        assert finding.good or finding.advice


def test_a_missing_package_is_told_with_the_command_that_brings_it(project, monkeypatch):
    def missing(name):
        raise doctor.PackageNotFoundError(name)

    monkeypatch.setattr(doctor, "version", missing)
    found = {f.subject: f for f in examine_machine(project)}
    assert not found["jupyter-book"].good
    assert found["jupyter-book"].advice == "run: make course"


def test_a_read_only_folder_is_told(project, monkeypatch):
    monkeypatch.setattr(doctor.os, "access", lambda *_: False)
    found = {f.subject: f for f in examine_machine(project)}
    assert found["folder src/"].state == "read-only"
    assert found["folder src/"].advice.startswith("chmod u+w")
