# make demo   a virtual environment, the install, seven sample documents coded into an archive, and what was found
# make test   ruff, mypy --strict and all tests
# make bench  speed and scores beside other tools (slow; needs ../shared)

PYTHON ?= python3.11
VENV ?= .venv
BIN := $(VENV)/bin
ARCHIVE ?= demo-archive
SAMPLES := $(wildcard src/communique/data/samples/2024-*.txt)

.PHONY: demo test lint types bench clean

$(VENV)/.installed: pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "communique needs Python 3.11 or newer: install it, or run make PYTHON=/path/to/python" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[all,ray,dev]" || { echo "communique: pip could not install; the first install needs a package index, later runs do not" >&2; exit 2; }
	touch $@

demo: $(VENV)/.installed
	$(BIN)/communique add $(SAMPLES) --archive $(ARCHIVE)
	$(BIN)/communique show --archive $(ARCHIVE)

lint: $(VENV)/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.installed
	$(BIN)/mypy

test: $(VENV)/.installed lint types
	$(BIN)/python -m pytest

bench: $(VENV)/.installed
	$(BIN)/python -m benchmarks

clean:
	rm -rf $(VENV) $(ARCHIVE)
