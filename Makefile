# Everything works on a machine with only Python 3.11+, git and make: the targets make .venv themselves,
# and a second call finds it made.

PYTHON ?= $(firstword $(foreach v,3.13 3.12 3.14 3.11,$(shell command -v python$(v) 2>/dev/null)) python3)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check

.PHONY: help review test test-services check format rules clean

help:
	@echo 'make review TARGET=path   review a service; the report is in archguard-out/'
	@echo 'make test                 all tests'
	@echo 'make test-services SERVICES=folder   review every checkout in a folder, check each output'
	@echo 'make check                format, lint, types, layering, generated files, archguard on itself'
	@echo 'make format               format the code, write the rule index and the rule pages anew'

review: .venv/.review
	@test -n '$(TARGET)' || { echo 'which service? make review TARGET=path'; exit 2; }
	@$(BIN)/python -m archguard review '$(TARGET)'

test: .venv/.dev
	$(BIN)/python -m pytest

test-services: .venv/.dev
	@test -d '$(SERVICES)' || { echo 'which services? make test-services SERVICES=folder-of-checkouts'; exit 2; }
	ARCHGUARD_SERVICES='$(abspath $(SERVICES))' $(BIN)/python -m pytest -m services tests/services

check: .venv/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m archguard.rules.generate --check

format rules: .venv/.dev
	$(BIN)/python -m archguard.rules.generate
	$(BIN)/ruff check --fix --quiet .
	$(BIN)/ruff format .

# Only what a review needs, and only once; the tools of development come on top with the first test.
.venv/.review: pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo 'archguard needs Python 3.11 or newer: make PYTHON=/path/to/python3.11 ...'; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(PIP) install --editable .
	@touch $@

.venv/.dev: .venv/.review
	@$(PIP) install --editable '.[dev]'
	@touch $@

clean:
	rm -rf .venv archguard-out .mypy_cache .pytest_cache .ruff_cache
