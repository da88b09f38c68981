# make run · make test · make check · make bench: each sets up what it needs by itself (Python 3.11 or newer, make).

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
READERS := .node/.ready

.PHONY: run test fuzz check format bench clean

run: $(READY)  ## build the example site into output/
	$(BIN)/feeds build || test $$? -eq 3  # 3: published; the example has two posts that are broken on purpose

test: $(READY) $(READERS)  ## the tests
	$(BIN)/python -m pytest -rs -n auto --maxprocesses 4 --dist worksteal

fuzz: $(READY)  ## property-based tests with many new inputs
	HYPOTHESIS_PROFILE=fuzz $(BIN)/python -m pytest

check: $(READY)  ## format, lint, types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: $(READY)  ## put the code into shape
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(READY)  ## measure; see bench/README.md
	$(BIN)/python bench/everything.py

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed: make PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt 'pip>=25.1'
	$(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt --editable . --group dev
	@touch $(READY)

$(READERS): tests/node/package.json  # feed readers in JavaScript, where there is npm
	@mkdir -p $(@D) && cp $< $(@D)
	@{ npm install --silent --no-package-lock --no-audit --no-fund --ignore-scripts --prefix $(@D) && touch $@; } \
	  || echo "npm or a network is missing: the tests that read feeds in JavaScript are skipped"

clean:  ## remove the environment, what was generated and the state
	rm -rf $(VENV) .output.feeds .mypy_cache .pytest_cache .ruff_cache .hypothesis build dist
	find output -mindepth 1 ! -name .gitkeep -delete
