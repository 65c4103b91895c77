# The two commands are `make run` and `make test`; `make help` lists the rest.
# Needs Python 3.11 and nothing else: no PostgreSQL, no Redis, no compiler.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.SUFFIXES:

VENV := .venv
PY := $(VENV)/bin/python
# Named after the content of the requirement files: another content, another installation.
REQUIREMENTS := requirements.txt requirements-dev.txt constraints.txt
STAMP := $(VENV)/.installed-$(shell cat $(REQUIREMENTS) | cksum | cut -d' ' -f1)
TEMPLATES := $(wildcard templates)
CHROMIUM := $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)
SIZE ?= S
READS ?= 1000000
PEOPLE ?= 200
# Processes that share the tests; each has servers of its own.
JOBS ?= 2

.PHONY: help venv run test test-only test-browser check lint format types templates imports \
	migrations deploy audit bench prove reset constraints

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

venv: $(STAMP) ## the virtual environment with all packages

$(STAMP): $(REQUIREMENTS)
	@set -e; \
	for python in python3.11 python3; do \
	  if "$$python" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; \
	  then found="$$python"; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo "Helio needs Python 3.11, and neither python3.11 nor python3 is that: install it." >&2; \
	  exit 1; \
	fi; \
	if ! "$$found" -c 'import ensurepip, venv' 2>/dev/null; then \
	  echo "This Python has no venv: install it (Debian: apt-get install python3.11-venv)." >&2; \
	  exit 1; \
	fi; \
	echo "Installing packages into $(VENV) (the first time takes a minute or two) …"; \
	[ -x $(PY) ] || "$$found" -m venv $(VENV); \
	$(PY) -m pip install --quiet --disable-pip-version-check \
	  --requirement requirements-dev.txt --constraint constraints.txt; \
	rm -f $(VENV)/.installed-*; \
	touch $@

run: $(STAMP) ## the whole system in the foreground; PORT= chooses the port
	@exec $(PY) manage.py up --under-make

test: $(STAMP) check test-only test-browser ## checks and all tests, those in a browser where Chromium is installed

test-only: $(STAMP) ## all tests but those in a browser
	$(PY) -m pytest -m "not browser" --numprocesses $(JOBS) --dist loadfile $(PYTEST)

# In processes of their own: pytest-asyncio and pytest-playwright break each other.
test-browser: $(STAMP) ## the tests in a browser
	@if [ -z "$(CHROMIUM)" ]; then \
	  if [ "$(CI)" = true ]; then \
	    echo "Chromium is not installed: the browser tests did not run, which fails in CI." >&2; \
	    exit 1; \
	  fi; \
	  echo "NOTE: Chromium is not installed, so the browser tests did NOT run."; \
	else \
	  DJANGO_ALLOW_ASYNC_UNSAFE=1 $(PY) -m pytest -p no:asyncio \
	    -m browser helio/tests/browser --numprocesses $(JOBS) --dist loadfile $(PYTEST); \
	fi

check: lint types templates imports migrations deploy audit ## linters, types, templates, import direction, migrations in step, settings for TLS, dependencies

lint: $(STAMP)
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .

format: $(STAMP) ## formats the code
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

types: $(STAMP)
	$(PY) -m mypy helio portfolios ingestion reports

templates: $(STAMP)
	$(VENV)/bin/djlint --lint --quiet $(TEMPLATES)

imports: $(STAMP)
	$(VENV)/bin/lint-imports

migrations: $(STAMP)
	$(PY) manage.py makemigrations --check --dry-run

# As behind TLS: what a firm would set. Warnings fail.
deploy: $(STAMP)
	HELIO_ALLOWED_ORIGINS=https://helio.example.com HELIO_TRUSTED_PROXY=1 \
	  $(PY) manage.py check --deploy --fail-level WARNING

audit: $(STAMP) ## known vulnerabilities of the pinned packages, where OSV.dev can be reached
	$(PY) -m helio.dependencies

bench: $(STAMP) ## measures; SIZE=S|M|L
	@$(PY) manage.py bench --size $(SIZE)

prove: $(STAMP) ## proves isolation at scale; READS=, PEOPLE=, SEED=; servers of its own
	@mkdir -p test-results; rm -f test-results/isolation.json; \
	$(PY) manage.py prove --reads $(READS) --people $(PEOPLE) $(if $(SEED),--seed $(SEED)) \
	  --result test-results/isolation.json; proven=$$?; \
	[ ! -f test-results/isolation.json ] || $(PY) manage.py record_isolation test-results/isolation.json; \
	exit $$proven

reset: $(STAMP) ## throws the embedded data away, after asking
	@$(PY) manage.py reset

constraints: $(STAMP) ## writes down the installed versions
	@{ head -1 constraints.txt; $(PY) -m pip freeze | sort -f; } > constraints.new
	@mv constraints.new constraints.txt
