# The two commands of a newcomer are `make report` and `make test`. Both build what they need the first time.
SHELL := /bin/sh
PYTHON ?= python3
TOOLS := .tools/uv
UV := $(TOOLS)/bin/uv
UV_VERSION := 0.13.9
VENV := .venv
OSTEON := $(VENV)/bin/osteon
EXAMPLE ?= examples/nhanes_122612.json

export UV_PYTHON_DOWNLOADS := never
export UV_PROJECT_ENVIRONMENT := $(VENV)
export UV_NO_PROGRESS := 1

.PHONY: help report test lint types layers unit bench redraw format clean

help:
	@echo "make report   run the report on an included real example and write the page"
	@echo "make test     lint, types, layers and tests"
	@echo "make bench    the speed measurements of docs/speed.md (several minutes)"
	@echo "make redraw   after the bone model changed: tune the virtual people, draw the docs' pictures, write their tables"
	@echo "make format   put the code into the house style"
	@echo "make clean    remove everything that make has built"

$(UV):
	@command -v $(PYTHON) > /dev/null || \
	  { echo "'$(PYTHON)' was not found. Install Python 3.11 or newer, or name it: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else 1)' || \
	  { echo "Osteon needs Python 3.11 or newer; '$(PYTHON)' is older. Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@echo "[1/3] Getting uv, the tool that installs the rest, into $(TOOLS) ..."
	@$(PYTHON) -m venv $(TOOLS) || \
	  { echo "Python's venv module is missing. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@$(TOOLS)/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

$(VENV)/.ready-report: pyproject.toml uv.lock | $(UV)
	@echo "[2/3] Installing Osteon and what a report needs into $(VENV) (about a minute the first time) ..."
	@$(UV) sync --quiet --locked --inexact --extra pdf --python $(PYTHON)
	@touch $@

$(VENV)/.ready-test: pyproject.toml uv.lock | $(UV)
	@echo "[2/3] Installing what the tests need into $(VENV) (one or two minutes the first time) ..."
	@$(UV) sync --quiet --locked --inexact --all-extras --group test --python $(PYTHON)
	@touch $@ $(VENV)/.ready-report

$(VENV)/.ready-bench: pyproject.toml uv.lock | $(UV)
	@echo "[2/3] Installing the peers that the speed measurements compare with into $(VENV) ..."
	@$(UV) sync --quiet --locked --inexact --all-extras --group test --group bench --python $(PYTHON)
	@touch $@ $(VENV)/.ready-test $(VENV)/.ready-report

report: $(VENV)/.ready-report
	@echo "[3/3] Reporting on $(EXAMPLE) ..."
	@mkdir -p out
	@$(OSTEON) report $(EXAMPLE) --page out/report.html

test: lint types layers unit

lint: $(VENV)/.ready-test
	@echo "Lint ..."
	@$(VENV)/bin/ruff check --quiet .
	@$(VENV)/bin/ruff format --check --quiet . || { echo "Some files are not in the house style: run 'make format'"; exit 1; }

types: $(VENV)/.ready-test
	@echo "Types ..."
	@$(VENV)/bin/mypy --no-error-summary

layers: $(VENV)/.ready-test
	@echo "Layers ..."
	@$(VENV)/bin/lint-imports --no-cache > .tools/layers.log || { cat .tools/layers.log; exit 1; }

unit: $(VENV)/.ready-test
	@echo "Tests ..."
	@$(VENV)/bin/pytest --quiet -n 2

bench: $(VENV)/.ready-bench
	@$(VENV)/bin/python bench/run.py

redraw: $(VENV)/.ready-test
	@$(VENV)/bin/python -m osteon.twin.osteon_model.validation_page
	@$(VENV)/bin/python -m osteon.twin.osteon_model.unseen
	@$(VENV)/bin/python -m osteon.twin.variability.tune
	@$(VENV)/bin/python -m bench.pictures
	@$(VENV)/bin/python -m bench.people --write
	@$(VENV)/bin/python tests/twin_cells/cells_docs.py
	@$(VENV)/bin/python -m osteon.trial --page docs/virtual-trials.md

format: $(VENV)/.ready-test
	@$(VENV)/bin/ruff check --quiet --fix .
	@$(VENV)/bin/ruff format --quiet .

clean:
	@rm -rf $(VENV) .tools out
