# Everything runs from a fresh clone with python3 (3.11 or newer, with venv and pip) and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?=
GROUP ?=

.DEFAULT_GOAL := help
.PHONY: help setup system demo test check format prove bench duties messages lock wheel ui clean

help: ## Show this list
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' Makefile

setup: $(VENV)/.ok messages ## Install the pinned dependencies into .venv and compile the languages

$(VENV)/.ok: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; name it with: make setup PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || \
		{ echo "Python's venv module is missing; on Debian/Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@if $(BIN)/pip install -q --disable-pip-version-check uv==0.13.9; then \
		$(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r requirements.lock && \
		$(BIN)/uv pip install -q --python $(BIN)/python --no-deps -e . ; \
	else \
		echo "uv is not to be had here: installing with pip, which takes a minute longer"; \
		$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.lock && \
		$(BIN)/pip install -q --disable-pip-version-check --no-deps -e . ; \
	fi
	@if [ -e tools/warm.py ]; then $(BIN)/python -m tools.warm; fi
	@touch $@

messages: $(VENV)/.ok ## Merge and compile the Albanian and Serbian catalogues
	@if [ -e tools/messages.py ]; then $(BIN)/python -m tools.messages compile; \
	else echo "tools/messages.py is not there yet: pages stay in English"; fi

demo: setup ## Serve the furnished demonstration (PORT=8000)
	$(BIN)/tmr demo $(if $(PORT),--port $(PORT))

system:
	@sh tools/setup_system.sh

test: setup system ## Run the tests, group by group (GROUP=database for one of them)
	$(BIN)/python -m tools.run_tests $(GROUP)

prove: setup system ## Run everything with full counts, the slow proofs included
	$(BIN)/python -m tools.run_tests --rounds full $(GROUP)

check: setup ## Lint, types, room contracts, templates, messages
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@if [ -d templates ]; then $(BIN)/djlint --quiet --lint templates; fi
	@if [ -e tools/messages.py ]; then $(BIN)/python -m tools.messages check; fi

format: setup ## Put code in its standard form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: setup system ## Measure, print the table, write build/bench.json
	$(BIN)/python -m bench

duties: setup ## Regenerate the register of duties
	$(BIN)/python -m tools.duties

lock: $(VENV)/.ok ## Resolve the dependencies again (the lock records no host)
	$(BIN)/uv pip compile -q --upgrade --extra test --universal --generate-hashes --no-header --no-annotate \
		pyproject.toml -o requirements.lock

wheel: setup ## Build a wheel with everything the product reads into build/
	$(BIN)/python -m hatchling build --target wheel --directory build

ui: ## Rebuild the style sheets and scripts (needs Node; the result is committed)
	cd ui && npm ci --no-audit --no-fund && npm run build

clean: ## Remove what can be made again
	rm -rf $(VENV) build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
