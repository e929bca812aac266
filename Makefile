# What one does with Tenderground. Needs Python 3.11 or newer, make and git; `make` alone lists the targets.
.POSIX:
.PHONY: help demo test check fix bench hostile faults canary-mutations translations requirements clean

PYTHON = python3
VENV = .venv
BIN = $(VENV)/bin

help:
	@echo "make demo          serve the product with its facts and sample data at http://127.0.0.1:8000 (PORT= for another)"
	@echo "make test          everything that CI runs"
	@echo "make check         the fast part of it, for every edit"
	@echo "make fix           put the code in form"
	@echo "make bench         measure exports, imports and pages in a database of its own (ROWS=100000 for more proposals)"
	@echo "make hostile       fire hostile requests at the served site, on SQLite and on PostgreSQL (SHOTS=200 for fewer)"
	@echo "make faults        kill the site and its databases while officers work, and count what is there (KILLS=100 on each)"
	@echo "make canary-mutations  take out each guard of what is secret, and show which address then tells"
	@echo "make translations  collect strings into locale/, make Simplified from Traditional Chinese, compile (needs gettext)"
	@echo "make requirements  compile the requirements files anew (UPGRADE=--upgrade for newer releases)"
	@echo "make clean         remove what was made here, the demo's database included"

demo: $(VENV)/.installed
	@$(BIN)/python -m scripts.demo

test: $(VENV)/.installed-dev
	@$(BIN)/python -m scripts.run_parts all

check: $(VENV)/.installed-dev
	@$(BIN)/python -m scripts.run_parts fast

fix: $(VENV)/.installed-dev
	@$(BIN)/ruff check --quiet --fix . || true
	@$(BIN)/ruff format --quiet .

ROWS = 10000

bench: $(VENV)/.installed
	@$(BIN)/python -m benchmarks.run $(ROWS)

SHOTS = 2000

hostile: $(VENV)/.installed
	@$(BIN)/python -m benchmarks.hostile $(SHOTS)

KILLS = 100

faults: $(VENV)/.installed-dev
	@$(BIN)/python -m tests.faults $(KILLS)

canary-mutations: $(VENV)/.installed-dev
	@$(BIN)/pytest --quiet --numprocesses auto tests/canary/mutations.py

translations: $(VENV)/.installed
	@DEBUG=True $(BIN)/python manage.py makemessages --locale zh_Hant --locale zh_Hans \
	    --no-obsolete --add-location file --ignore .venv --ignore var --ignore tests
	@DEBUG=True $(BIN)/python -m scripts.translations
	@DEBUG=True $(BIN)/python manage.py compilemessages --verbosity 0 --locale zh_Hant --locale zh_Hans --ignore .venv --ignore var

requirements: $(VENV)/.installed-dev
	@scripts/requirements.sh $(UPGRADE)

clean:
	@rm -rf $(VENV) var .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    { echo "Tenderground needs Python 3.11 or newer: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@echo "Making a virtual environment in $(VENV) ..."
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

$(VENV)/.installed: requirements.txt $(BIN)/python
	@echo "Installing what requirements.txt pins ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

# The development set holds the runtime set, pinned alike.
$(VENV)/.installed-dev: requirements.txt requirements-dev.txt $(BIN)/python
	@echo "Installing what requirements-dev.txt pins ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $(VENV)/.installed $@
