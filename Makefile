# SPDX-License-Identifier: GPL-3.0-or-later
# Everything this project does, by name. `make help` lists the targets.

SWIFT ?= swift
# Tests see internal names, which changes the compiler's arguments: their build has a folder of its own, so that
# `make build` and `make test` do not undo each other's work.
TESTING := -c release -Xswiftc -enable-testing --scratch-path .build/testing
SOURCES := $(wildcard Package.swift Sources Tests Benchmarks)

.DEFAULT_GOAL := help
.PHONY: help setup build demo error-budget integrators ledger test fuzz bench bench-peers cost lint docs clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 13

setup: ## install the missing Debian packages (root or sudo)
	@scripts/setup-debian.sh

build: setup ## the command line, optimised: .build/release/noether
	$(SWIFT) build -c release --product noether

demo: build ## simulate, learn, roll out and plot; everything goes into demo/
	@scripts/demo.sh

error-budget: build ## what every integrator errs by and costs, measured: docs/error-budget.md, some minutes
	@scripts/error-budget.sh

integrators: build ## what there is to say of every method: docs/integrators.md
	@scripts/integrators-page.sh > docs/integrators.md

ledger: build ## what every group conserves, measured: trains 24 small models into ledger/, a quarter of an hour
	@scripts/ledger.sh

test: setup lint ## lint, build everything with warnings as errors, run all tests
	$(SWIFT) build --build-tests $(TESTING)
	$(SWIFT) test --skip-build $(TESTING)

fuzz: setup ## damaged files for every reader: INPUTS=200000 of them (so many by default), SEED=1; what breaks one is kept
	$(SWIFT) build -c release --product fuzz
	@.build/release/fuzz --inputs $(or $(INPUTS),200000) --seed $(or $(SEED),1)

bench: setup ## time the libraries: one JSON line per row, then a table; ROWS="grad_H …" or network, simulation choose
	@unset OPENBLAS_CORETYPE OPENBLAS_L2_SIZE; $(SWIFT) run -c release --package-path Benchmarks benchmarks $(ROWS)

bench-peers: setup ## how our times stand beside those of JAX, PyTorch, SciPy and REBOUND; PASSES=1 for a trial of five minutes
	@scripts/bench-peers.sh

cost: setup ## time and memory of training and forces against the number of bodies and systems, drawn into cost/
	@scripts/cost.sh

lint: ## the formatter, as a judge
	$(SWIFT) format lint --strict --parallel --recursive $(SOURCES)

docs: setup ## the libraries' reference as a web site in .build/reference
	@scripts/docs.sh

clean: ## remove what was built
	rm -rf .build Benchmarks/.build
