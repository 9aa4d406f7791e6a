# Everything that is done here by a command. Bare `make` lists it.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# A file of tests stays on one core: its tests may share what is dear to set up.
ON_ALL_CORES := --numprocesses auto --dist loadfile

# Of `make chaos`: how many people are owed a call, and what is drawn.
N ?= 1000
SEED ?= 7

.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:

.PHONY: help demo test check format format-check lint types docs docs-check wheel-check bench bench-network chaos pictures mutants clean python-check

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/.demo ## set up, then play the whole story on this machine (Ctrl-C ends it)
	@$(BIN)/ringback demo

test: $(VENV)/.browser ## set up, then run every test
	$(BIN)/python -m pytest $(ON_ALL_CORES)

check: format-check lint types test docs-check wheel-check ## everything that CI checks
	@echo "All checks passed."

format: $(VENV)/.test ## format the code, and mend what ruff can mend
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

format-check: $(VENV)/.test
	$(BIN)/ruff format --check .

lint: $(VENV)/.test ## ruff, and the contract on who may import whom
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-logo

types: $(VENV)/.test ## mypy, strict
	$(BIN)/mypy

docs: $(VENV)/.test ## write the pages that are made from the code (docs/, the table in README)
	$(BIN)/python docs/make.py

docs-check: $(VENV)/.test ## fail if those pages are not up to date
	$(BIN)/python docs/make.py --check

wheel-check: $(VENV)/.browser ## build sdist and wheel, and run the tests against the installed wheel
	.ci/check-wheel $(BIN)/python

bench: $(VENV)/.test ## measure a turn against a tutorial's handler, whether time tells a secret, callbacks, the archive
	$(BIN)/python -m bench
	$(BIN)/python -m bench.oracle
	$(BIN)/python -m bench.callbacks
	$(BIN)/python -m bench.archive

bench-network: $(VENV)/.test ## measure how many calls the simulator itself can carry
	$(BIN)/python -m bench.network

chaos: $(VENV)/.test ## kill everything while N people (1000) text in, and compare the books; SEED=7
	@$(BIN)/python -m tests.chaos --callbacks $(N) --seed $(SEED)

pictures: $(VENV)/.browser ## play the whole trip in real browsers, and take the pictures of docs/pictures
	TESTS_TAKE_PICTURES=1 $(BIN)/python -m pytest -q -s tests/console/test_whole_trip.py

mutants: $(VENV)/.mutants ## break the flows and the gate in every small way, and count who notices (half an hour)
	$(BIN)/python -m tests.mutants

clean: ## remove the environment and everything built; the demo's data in .data stays
	rm -rf $(VENV) mutants build dist *.egg-info .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find bot flows config tests docs bench -name __pycache__ -type d -prune -exec rm -rf {} +

# Setting up: one environment for everything. A stamp says what is in it; a change of pyproject.toml
# sets it up again. The demo needs less than the tests, so what the tests need includes the demo.

$(BIN)/python:
	@$(MAKE) --no-print-directory python-check
	@echo "Making the environment $(VENV) with $$($(PYTHON) --version) ..."
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.demo: pyproject.toml | $(BIN)/python
	@echo "Installing Ringback into $(VENV): a minute the first time ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[simulator]'
	@touch $@

$(VENV)/.test: pyproject.toml | $(BIN)/python
	@echo "Installing Ringback and the tools that check it into $(VENV): a minute or two the first time ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	@touch $(VENV)/.demo $@

$(VENV)/.mutants: $(VENV)/.test
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[mutants]'
	@touch $@

# What the tests run against beside Redis: a browser, and a PostgreSQL if there can be one.
$(VENV)/.browser: .ci/get-browser .ci/get-postgres $(VENV)/.test
	@.ci/get-browser $(BIN)/python
	@.ci/get-postgres $(BIN)/python
	@touch $@

python-check:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Ringback needs Python 3.11 or newer, and '$(PYTHON)' is missing or older."; \
	  echo "If you have one under another name: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; } >&2
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "'$(PYTHON)' cannot make an environment: it comes without venv."; \
	  echo "On Debian or Ubuntu: apt install python3-venv"; exit 1; } >&2
