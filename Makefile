# The commands of this project. Each one works alone, from a fresh clone on a machine with Python 3.11.

.DEFAULT_GOAL := help
.PHONY: help install demo tour test pictures fuzz hostile check bench lock
.DELETE_ON_ERROR:

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
READY := .venv/.ready
# uv trusts what the machine trusts, as pip does: behind a company's proxy that is another CA.
export UV_SYSTEM_CERTS := 1

help: ## Show these commands
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## (.*)/  make \1\t\2/' | expand -t 18

install: $(READY) ## Install the bot and all that it needs into .venv

demo: $(READY) ## Try the bot in a browser, with everything around it simulated
	@$(BIN)/d365bot demo

tour: $(READY) ## Play the main story and print it
	@$(BIN)/d365bot demo --tour

test: $(READY) ## Run the tests, on every core; ARGS='-m kill' passes arguments on
	@$(BIN)/python -m pytest -n auto --dist loadfile $(ARGS)

pictures: $(READY) ## Take the pictures of README and docs/tour.md anew, by the tests that play the page
	@PICTURES=$(CURDIR)/docs/pictures $(BIN)/python -m pytest -q -m browser tests/browser/test_first_visit.py

fuzz: $(READY) ## Look for new cases with the property tests, other ones each time; ARGS=path narrows it
	@$(BIN)/python -m pytest -n auto --dist loadfile --hypothesis-profile=fuzz $(or $(ARGS),$(shell grep -rl "from hypothesis" tests --include='test_*.py'))

hostile: $(READY) ## Attack the bot and break things around it; print what was tried, held, lost and leaked
	@$(BIN)/python -m tests.hostile

check: $(READY) ## Run ruff, mypy --strict, import-linter, and the checks of documents and lock files
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python -m pytest -q tests/house

bench: $(READY) ## Run the benchmarks, each beside its reference; ONLY=name runs one
	@$(BIN)/python -m bench $(ONLY)

lock: $(READY) ## Pin the newest versions of all dependencies, with hashes
	@$(BIN)/uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-emit-find-links --no-header --no-annotate requirements/uv.in -o requirements/uv.txt
	@$(BIN)/uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-emit-find-links --no-header --no-annotate pyproject.toml -o requirements/runtime.txt
	@$(BIN)/uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-emit-find-links --no-header --no-annotate pyproject.toml requirements/dev.in \
		-c requirements/runtime.txt -o requirements/dev.txt

$(READY): pyproject.toml requirements/uv.txt requirements/dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; name one with make PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
		{ echo "This Python cannot make environments; on Debian: apt-get install python3-venv"; exit 1; }
	@echo "Installing what is missing into .venv"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@VIRTUAL_ENV=.venv $(BIN)/uv pip sync --quiet --require-hashes requirements/uv.txt requirements/dev.txt
	@VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@
