# `make` alone lists the targets. They install what they need into .venv on first use.
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

.PHONY: help exp1 exp2 exp3 figures report test lint format bench resources estimate cite unlock dag \
	schema docs cmip6-list docs-tables lock install

help: ## these lines
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/make \1|\2/p' Makefile | \
		awk -F '|' '{printf "%-18s%s\n", $$1, $$2}'
	@echo 'Options of Snakemake follow ARGS: make exp1 ARGS="-n --config region=iberia"'

exp1: $(STAMP) ## experiment 1: skill, calibration, spatial structure; results/synthetic/report/index.html
	$(SNAKEMAKE) exp1 $(ARGS)

exp2: $(STAMP) ## experiment 2: physical consistency, after experiment 1
	$(SNAKEMAKE) exp2 $(ARGS)

exp3: $(STAMP) ## experiment 3: climate models, after experiment 1
	$(SNAKEMAKE) exp3 $(ARGS)

figures: $(STAMP) ## figures of all experiments that have scores; computes nothing else
	$(SNAKEMAKE) figures $(ARGS)

report: $(STAMP) ## the page of experiment 1 again, and the addresses of all pages
	$(SNAKEMAKE) exp1 --forcerun write_report write_front_page $(ARGS)
	@ls results*/*/report/*.html

test: $(STAMP) ## all tests, or some: make test ARGS="tests/unit -k crps"
	OMP_NUM_THREADS=1 python -m pytest -n auto --dist loadfile --no-loadscope-reorder $(ARGS)

lint: export PATH := $(CURDIR)/$(dir $(LINTERS))bin:$(PATH)
lint: export PYTHONPATH := $(CURDIR)/workflow
lint: $(LINTERS) ## code style, layers, configuration schema
	ruff check .
	ruff format --check .
	snakefmt --check Snakefile workflow/rules
	$(if $(wildcard $(STAMP)),snakemake --lint,@echo "snakemake --lint: not installed here, make test runs it")
	lint-imports
	python -m downbench.steps.export_schema --check

format: $(STAMP) ## style of code and rules, in place
	ruff check --fix .
	ruff format .
	snakefmt Snakefile workflow/rules

bench: $(STAMP) ## speed of scores, quantile mapping and physics
	python bench/evaluate.py $(ARGS)
	python bench/quantile_mapping.py
	python bench/physics.py

resources: $(STAMP) ## what jobs of TARGETS ask for against what they used in the last run
	python -m downbench.steps.resources --targets $(TARGETS) $(ARGS)

estimate: $(STAMP) ## jobs, hours and disk of a run: make estimate REGION=iberia BUDGET=standard TARGETS=exp1
	@python -m downbench.steps.estimate --region $(REGION) --budget $(BUDGET) --targets $(TARGETS) $(ARGS)

cite: $(STAMP) ## BibTeX of all datasets, or of those of a region: make cite ARGS="--region alps"
	@python -m downbench.steps.cite $(ARGS)

unlock: $(STAMP) ## after a killed run: end the steps that are still at work, remove the lock
	@python -m downbench.steps.unlock $(ARGS)

dag: $(STAMP) ## the rule graphs of pages and docs (needs graphviz)
	for name in exp1 exp2 exp3; do \
		PYTHONHASHSEED=0 snakemake $$name --rulegraph dot | dot -Tsvg > docs/$$name-dag.svg || exit; \
	done

schema: $(STAMP) ## config/schemas and config/README.md from the classes of the configuration
	python -m downbench.steps.export_schema

# The variable silences an announcement about a later version of mkdocs.
docs: $(DOCS) ## the pages of docs/ as a site, site/index.html
	NO_MKDOCS_2_WARNING=1 .venv-docs/bin/mkdocs build --strict --quiet
	@echo "site/index.html; with search: python3 -m http.server --directory site"

cmip6-list: $(STAMP) ## propose CMIP6 stores and check config/cmip6.csv: make cmip6-list ARGS="--models GFDL-ESM4"
	@python -m downbench.steps.list_cmip6 $(ARGS)

docs-tables: $(STAMP) ## the generated tables of docs/methods
	python -m downbench.steps.export_tables

# In a throw-away environment, without local build tags (+cpu).
lock: ## requirements.lock and requirements-docs.lock with the newest versions of everything
	$(PYTHON) -m venv --clear .venv-lock
	.venv-lock/bin/python -m pip install --quiet '.[test,dev,cluster,sources]'
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

install: $(STAMP) ## the environment in .venv, 1.8 GB; then: . .venv/bin/activate

# An environment without a stamp is the rest of a killed install: it is created again.
$(STAMP):
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(v < (3, 11) and "Python 3.11 or newer \
	is needed, $(PYTHON) is %d.%d: make PYTHON=python3.12" % v[:2])'
	$(PYTHON) -m venv $(if $(wildcard $(VENV)/installed-*),,--clear) $(VENV)
	rm -f $(VENV)/installed-*
	@echo "Installing $(words $(shell cat requirements.lock)) packages into $(VENV): 1.8 GB on disk with a CPU build of torch;"
	@echo "the build for GPUs, which pip takes on Linux unless an index of its own is set, is larger."
	python -m pip install --disable-pip-version-check --requirement requirements.lock
	python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	grep -q SNAKEMAKE_PROFILE $(VENV)/bin/activate || echo "$$ACTIVATED" >> $(VENV)/bin/activate
	touch $@
