# Every command of the project, one line each. Nothing is assumed but make and python3 (3.11 or newer).
PYTHON ?= python3
BIN := .venv/bin
COMPILE = $(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --no-annotate --no-header --no-emit-index-url --no-emit-find-links --python-version 3.11 pyproject.toml

.PHONY: install serve work check test coverage bench docs lock clean

install: $(BIN)/.installed
$(BIN)/.installed: lock/development.txt pyproject.toml tools/install.py
	@$(PYTHON) tools/install.py
serve: install
	@$(BIN)/clerestory serve $(ARGS)
work: install
	@$(BIN)/clerestory worker $(ARGS)
check: install
	@$(BIN)/ruff check && $(BIN)/ruff format --check && $(BIN)/mypy && $(BIN)/lint-imports --no-logo
test: install
	@$(BIN)/pytest -n auto $(ARGS)
coverage: install
	@$(BIN)/pytest -n auto --cov --cov-report=term $(ARGS)
bench: install
	@$(BIN)/python -m bench $(ARGS)
docs: install
	@$(BIN)/python -m tools.docs
lock: install
	@$(BIN)/python -m pip install --quiet uv==0.13.9 && $(COMPILE) --group dev --output-file lock/development.txt && $(COMPILE) --constraints lock/development.txt --output-file lock/runtime.txt
clean:
	@rm -rf .venv build dist .coverage .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
