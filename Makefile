# Podium's few commands. Each one first sets up what it needs; python3 (with venv), make and git are enough.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.podium-ready
UV := $(shell uv --version >/dev/null 2>&1 && command -v uv || echo .uv/bin/uv)

# Stories start dozens of processes: each would translate all of Python's files anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run test check lock docs pictures

help: ## Show these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(READY) ## Start the demo: a filled, invented region, with a sign-in link per role
	$(BIN)/podium demo

test: $(READY) ## Run the tests (ARGS="-k offers" to choose)
	$(BIN)/pytest --numprocesses auto --dist loadfile --no-loadscope-reorder $(ARGS)

check: $(READY) ## Check style, types, imports and templates
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/djlint --lint --quiet service

docs: $(READY) ## Write docs/settings.md and docs/law.md anew from what they describe
	$(BIN)/python -m service.core.settings_page > docs/settings.md
	$(BIN)/python docs/make_law.py > docs/law.md

pictures: $(READY) ## Take the pictures of the README from the demo, in Chromium
	$(BIN)/python -m docs.make_pictures

lock: | $(UV) ## Choose the newest allowed packages and write them down with their hashes
	$(UV) lock --upgrade
	$(UV) export --quiet --format requirements-txt --no-emit-project --no-header --all-groups -o requirements.lock
	$(UV) export --quiet --format requirements-txt --no-emit-project --no-header --no-dev --group build \
		-o requirements-image.lock

.uv/bin/uv:
	$(PYTHON) -m venv .uv
	.uv/bin/python -m pip install --quiet uv

# uv is quick but does not read pip's configuration: where packages are known only to pip, pip installs them.
$(READY): pyproject.toml requirements.lock | $(UV)
	test -x $(BIN)/python || $(UV) venv --quiet .venv
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock || \
		{ $(BIN)/python -m ensurepip && $(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock; }
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	touch $@
