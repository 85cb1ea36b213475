# `make` alone lists what there is. Everything runs in .venv, made once from the locked requirements.

VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --disable-pip-version-check --quiet
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest --generate-hashes \
	--no-emit-index-url --no-header --custom-compile-command "make lock"

.DEFAULT_GOAL := help
.PHONY: help demo test soak check format lint types audit reference pictures bench spark bench-spark real-dumps lock clean
.DELETE_ON_ERROR:

help:  ## List what make can do here
	@sed -n 's/^\([a-z%-]*\):.*## /  make \1|/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "%-16s %s\n", $$1, $$2 }'

demo: $(VENV)/run.stamp  ## Sync a made-up fleet from a local ConnectWise Manage, show what was found, serve it
	$(BIN)/samebox demo $(ARGS)

test: $(VENV)/dev.stamp $(VENV)/client.stamp  ## Run the tests
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder $(ARGS)

soak: $(VENV)/dev.stamp  ## Kill syncs, imports, rebuilds and decisions at random, let processes compete (minutes)
	$(BIN)/python -m tests.service.soak $(ARGS)

check: lint types audit test  ## Check format, lint, types and dependencies, then run the tests

format: $(VENV)/dev.stamp  ## Format the code and mend what the linter can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lint: $(VENV)/dev.stamp  ## Check format and lint
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(VENV)/dev.stamp  ## Check types
	$(BIN)/mypy

audit: $(VENV)/dev.stamp  ## Look for known vulnerabilities in the locked dependencies
	@$(BIN)/python requirements/audit.py requirements/run.txt requirements/build.txt
	@$(BIN)/python requirements/audit.py requirements/client.txt
	@$(BIN)/python requirements/audit.py requirements/spark.txt

reference: $(VENV)/dev.stamp  ## Write the reference pages in docs/reference from the program
	$(BIN)/python -m service.cli.reference docs/reference

pictures: $(VENV)/dev.stamp  ## Draw the pictures of README and docs from a demo, those of the console with Chromium
	$(BIN)/samebox demo --no-serve
	$(BIN)/python -m service.demo.pictures samebox-demo docs/pictures
	$(BIN)/python -m tests.end_to_end.console.pictures samebox-demo docs/pictures

bench: $(VENV)/dev.stamp  ## Score Samebox on a large and nasty labelled fleet (minutes)
	$(BIN)/python -m benchmarks.accuracy --only samebox --quick $(ARGS)

bench-%: $(VENV)/bench.stamp  ## Run one benchmark with all its contenders, such as bench-accuracy
	$(BIN)/python -m benchmarks.$* $(ARGS)

spark: $(VENV)/spark.stamp  ## Install PySpark, so that make test runs the tests of Spark as well; they need Java 17

bench-spark: $(VENV)/spark.stamp  ## Compare match on Spark with match on one machine
	$(BIN)/python -m benchmarks.spark $(ARGS)

real-dumps: $(VENV)/dev.stamp  ## Say of each text in FILE, dumps of real machines, whether it is usable, and what was joined
	$(BIN)/python -m benchmarks.real_dumps "$(FILE)" $(ARGS)

lock: $(VENV)/dev.stamp  ## Lock the newest dependencies that pyproject.toml allows, with hashes
	$(COMPILE) --upgrade --extra dev pyproject.toml --output-file requirements/dev.txt
	$(COMPILE) --upgrade --extra dev --extra bench pyproject.toml --constraints requirements/dev.txt --output-file requirements/bench.txt
	$(COMPILE) --upgrade pyproject.toml --constraints requirements/dev.txt --output-file requirements/run.txt
	$(COMPILE) --upgrade --extra spark pyproject.toml --constraints requirements/dev.txt --output-file requirements/spark.txt
	$(BIN)/python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"], sep="\n")' \
		| $(COMPILE) --upgrade - --constraints requirements/dev.txt --output-file requirements/build.txt
	$(BIN)/python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["client"], sep="\n")' \
		| $(COMPILE) --upgrade - --output-file requirements/client.txt

clean:  ## Remove the environment and the caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis

# A stamp is written last: an environment whose making was interrupted is made anew, one whose lock has changed is brought up to it.
$(VENV)/run.stamp: requirements/run.txt requirements/build.txt pyproject.toml
	@[ -f $@ ] && $(BIN)/python -c "" || { python=$$(PYTHON="$(PYTHON)" requirements/find-python) && \
		echo "Making $(VENV) with $$python" && "$$python" -m venv --clear $(VENV); }
	@echo "Installing the locked run-time dependencies (requirements/run.txt)"
	@$(INSTALL) --require-hashes -r requirements/build.txt -r requirements/run.txt
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev.stamp: $(VENV)/run.stamp requirements/dev.txt
	@echo "Installing the locked development tools (requirements/dev.txt)"
	@$(INSTALL) --require-hashes -r requirements/dev.txt
	@touch $@

# openapi-python-client needs an older typer than the command line does, and so has an environment of its own.
$(VENV)/client.stamp: $(VENV)/dev.stamp requirements/client.txt
	@echo "Installing the locked generator of API clients (requirements/client.txt)"
	@$(BIN)/python -m venv --clear $(VENV)/client
	@$(VENV)/client/bin/python -m pip install --disable-pip-version-check --quiet --require-hashes -r requirements/client.txt
	@touch $@

$(VENV)/bench.stamp: $(VENV)/dev.stamp requirements/bench.txt
	@echo "Installing the locked contenders of the benchmarks (requirements/bench.txt)"
	@$(INSTALL) --require-hashes -r requirements/bench.txt
	@touch $@

$(VENV)/spark.stamp: $(VENV)/dev.stamp requirements/spark.txt
	@echo "Installing the locked packages of the engine Spark (requirements/spark.txt)"
	@$(INSTALL) --require-hashes -r requirements/spark.txt
	@touch $@
