# Everything that is done with this project, one word each. `make help` lists them.

PYTHON ?= python3
BIN := .venv/bin
LAUNCH := $(PYTHON) -m launch

# `make bench ingest`: what follows `bench` is its argument, not a target.
ifeq (bench,$(firstword $(MAKECMDGOALS)))
  ARGS ?= $(wordlist 2,$(words $(MAKECMDGOALS)),$(MAKECMDGOALS))
  $(eval $(ARGS):;@:)
endif

.DEFAULT_GOAL := help
.PHONY: help run serve test lint types bench shell manage format contract hooks pins install clean reset python

help: ## What there is to make
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## ?/  make \1\t/' | expand -t 18

run: python ## Start all of Recado with demo data on http://127.0.0.1:8000 (PORT, HOST, VERBOSE=1)
	@$(LAUNCH) run

serve: python ## Start it with production settings and no demo data (WEB_PROCESSES, and docs/operations.md)
	@$(LAUNCH) serve

test: python ## Run the tests on servers of their own (ARGS="tests/events -k seq")
	@$(LAUNCH) test $(ARGS)

lint: install ## Check format, style, imports, templates and translations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/djlint --lint --quiet .
	$(BIN)/python -m launch.messages check

# The Django plugin of mypy reads the settings, the contract is made of the code; both connect to nothing.
types contract: export DATABASE_URL = postgres://nobody@127.0.0.1/nothing
types contract: export REDIS_URL = redis://127.0.0.1/0
types contract: export RECADO_MODE = test
types: install ## Check the types of Python and of JavaScript
	$(BIN)/mypy .
	$(BIN)/mypy --config-file simulator/pyproject.toml simulator tests/simulator
	node_modules/.bin/tsc --project tsconfig.json

bench: python ## Measure: make bench ingest, or sockets, presence, transports, chat, catchup, servers
	@$(LAUNCH) bench $(ARGS)

shell: python ## A Django shell on the demo's data
	@$(LAUNCH) manage shell

manage: python ## manage.py on the demo's data (ARGS="listen --email ana@acme.test")
	@$(LAUNCH) manage $(ARGS)

format: install ## Let the tools format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

contract: install ## Write the JavaScript client's types anew, after changing a command, an event or the client
	$(BIN)/python manage.py write_contract
	node_modules/.bin/tsc --project tsconfig.declarations.json
	cp -R .declarations/. static/js/

hooks: ## Run `make lint` before every commit in this clone
	git config core.hooksPath .githooks

pins: install ## Write constraints.txt anew after changing requirements*.txt
	$(BIN)/python -m launch.pins

install: python ## Install what development needs, as pinned
	@$(LAUNCH) install --dev

clean: ## Remove what can be made again (the data stays)
	rm -rf .declarations .venv node_modules static/vendor .static .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +
	find . -name '*.mo' -not -path './.data/*' -delete

reset: python ## Remove the demo's data
	@$(LAUNCH) reset

python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Recado needs Python 3.11 or newer: install it, or name it: make run PYTHON=python3.12" >&2; exit 1; }
