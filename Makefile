# Everything the portal needs is set up by these targets; nothing is installed system-wide
# except Chromium for the tests, and that only by root (or password-less sudo) on Debian.
.DEFAULT_GOAL := help
.PHONY: help run test lint format lock bench clean setup-test

BIN := .venv/bin
RESOLVE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url

# Processes that share the test files: one per core; 0 where all of them would meet in the one
# server of TEST_DATABASE_URL. Files go out in order of name: by number of tests the matrix would be last.
TESTERS ?= auto

help:  ## This list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

run:  ## Set up, start the portal, stop it by Ctrl+C
	@tools/setup.sh run
	@exec $(BIN)/python run.py

test: lint  ## Set up, check the source, run all tests
	@$(BIN)/python -m pytest -n $(TESTERS) --dist loadfile --no-loadscope-reorder --maxprocesses 4

setup-test:
	@tools/setup.sh test

lint: setup-test  ## Style, types, import contracts, templates
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	@if [ -d app/templates ]; then $(BIN)/djlint --lint --quiet app/templates; fi

format: setup-test  ## Bring the source into its form
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

lock:  ## Choose and pin the newest allowed versions
	$(RESOLVE) --upgrade -o requirements.txt requirements.in
	$(RESOLVE) --upgrade -o requirements-dev.txt requirements-dev.in

# All are told, whatever one of them missed. PORTAL_BENCH_ROWS organisations (100000) beside plain
# Flask-AppBuilder, then an order of promotion of a school, then PORTAL_BENCH_PUPILS learners (1000000).
bench:  ## Print the figures of speed
	@tools/setup.sh test
	@missed=0; for part in run orders learners; do \
		$(BIN)/python -m bench.$$part || missed=1; done; exit $$missed

clean:  ## Remove what can be made again; data in var/ stay
	rm -rf .venv .build node_modules app/static/dist .mypy_cache .ruff_cache .pytest_cache \
		.import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find translations -name '*.mo' -delete 2>/dev/null || true
