# make          what there is to make
# Every target works on a clean checkout: the environment is made on the way.
PYTHON ?= python3
VENV   := .venv
PY     := $(VENV)/bin/python
PIP    := $(PY) -m pip install --quiet --disable-pip-version-check
PORT   ?= 8501

.DEFAULT_GOAL := help
.PHONY: help run test check format bench gauntlet browser samples screenshots clean

help:  ## show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 20

run: $(VENV)/.run  ## start the app on http://127.0.0.1:8501
	$(PY) -m streamlit run app.py --server.address 127.0.0.1 --server.port $(PORT) --server.showEmailPrompt false

test: check browser  ## install what the tests need and run all of them
	$(PY) -m pytest -n 2 --dist loadfile --ignore=tests/e2e --ignore=tests/test_architecture.py
	$(PY) -m pytest -n 2 --dist loadfile tests/e2e

check: $(VENV)/.dev  ## lint, format, types and the architecture
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(PY) -m pytest -q tests/test_architecture.py

format: $(VENV)/.dev  ## mend what lint and format can mend alone
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

bench: $(VENV)/.dev browser  ## measure the ratios that benchmarks/ promises
	$(PY) -m benchmarks

gauntlet: $(VENV)/.dev browser  ## the long tests that `make test` leaves out
	$(PY) -m pytest -m gauntlet

screenshots: $(VENV)/.dev browser  ## take the pictures of docs/screenshots again
	FOLDLINE_SCREENSHOTS=1 $(PY) -m pytest tests/e2e/test_screens.py

samples: $(VENV)/.run  ## write the sample tables again
	$(PY) sample_data/make_samples.py

browser:  ## Debian's Chromium, for the browser tests
	@command -v chromium >/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium; \
	  else \
	    echo "The browser tests need Chromium: install it (Debian: sudo apt-get install chromium)." >&2; exit 1; \
	  fi; }

clean:  ## remove the environment and all caches; the workspace stays
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Foldline needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version 2>&1)." >&2; \
	  echo "Name a newer one: make PYTHON=python3.12 run" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

# The stamps say that the environment holds what the file lists; a changed file installs again.
$(VENV)/.run: requirements.txt | $(PY)
	$(PIP) -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt requirements.txt | $(PY)
	$(PIP) -r requirements-dev.txt
	@touch $@ $(VENV)/.run
