# make demo   environment, install, main job on the embedded data
# make test   environment, install, tests
# make lint   style and types
# make nightly  the long tests, spoilt files for every reader and, where MOTIFNET_DATA is set, the benchmarks

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: demo test lint nightly clean

demo: $(STAMP)
	$(BIN)/motifnet train data/demo/targets.fa -o runs/demo --motif-db data/demo/motifs.meme --overwrite

test: $(STAMP) lint
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -m "not slow" -n auto --dist loadfile

lint: $(STAMP)
	$(BIN)/ruff check motifnet tests workflows docs
	$(BIN)/ruff format --check motifnet tests workflows docs
	$(BIN)/mypy motifnet

nightly: $(STAMP)
	$(BIN)/python -m pytest
	$(BIN)/python tests/fuzz/run.py
	$(BIN)/python tests/fuzz/guided.py
	test -z "$$MOTIFNET_DATA" || $(BIN)/python -m tests.benchmarks.discovery

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --constraint constraints.txt torch
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable ".[dev]"
	touch $@

clean:
	rm -rf $(VENV) runs build dist *.egg-info
