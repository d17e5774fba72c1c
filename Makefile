# Everything runs from .venv, which the lock files describe to the last hash.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
CHROMIUM ?= /usr/bin/chromium

.PHONY: run test lint format eval bench install install-dev browser lock

run: .venv/installed
	$(BIN)/assistant serve

test: .venv/installed-dev browser
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/assistant kb lint
	$(BIN)/pytest

lint: .venv/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/assistant kb lint

format: .venv/installed-dev
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

# The labelled queries that come with the project.
eval: .venv/installed-dev
	$(BIN)/assistant eval tests/data/queries --html build/confusions.html

bench: .venv/installed-dev
	$(BIN)/python -m bench
	$(BIN)/python -m bench.widget

install: .venv/installed
install-dev: .venv/installed-dev

.venv/installed: requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

.venv/installed-dev: requirements-dev.lock .venv/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@

# The browser tests use Debian's Chromium; elsewhere set CHROMIUM to yours.
browser:
	@test -x $(CHROMIUM) || { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-noto-cjk >/dev/null; }

# Versions and hashes only: no registry's address.
lock:
	uv pip compile --quiet --no-header --no-annotate --no-emit-index-url --generate-hashes pyproject.toml requirements-build.in -o requirements.lock
	uv pip compile --quiet --no-header --no-annotate --no-emit-index-url --generate-hashes --extra dev --extra semantic pyproject.toml requirements-build.in -c requirements.lock -o requirements-dev.lock
