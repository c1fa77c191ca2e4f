# Everything works on a machine with only Python 3.11+, git and make: the targets make .venv themselves,
# and a second call finds it made.

# The first Python that runs and is new enough: a name on the PATH may be a shim with nothing behind it.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.14 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check

SEMGREP := .venv-semgrep/bin/semgrep
OFFLINE := --metrics=off --disable-version-check

.PHONY: help review test test-semgrep test-services check format rules clean

help:
	@echo 'make review TARGET=path   review a service; the report is in archguard-out/'
	@echo 'make test                 all tests'
	@echo 'make test-semgrep         the semgrep rules against their cases; makes .venv-semgrep, 400 MB'
	@echo 'make test-services SERVICES=folder   review every checkout in a folder, check each output'
	@echo 'make check                format, lint, types, layering, generated files, archguard on itself'
	@echo 'make format               format the code, write the rule index and the rule pages anew'

review: .venv/.engines
	@test -n '$(TARGET)' || { echo 'which service? make review TARGET=path'; exit 2; }
	@$(BIN)/python -m archguard review '$(TARGET)' || test $$? -eq 1  # findings are no failure of make's

test: .venv/.dev
	$(BIN)/python -m pytest

# The rules of rules/semgrep against the cases beside them; semgrep is too big for everybody's .venv.
test-semgrep: .venv-semgrep/.made .venv/.dev
	@$(SEMGREP) scan --quiet --strict $(OFFLINE) --config rules/semgrep Makefile  # --test passes over what it cannot read
	@$(SEMGREP) --test $(OFFLINE) rules/semgrep
	@PATH="$(abspath $(dir $(SEMGREP))):$$PATH" $(BIN)/python -m pytest -m semgrep tests/engines/test_semgrep.py

test-services: .venv/.dev
	@test -d '$(SERVICES)' || { echo 'which services? make test-services SERVICES=folder-of-checkouts'; exit 2; }
	ARCHGUARD_SERVICES='$(abspath $(SERVICES))' $(BIN)/python -m pytest -m services tests/services

check: .venv/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/zizmor --offline --quiet action.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.github-actions action.yml
	$(BIN)/python -m archguard.rules.generate --check
	$(BIN)/python -m archguard scan src --surface report --fail-on medium --no-cache

format rules: .venv/.dev
	$(BIN)/python -m archguard.rules.generate
	$(BIN)/ruff check --fix --quiet .
	$(BIN)/ruff format .

# Only what a review needs, and only once; the tools of development come on top with the first test.
.venv/.review: pyproject.toml
	@test -n '$(PYTHON)' || { echo 'archguard needs Python 3.11 or newer; found none on the PATH'; exit 2; }
	@$(BIN)/python -c '' 2>/dev/null || $(PYTHON) -m venv --clear .venv
	@$(PIP) install --editable .
	@touch $@

# The other tools that a review asks; where they cannot be had, the report says that they did not run.
.venv/.engines: .venv/.review
	@$(PIP) install --editable '.[engines]' || echo 'the other tools cannot be installed; the review says so'
	@touch $@

.venv/.dev: .venv/.review
	@$(PIP) install --editable '.[dev]'
	@touch $@

.venv-semgrep/.made: pyproject.toml
	@test -n '$(PYTHON)' || { echo 'semgrep needs Python; found none that is new enough on the PATH'; exit 2; }
	@.venv-semgrep/bin/python -c '' 2>/dev/null || $(PYTHON) -m venv --clear .venv-semgrep
	@.venv-semgrep/bin/python -m pip --quiet --disable-pip-version-check install "$$($(PYTHON) -c \
		'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["semgrep"])')"
	@touch $@

clean:
	rm -rf .venv .venv-semgrep archguard-out .mypy_cache .pytest_cache .ruff_cache
