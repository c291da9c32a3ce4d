PYTHON := .venv/bin/python

help: ## list the targets
	@grep -E '^[a-z]+:.*##' Makefile | sed 's/:.*##/\t/'

bootstrap: ## make .venv from the lock
	@sh scripts/bootstrap

test: bootstrap ## install what the tests need, and run them
	$(PYTHON) -m pytest -q

demo: ## deploy examples/bookshop on SQLite from its Procfile; needs Python alone
	@python3 scripts/demo

lint: bootstrap ## style and types
	$(PYTHON) -m ruff check src tests
	$(PYTHON) -m mypy

.PHONY: help bootstrap demo test lint
