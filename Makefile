# Two commands for a fresh machine: `make demo` (the main job) and `make test` (the tests).
# Both set up .venv themselves with the newest suitable Python they find; PYTHON=... overrides.

VENV := .venv
BIN := $(VENV)/bin
SUITABLE := import sys; sys.exit(not ((3, 11) <= sys.version_info[:2] < (3, 15)))
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python3.14 python; do \
	if command -v $$p >/dev/null 2>&1 && $$p -c '$(SUITABLE)' >/dev/null 2>&1; then echo $$p; break; fi; done)

.PHONY: help demo app test slow experiments docs bench clean

help:  ## what there is
	@grep -E '^[a-z]+: .*##|^[a-z]+:  ##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 12

$(VENV)/.python:
	@if [ -z "$(PYTHON)" ]; then \
		echo "cisim needs Python 3.11 to 3.14 and none was found on the PATH."; \
		echo "Install one, or name it: make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)"; exit 1; fi
	@$(PYTHON) -c '$(SUITABLE)' || { \
		echo "cisim needs Python 3.11 to 3.14; $(PYTHON) is $$($(PYTHON) --version 2>&1)."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.figures: $(VENV)/.python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[figures]'
	@touch $@

$(VENV)/.app: $(VENV)/.python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[app,figures]'
	@touch $@ $(VENV)/.figures

$(VENV)/.dev: $(VENV)/.python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@ $(VENV)/.figures $(VENV)/.app

demo: $(VENV)/.figures  ## isolated impact against collective impact; table, pictures and data in out/
	$(BIN)/cisim run isolated-impact collective-impact --replicates 200 --seed 1 --out out

app: $(VENV)/.app  ## the page in the browser: a room, a decision, a study
	$(BIN)/cisim app

test: $(VENV)/.dev  ## style, types and the fast tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -n auto -m "not slow"

slow: $(VENV)/.dev  ## the tests that take longer
	$(BIN)/pytest -n auto -m slow

experiments: $(VENV)/.figures  ## six questions run again, and compared with what their pages say
	$(BIN)/python -m experiments all --check

docs: $(VENV)/.dev  ## the documentation as a site, in build/site
	$(BIN)/python -m tests.docs.site

bench: $(VENV)/.dev  ## speed and memory: a table, and benchmarks/results.json
	$(BIN)/python -m benchmarks

clean:  ## remove what make made
	rm -rf $(VENV) out build
