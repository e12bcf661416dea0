"""For `pytest --nbval-lax book/en`: the built book keeps copies of the notebooks, left out here."""

collect_ignore = ["_build"]
