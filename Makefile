# `make exp1` to `make exp3` and `make test` install what they need into .venv on first use.
PYTHON ?= python3
ARGS ?=
VENV := .venv
# The stamp is named after what is installed, so a changed lock installs again.
WANTED := installed-$(shell cat requirements.lock pyproject.toml | cksum | cut -d' ' -f1)
STAMP := $(VENV)/$(WANTED)
# `make lint` installs only what it needs, unless all is installed. Snakemake and what it needs are
# two thirds of the packages and of the time: its own linter runs where it is installed, and in the
# tests everywhere.
LINTED_WITH := import-linter pydantic pyyaml ruff snakefmt
# `make docs` has an environment of its own: the site needs nothing of the package but its text.
DOCS := .venv-docs/installed-$(shell cksum < requirements-docs.lock | cut -d' ' -f1)
LINTERS := $(if $(wildcard $(STAMP)),$(STAMP),.venv-lint/$(WANTED))
SNAKEMAKE := snakemake --profile profiles/local
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
export PYTHONPATH :=

# Plain `snakemake TARGET` in the activated environment; `--profile` on the command line wins.
export ACTIVATED := export SNAKEMAKE_PROFILE="$$VIRTUAL_ENV/../profiles/local"

REGION ?= synthetic
BUDGET ?= demo
TARGETS ?= exp1

.PHONY: exp1 exp2 exp3 figures report test lint format bench resources estimate unlock dag schema \
	docs docs-tables lock install

exp1: $(STAMP)
	$(SNAKEMAKE) exp1 $(ARGS)

exp2: $(STAMP)
	$(SNAKEMAKE) exp2 $(ARGS)

exp3: $(STAMP)
	$(SNAKEMAKE) exp3 $(ARGS)

figures: $(STAMP)
	$(SNAKEMAKE) figures $(ARGS)

report: $(STAMP)
	$(SNAKEMAKE) exp1 --forcerun write_report $(ARGS)
	@ls results*/*/report/*.html

test: $(STAMP)
	OMP_NUM_THREADS=1 python -m pytest -n auto --dist loadfile --no-loadscope-reorder $(ARGS)

lint: export PATH := $(CURDIR)/$(dir $(LINTERS))bin:$(PATH)
lint: export PYTHONPATH := $(CURDIR)/workflow
lint: $(LINTERS)
	ruff check .
	ruff format --check .
	snakefmt --check Snakefile workflow/rules
	$(if $(wildcard $(STAMP)),snakemake --lint,@echo "snakemake --lint: not installed here, make test runs it")
	lint-imports
	python -m downbench.steps.export_schema --check

format: $(STAMP)
	ruff check --fix .
	ruff format .
	snakefmt Snakefile workflow/rules

bench: $(STAMP)
	python bench/evaluate.py $(ARGS)
	python bench/quantile_mapping.py
	python bench/physics.py

# The resources that jobs ask for against what they used in the last run.
resources: $(STAMP)
	python -m downbench.steps.resources --targets $(TARGETS) $(ARGS)

# Jobs, hours and disk of a run, from the costs of an earlier one: make estimate REGION=iberia BUDGET=standard
estimate: $(STAMP)
	@python -m downbench.steps.estimate --region $(REGION) --budget $(BUDGET) --targets $(TARGETS) $(ARGS)

# After a killed run: ends the steps that are still at work, removes the lock of the folder.
unlock: $(STAMP)
	@python -m downbench.steps.unlock $(ARGS)

# The rule graph of each experiment, for its page (needs graphviz), and that of exp1 in the README.
dag: $(STAMP)
	for name in exp1 exp2 exp3; do \
		PYTHONHASHSEED=0 snakemake $$name --rulegraph dot | dot -Tsvg > docs/$$name-dag.svg || exit; \
	done
	PYTHONHASHSEED=0 snakemake exp1 --rulegraph mermaid-js > exp1-dag.mmd
	sed -i.bak -e '/^```mermaid$$/,/^```$$/{/^```/!d;}' -e '/^```mermaid$$/r exp1-dag.mmd' README.md
	rm README.md.bak exp1-dag.mmd

schema: $(STAMP)
	python -m downbench.steps.export_schema

# The pages of docs/ as a site, in site/. The variable silences an announcement about a later version.
docs: $(DOCS)
	NO_MKDOCS_2_WARNING=1 .venv-docs/bin/mkdocs build --strict --quiet
	@echo site/index.html

docs-tables: $(STAMP)
	python -m downbench.steps.export_tables

# Newest versions of everything, in a throw-away environment, without local build tags (+cpu).
lock:
	$(PYTHON) -m venv --clear .venv-lock
	.venv-lock/bin/python -m pip install --quiet '.[test,dev,cluster]'
	.venv-lock/bin/python -m pip freeze --exclude downbench | sed -E 's/\+[A-Za-z0-9.]+$$//' \
		> requirements.lock
	$(PYTHON) -m venv --clear .venv-lock
	.venv-lock/bin/python -m pip install --quiet mkdocs-material 'mkdocstrings[python]'
	.venv-lock/bin/python -m pip freeze > requirements-docs.lock
	rm -rf .venv-lock

$(DOCS):
	$(PYTHON) -m venv --clear .venv-docs
	.venv-docs/bin/python -m pip install --quiet --disable-pip-version-check \
		--requirement requirements-docs.lock
	touch $@

.venv-lint/$(WANTED):
	$(PYTHON) -m venv --clear .venv-lint
	.venv-lint/bin/python -m pip install --quiet --disable-pip-version-check --no-compile \
		--constraint requirements.lock $(LINTED_WITH)
	touch $@

install: $(STAMP)

# An environment without a stamp is the rest of a killed install: it is created again.
$(STAMP):
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(v < (3, 11) and "Python 3.11 or newer \
	is needed, $(PYTHON) is %d.%d: make PYTHON=python3.12" % v[:2])'
	$(PYTHON) -m venv $(if $(wildcard $(VENV)/installed-*),,--clear) $(VENV)
	rm -f $(VENV)/installed-*
	python -m pip install --quiet --disable-pip-version-check --requirement requirements.lock
	python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	grep -q SNAKEMAKE_PROFILE $(VENV)/bin/activate || echo "$$ACTIVATED" >> $(VENV)/bin/activate
	touch $@
