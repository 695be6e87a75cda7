# Needs Python 3.11, make and git. Everything else is installed into .venv, once per set of pins.
#
#   make run     serve the platform at http://coursewright.localhost:8080
#   make test    the whole suite, with real PostgreSQL, Redis, Chromium and Docker Engine
#   make check   ruff, mypy --strict, import-linter, bandit, architecture tests
#   make audit   the pinned packages against published advisories, where their source answers
#   make messages   what there is to translate, into components/locale/coursewright.pot
#   make bench   figures, one a line: name value unit limit
#   make quality    courses drafted from ten real documents, judged by rules and laid out for a reader

SHELL := /bin/bash
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV ?= .venv
BIN := $(VENV)/bin
PACKAGES := app pages components services storage

# One stamp per set of pins: changed pins install again, unchanged ones cost nothing.
RUNTIME := $(VENV)/.runtime-$(shell cat requirements.txt | sha256sum | cut -c1-16)
DEVELOPMENT := $(VENV)/.development-$(shell cat requirements.txt requirements-dev.txt | sha256sum | cut -c1-16)

# The tests of a file stay on one worker (tests/conftest.py), long files first as the alphabet has it.
WORKERS ?= 2
TESTS ?= tests

.PHONY: run setup setup-dev packages test check audit format bench quality pins messages clean

run: $(RUNTIME)
	@$(BIN)/python -m app serve

setup: $(RUNTIME)

setup-dev: $(DEVELOPMENT)

test: $(DEVELOPMENT) packages
	@$(BIN)/python -m pytest $(TESTS) -n $(WORKERS) --dist loadfile --no-loadscope-reorder

check: $(DEVELOPMENT)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict $(addprefix -p ,$(PACKAGES))
	$(BIN)/lint-imports
	$(BIN)/bandit -q -c pyproject.toml -r $(PACKAGES)
	$(BIN)/python -m pytest tests/architecture -q

audit: $(DEVELOPMENT)
	@$(BIN)/python -m tests.advisories

format: $(DEVELOPMENT)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(DEVELOPMENT)
	@$(BIN)/python -m tests.bench

quality: $(DEVELOPMENT)
	@$(BIN)/python -m tests.quality $(DOCUMENTS)

# Real servers for the tests, from the packages of Debian or Ubuntu.
packages:
	@tests/packages.sh

pins: $(DEVELOPMENT)
	$(BIN)/python tests/pins.py

messages: $(DEVELOPMENT)
	$(BIN)/python -m tests.messages

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache test-results

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo 'Coursewright needs Python 3.11 or newer: make PYTHON=/path/to/python3.11 …'; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo 'Python could not make a virtual environment. On Debian or Ubuntu: apt-get install python3-venv'; exit 1; }

$(RUNTIME): | $(BIN)/python
	@echo 'Installing the pinned packages, once: this takes a few minutes …'
	@$(BIN)/pip install -qq --disable-pip-version-check -r requirements.txt
	@touch $@

$(DEVELOPMENT): | $(BIN)/python
	@echo 'Installing the pinned packages for checks and tests, once …'
	@$(BIN)/pip install -qq --disable-pip-version-check -r requirements.txt -r requirements-dev.txt
	@touch $@ $(RUNTIME)
