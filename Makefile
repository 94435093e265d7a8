# Two commands: `make run` and `make test`. Everything else is for those who change the code.
# Works on a machine with Python >= 3.11 and make; Node, the Valkey server and a test browser come from packages.

SHELL   := /bin/sh
PYTHON  ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
             command -v $$p >/dev/null 2>&1 && $$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
REGION  ?= demo
PORT    ?= 8080
HOST    ?= 127.0.0.1
ARGS    ?=

PY      := .venv/bin/python
PIP     := $(PY) -m pip --disable-pip-version-check --no-input -q install
ENGINES := tests/web/engines/node_modules
SOURCES := $(shell find smartreise -name '*.py' 2>/dev/null)
WEB_SRC := $(shell find web -not -path '*/node_modules*' -not -path '*/dist*' -type f 2>/dev/null | tr ' ' '?')

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup ready run test test-all audit chaos check format bench web clean lock

help: ## list the targets
	@printf 'Smart Reiseinfo\n\n'
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' Makefile
	@printf '\nREGION=%s PORT=%s HOST=%s ARGS=%s\n' '$(REGION)' '$(PORT)' '$(HOST)' '$(ARGS)'

setup: .venv/.run web/dist/.built .venv/.kernels ## install what running needs, build the pages, compile the kernels

ready: .venv/.dev setup $(ENGINES)/.browser .venv/.audit ## install and build what check and test need (make -j2 ready: side by side)

run: setup ## serve REGION (demo, ruter, or a file) at http://localhost:PORT
	@exec $(PY) -m smartreise serve --region '$(REGION)' --host '$(HOST)' --port '$(PORT)' $(ARGS)

test: .venv/.dev web/dist/.built .venv/.kernels $(ENGINES)/.browser ## run all tests, real servers and browser included
	@PATH="$$(sh web/scripts/node-path.sh):$$PATH" && cd web && npm test --silent
	@PYTHONASYNCIODEBUG=1 $(PY) -m tests $(ARGS)

test-all: ## run all tests, the long ones of CI too
	@CI=true $(MAKE) --no-print-directory test

check: .venv/.dev .venv/.audit web/node_modules/.installed ## lint, types, import rules, lock files, audits
	@$(PY) -m ruff check smartreise tests web requirements
	@$(PY) -m ruff format --check smartreise tests web requirements
	@$(PY) -m mypy
	@.venv/bin/lint-imports --no-logo 2>/dev/null || $(PY) -m importlinter.cli lint
	@$(PY) requirements/check_locks.py
	@PATH="$$(sh web/scripts/node-path.sh):$$PATH" && (cd web && npm run --silent check) && $(PY) requirements/audit.py

format: .venv/.dev ## rewrite Python files in the common format
	@$(PY) -m ruff check --fix -q smartreise tests web requirements; $(PY) -m ruff format -q smartreise tests web requirements

bench: .venv/.dev .venv/.kernels ## run the benchmarks under tests/bench and print their table
	@$(PY) -m tests.bench $(ARGS)

audit: .venv/.audit web/node_modules/.installed ## the audits of check alone, and bills of materials into build/
	@PATH="$$(sh web/scripts/node-path.sh):$$PATH" && $(PY) requirements/audit.py --sbom

chaos: .venv/.dev web/dist/.built .venv/.kernels ## inject every fault into real processes; table into docs/reliability.md
	@$(PY) -m tests.chaos

web: web/dist/.built ## build the pages

lock: ## write the lock files anew (needs uv and npm)
	@bash requirements/lock.sh
	@for folder in web tests/web/engines; do (cd $$folder && npm install --package-lock-only --silent) || exit 1; done

clean: ## remove all that was built or installed
	rm -rf .venv .cache web/node_modules $(ENGINES) web/dist build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find smartreise tests -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/bin/python:
	@test -n '$(PYTHON)' || { echo 'smartreise needs Python 3.11 or newer with the venv module'; exit 1; }
	@echo 'Making a virtual environment with $(PYTHON)'
	@'$(PYTHON)' -m venv .venv

.venv/.run: requirements/run.txt pyproject.toml | .venv/bin/python
	@echo 'Installing Python packages'
	@$(PIP) --require-hashes -r requirements/run.txt
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev: requirements/dev.txt .venv/.run
	@echo 'Installing development packages'
	@$(PIP) --require-hashes -r requirements/dev.txt
	@touch $@

.venv/.audit: requirements/audit.txt | .venv/bin/python
	@echo 'Installing what audits'
	@$(PY) -m venv .venv/audit
	@.venv/audit/bin/python -m pip --disable-pip-version-check --no-input -q install --no-deps --require-hashes -r requirements/audit.txt
	@touch $@

# Kernels compile once into numba's cache; a start then loads them. What another version left goes first: numba would stop
# at the name of a record that is no more.
.venv/.kernels: .venv/.run $(wildcard smartreise/*/*kernels.py smartreise/planner/*.py)
	@echo 'Compiling kernels'
	@find smartreise -name '*.nb[ci]' -delete
	@$(PY) -m smartreise warm
	@touch $@

web/node_modules/.installed: web/package-lock.json web/package.json .venv/.run
	@echo 'Installing web packages'
	@PATH="$$(sh web/scripts/node-path.sh):$$PATH" && cd web && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

# Browsers are for the tests alone, and large: who only runs the service fetches none.
$(ENGINES)/.installed: tests/web/engines/package-lock.json tests/web/engines/package.json .venv/.run
	@echo 'Installing test browsers'
	@PATH="$$(sh web/scripts/node-path.sh):$$PATH" && cd tests/web/engines && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(ENGINES)/.browser: $(ENGINES)/.installed
	@echo 'Unpacking the test browser'
	@PATH="$$(sh web/scripts/node-path.sh):$$PATH" && cd tests/web/engines && node chromium.mjs >/dev/null
	@touch $@

web/dist/.built: web/node_modules/.installed $(WEB_SRC)
	@echo 'Building the pages'
	@PATH="$$(sh web/scripts/node-path.sh):$$PATH" && cd web && npm run --silent build
	@touch $@
