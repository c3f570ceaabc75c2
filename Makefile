# Two commands: `make run` tries the whole line on the sample conversations, `make test` runs every test.
# Without make, see "Without make" in README.md.

PYTHON ?= python3
VENV := .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif

.PHONY: run test fast lint bench bench-pages bench-speech bench-themes fuzz screenshots lock clean

run: $(VENV)/installed
	LISTENING_DATA=data/example $(BIN)/listening example

test: $(VENV)/installed-for-tests lint
	$(BIN)/python -m pytest --cov --cov-report=term

fast: $(VENV)/installed-for-tests
	$(BIN)/python -m pytest -m "not heavy and not browser" -q

lint: $(VENV)/installed-for-tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/installed-for-tests
	$(BIN)/python -m tests.bench.stages

# A made-up inquiry of 1,000 conversations, and how long its pages take while a synthesis runs and files come in.
bench-pages: $(VENV)/installed-for-tests
	test -d data/bench || $(BIN)/python -m tests.bench.generate data/bench
	$(BIN)/python -m tests.bench.pages data/bench

# The README's pictures, made from the example inquiry in Chromium (CHROMIUM=path if it is not Debian's).
screenshots: $(VENV)/installed-for-tests
	test -d data/example || LISTENING_DATA=data/example $(BIN)/listening example
	$(BIN)/python -m tests.bench.screenshots data/example docs/images $(if $(CHROMIUM),--chromium "$(CHROMIUM)")

# How often each real file is made wrong and handed in; the suite does it 10 times.
fuzz: $(VENV)/installed-for-tests
	LISTENING_FUZZ_ROUNDS=$(or $(ROUNDS),500) $(BIN)/python -m pytest tests/fuzz -q

# SPEECH=folder adds recordings of your own with their words beside them in NAME.txt, and in voices/ one voice a file.
# MINUTES="10 60 120" also measures the peak memory of recordings that long.
bench-speech: $(VENV)/installed-for-tests
	$(BIN)/python -m tests.bench.speech $(if $(SPEECH),--folder "$(SPEECH)") $(if $(MINUTES),--minutes $(MINUTES))

# Others to compare with are only installed here, without their dependencies, which are there: torch is left as it is.
EVAL ?= ../shared/eval
bench-themes: $(VENV)/installed-for-tests
	@test -f $(EVAL)/eval_themes.py || \
	  { echo 'The harness is not in $(EVAL). Say where it is: make bench-themes EVAL=folder'; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -r tests/bench/requirements.txt
	@$(BIN)/python -m tests.bench.themes $(EVAL)

# Everything is pinned and nothing is resolved: --no-deps keeps out triton, a gigabyte that only graphics cards need.
$(VENV)/installed: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || \
	  { echo 'This needs Python 3.11, 3.12 or 3.13. Say which: make run PYTHON=python3.12'; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@$(cpu-build-only)
	@$(if $(GPU_BUILD),$(BIN)/python -m pip install "$$(grep '^torch==' requirements.txt)")
	@echo 'Installing. This takes some minutes the first time.'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -r requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/installed-for-tests: $(VENV)/installed requirements-test.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -r requirements-test.txt
	@touch $@

# On Linux, pip's usual index holds torch built for graphics cards: say so before gigabytes arrive.
define cpu-build-only
if [ "$$(uname -s)" = Linux ] && [ -z "$(GPU_BUILD)" ] && \
  $(BIN)/python -m pip install --quiet --disable-pip-version-check --dry-run --no-deps --report - \
    "$$(grep '^torch==' requirements.txt)" | grep -qE '"(nvidia|cuda)-'; then \
  echo 'pip would bring the build of torch for graphics cards: several gigabytes that this software does not use.'; \
  echo 'Choose the CPU build first: see "On Linux" in README.md. To take the large build all the same: make run GPU_BUILD=yes'; \
  exit 1; \
fi
endef

# What the pins are made from is in pyproject.toml. Graphics card packages are left out of them.
lock: $(VENV)/installed-for-tests
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-header --no-annotate --extra build \
	  pyproject.toml | grep -vE '^(nvidia-|cuda-|triton)' > requirements.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-header --no-annotate --extra build --extra test \
	  --extra fast --extra faster --extra languages -c requirements.txt pyproject.toml \
	  | grep -vE '^(nvidia-|cuda-|triton|openvino-telemetry|onnxruntime|flatbuffers|protobuf)' > requirements-test.txt

clean:
	rm -rf $(VENV) data/example
