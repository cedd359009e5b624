# make demo   environment, install, main job on the embedded data
# make test   environment, install, tests
# make lint   style and types
# make lowest  the tests of a few folders, on the lowest versions that pyproject.toml allows
# make dist   sdist and wheel; the sdist is unpacked and some of its own tests run
# make site   the documents as a site, in build/site
# make nightly  the long tests, spoilt files for every reader and, where MOTIFNET_DATA is set, the benchmarks

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: demo test lint lowest dist site nightly clean

demo: $(STAMP)
	$(BIN)/motifnet train data/demo/targets.fa -o runs/demo --motif-db data/demo/motifs.meme --overwrite

test: $(STAMP) lint
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -m "not slow" -n auto --dist loadfile

lint: $(STAMP)
	$(BIN)/ruff check motifnet tests workflows docs
	$(BIN)/ruff format --check motifnet tests workflows docs
	$(BIN)/mypy motifnet

# Warnings are no errors here: old releases of others warn of what newer ones of others have.
LOWEST := build/lowest/bin
LOWEST_TESTS := tests/io tests/motifs tests/ties tests/layers tests/stats tests/symbols tests/report/drawing \
	tests/models tests/training tests/estimators

lowest:
	rm -rf build/lowest
	$(PYTHON) -m venv build/lowest
	$(PYTHON) tests/lowest.py > build/lowest/lowest.txt
	$(LOWEST)/python -m pip install --quiet --upgrade pip
	$(LOWEST)/python -m pip install --quiet --constraint build/lowest/lowest.txt torch
	$(LOWEST)/python -m pip install --quiet --constraint build/lowest/lowest.txt . pytest pytest-xdist hypothesis pyyaml pyBigWig memelite
	OMP_NUM_THREADS=1 $(LOWEST)/python -m pytest -o filterwarnings=default -m "not slow" -n auto \
		--dist loadfile $(LOWEST_TESTS)

dist:
	rm -rf dist build/dist
	$(PYTHON) -m venv build/dist
	build/dist/bin/python -m pip install --quiet build
	build/dist/bin/python -m build
	cd build/dist && tar xzf ../../dist/motifnet-*.tar.gz --one-top-level=unpacked --strip-components=1
	build/dist/bin/python -m pip install --quiet --constraint constraints.txt dist/motifnet-*.whl pytest hypothesis pyyaml
	cd build/dist/unpacked && ../bin/motifnet train data/demo/targets.fa -o demo --motif-db data/demo/motifs.meme --max-epochs 2
	cd build/dist/unpacked && OMP_NUM_THREADS=1 ../bin/python -m pytest tests/ties tests/motifs tests/io/test_fasta.py

site:
	$(PYTHON) -m venv build/pages
	build/pages/bin/python -m pip install --quiet "mkdocs-material>=9.5"
	build/pages/bin/mkdocs build --strict

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
