"""A notebook page says where it can be run; what those places install is pinned."""

import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DEVCONTAINER = json.loads((ROOT / ".devcontainer/devcontainer.json").read_text("utf-8"))
STEPS = {
    "postBuild": (ROOT / ".binder/postBuild").read_text("utf-8"),
    "start": (ROOT / ".binder/start").read_text("utf-8"),
    "postCreateCommand": DEVCONTAINER["postCreateCommand"],
}


@pytest.fixture(scope="module")
def published(build_book):
    def name_repository(book: Path) -> None:
        config = book / "myst.yml"
        text = config.read_text("utf-8")
        config.write_text(
            text.replace("project:\n", "project:\n  github: owner/name\n", 1), "utf-8"
        )

    build = build_book(name_repository)
    assert build.code == 0, build.log
    return build


def launch(html: str) -> str:
    found = re.search(r'<details class="fold launch">.*?</details>', html, re.DOTALL)
    return found[0] if found else ""


def test_a_notebook_is_run_by_a_command_and_only_a_notebook(built):
    assert "jupyter lab book/en/notebook.ipynb" in launch(built.page("notebook"))
    assert launch(built.page("math")) == ""


def test_services_are_offered_only_where_the_repository_is_named(built, published):
    services = ("mybinder.org", "codespaces.new", "colab.research.google.com")
    here, there = launch(built.page("notebook")), launch(published.page("notebook"))
    assert not any(service in here for service in services)
    links = re.findall(r'href="([^"]*)"', there)
    assert [next(s for s in services if s in link) for link in links] == list(services)
    assert all("owner/name" in link for link in links)
    assert "git clone -q --depth 1 https://github.com/owner/name" in there


@pytest.mark.parametrize("name", STEPS)
def test_the_steps_of_each_place_are_shell(name):
    done = subprocess.run(["bash", "-n"], input=STEPS[name], text=True, capture_output=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_nothing_is_installed_that_is_not_locked(published):
    colab = launch(published.page("notebook"))
    installs = re.findall(r"pip install ([^\n&]*)", "\n".join([*STEPS.values(), colab]))
    assert len(installs) >= 3
    for arguments in installs:
        assert "--no-deps" in arguments
        assert "--require-hashes -r" in arguments or arguments.endswith("-e .")
    assert re.search(r":\d+\.\d+\.\d+-", DEVCONTAINER["image"])
    assert "features" not in DEVCONTAINER
    python = (ROOT / ".binder/runtime.txt").read_text("utf-8").strip()
    needed = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert needed["requires-python"].removeprefix(">=") == python.removeprefix("python-")


def test_the_dev_container_uses_what_the_specification_names():
    known = {"name", "image", "hostRequirements", "postCreateCommand", "forwardPorts"}
    assert {*DEVCONTAINER} <= known | {"portsAttributes", "customizations"}
    target = DEVCONTAINER["postCreateCommand"].removeprefix("make ")
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert {*map(str, DEVCONTAINER["forwardPorts"])} == {*DEVCONTAINER["portsAttributes"]}
