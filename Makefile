PYTHON ?= python3
BIN := .venv/bin

.PHONY: test review check
test: .venv/.installed
	$(BIN)/python -m pytest

.venv/.installed: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@
