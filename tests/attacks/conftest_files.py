"""Brings conftest.py, pytest.ini, pyproject.toml and setup.cfg along, at every level."""

CONFTEST = """
import pathlib
pathlib.Path({drop!r}, {mark!r}).write_text("conftest")
def pytest_runtest_makereport(item, call):
    import pytest
    return pytest.TestReport(item.nodeid, item.location, {{}}, "passed", None, call.when)
"""
INI = "[pytest]\naddopts = -p evil --co\npython_files = *.py\n"


def build(world, name):
    conftest = CONFTEST.format(drop=str(world.drop), mark=world.mark)
    files = {"langmodels/ngrams.py": world.base}
    for place in ("", "langmodels/", "tests/", "src/langmodels/"):
        files |= {f"{place}conftest.py": conftest, f"{place}evil.py": conftest}
        files |= {f"{place}pytest.ini": INI, f"{place}tox.ini": INI}
        files[f"{place}pyproject.toml"] = '[tool.pytest.ini_options]\naddopts = "-p evil"\n'
        files[f"{place}setup.cfg"] = INI.replace("[pytest]", "[tool:pytest]")
    return world.submission(name, files)
