# Needs only make, git and a Python from 3.8; everything else is set up on first use.
SHELL := /bin/bash
SETUP := python3 scripts/setup.py
PYTHON := .venv/bin/python
ENGINE := .venv-engine/bin/python
SOURCES := amends actions bot scripts tests benchmarks
# The engine's tests need Rasa, so they run in the engine's environment.
ENGINE_TESTS := tests/bot
# Rasa calls each response that only actions say unused; tests/contract knows which ones are said.
SAID_BY_ACTIONS := grep -v "The utterance 'say_.* is not used"
# Real browsers, databases, sockets, whole systems, and laws tried on many made-up cases: `make test`
# only.
SLOW_TESTS := tests/e2e tests/scale tests/fuzz tests/contract tests/conversations tests/desk tests/widget \
	tests/storage tests/gateway \
	tests/adversarial/test_adversarial.py \
	tests/compensation/test_policy_proof_properties.py tests/compensation/test_difference_properties.py \
	tests/compensation/test_policy_properties.py tests/compensation/test_simulation.py \
	tests/compensation/test_eu261.py tests/handoff/test_approvals.py tests/handoff/test_notes.py \
	tests/cli tests/wiring tests/training/test_repository_data.py \
	tests/training/new_intent/test_whole.py tests/docs

# What takes longest: several systems at once, and every page of the desk in a real browser. Only
# `make test-all`, which CI runs, plays these too.
LONG_TESTS := tests/scale tests/fuzz tests/adversarial/test_adversarial.py \
	tests/widget/test_widget_screens.py tests/wiring/test_playground.py \
	tests/wiring/training_files/test_killed.py tests/storage/test_many_chats.py \
	tests/training/new_intent/test_whole.py tests/docs/test_teach_a_new_language.py \
	$(addprefix tests/e2e/,test_kill.py test_trainers_loop.py test_model_swap.py test_replay.py \
	test_asking_for_a_person.py) \
	$(wildcard tests/desk/test_*_pages.py) \
	$(addprefix tests/desk/,test_accessibility.py test_canned_picker.py test_exceptions.py \
	test_handing_on.py test_moving_chats.py test_news.py test_requests.py test_review_forms.py)
LEFT_OUT := $(LONG_TESTS)

# A page that a busy machine was too slow for is tried once more, and named among the closing lines.
TRY_AGAIN := --reruns 1 --only-rerun 'Locator expected' --only-rerun 'Timeout [0-9.]+ms exceeded' -rR

.DEFAULT_GOAL := help
.PHONY: help install train run check format test test-all test-app test-engine adversarial chaos bench lock clean

help:  ## List these targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

install:  ## Set up both Python environments from the lock files
	@$(SETUP)

run:  ## Set up, train if needed, and start engine, gateway and desk
	@$(SETUP)
	@exec .venv/bin/amends up

train:  ## Train the model if it is missing or stale
	@$(SETUP)
	@.venv/bin/amends train

check:  ## Style, types, import contract and the fast tests (under two minutes)
	@$(SETUP) --dev
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy amends actions
	.venv/bin/lint-imports
	$(PYTHON) -m pytest -n 2 $(addprefix --ignore=,$(ENGINE_TESTS) $(SLOW_TESTS))

format:  ## Rewrite the sources in the house style
	@$(SETUP) --dev
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

test-all:  ## Set up and run all tests, the long ones included
	@$(MAKE) --no-print-directory test LEFT_OUT=

test:  ## Set up and run the tests, those of the engine included, but not the long ones
	@$(SETUP) --dev
	@.venv/bin/amends train
	@status=0; \
	$(MAKE) --no-print-directory test-engine || status=1; \
	$(MAKE) --no-print-directory test-app || status=1; \
	exit $$status

test-engine:  ## Only the engine's tests (after `make test` has set up)
	set -o pipefail; .venv-engine/bin/rasa data validate --fail-on-warnings 2>&1 | $(SAID_BY_ACTIONS)
	.venv-engine/bin/rasa test core --stories tests/conversations --fail-on-prediction-errors \
		--no-plot --model models --out var/rasa-test
	$(ENGINE) -m pytest $(ENGINE_TESTS)

test-app:  ## Only the application's tests (after `make test` has set up)
	$(PYTHON) -m pytest -n 2 --dist loadgroup $(TRY_AGAIN) \
		$(addprefix --ignore=,$(ENGINE_TESTS) $(LEFT_OUT))

adversarial:  ## Play every dialogue that tries to talk the policy round eight times; prints JSON
	@$(SETUP) --dev
	@.venv/bin/amends train
	@$(PYTHON) -m tests.adversarial --runs 8

chaos:  ## Kill and cut off every part at random for ten minutes under 200 conversations; prints JSON
	@$(SETUP) --dev
	@.venv/bin/amends train
	@$(PYTHON) -m tests.scale
	@$(PYTHON) -m tests.scale --partitions

bench:  ## Measure latency, throughput, memory and start-up; prints JSON
	@$(SETUP) --dev
	@.venv/bin/amends train
	@$(PYTHON) -m benchmarks

lock:  ## Refresh the lock files (`make lock UPGRADE=--upgrade` takes newer versions)
	@$(SETUP)
	@python3 scripts/lock.py $(UPGRADE)

clean:  ## Remove both environments and all models; data in var/ stays
	rm -rf .venv .venv-engine .tools models .rasa
