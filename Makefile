# Harapan: `make run` and `make test` do everything they need on a machine with Python 3.11+, git and make.

ENV = .venv
BIN = $(ENV)/bin
STRICT = harapan/core harapan/exchange harapan/engine harapan/policy harapan/cli
WORKERS = 2
PIP = PIP_ROOT_USER_ACTION=ignore $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes

help:  ## Daftar perintah ini
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1	\2/p' Makefile | expand -t 16

setup: $(ENV)/.dev  ## Siapkan lingkungan Python untuk menjalankan dan menguji, dengan alat uji bila boleh memasangnya
	@.ci/install postgresql chromium nodejs

run: $(ENV)/.runtime  ## Siapkan semuanya, isi provinsi contoh, layani di http://127.0.0.1:8000
	@exec $(BIN)/harapan serve --demo

test: setup  ## Uji semuanya kecuali yang lama
	$(BIN)/python -m pytest -n $(WORKERS) --no-loadscope-reorder -m "not slow" $(ARGS)

test-all: setup  ## Uji semuanya
	$(BIN)/python -m pytest -n $(WORKERS) --no-loadscope-reorder $(ARGS)

check: style types imports templates migrations  ## Periksa gaya, tipe, arah impor, templat, dan migrasi

style: $(ENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(ENV)/.dev
	$(BIN)/python -m mypy --strict $(STRICT)
	$(BIN)/python -m mypy harapan

imports: $(ENV)/.dev
	$(BIN)/lint-imports

templates: $(ENV)/.dev
	$(BIN)/python -m djlint --quiet --lint harapan

migrations: $(ENV)/.dev
	$(BIN)/python -m django makemigrations --check --dry-run --settings harapan.settings

fix: $(ENV)/.dev  ## Rapikan yang bisa dirapikan sendiri
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(ENV)/.runtime  ## Ukur; misalnya make bench ARGS="engine --families 1000000"
	$(BIN)/harapan bench $(ARGS)

# --- the environment: made once, renewed when the locks change -------------------------------------------------------

# looked at every time: a system upgrade may have taken its Python away
$(ENV)/.made: FORCE
	@.ci/environment $(ENV)

FORCE:

$(ENV)/.runtime: $(ENV)/.made requirements/runtime.txt
	@echo "Memasang paket (sekali saja, beberapa menit bila jaringan lambat) ..."
	@$(PIP) -r requirements/runtime.txt
	@touch $@

$(ENV)/.dev: $(ENV)/.runtime requirements/dev.txt
	@echo "Memasang alat uji ..."
	@$(PIP) -r requirements/dev.txt
	@touch $@

.PHONY: help setup run test test-all check style types imports templates migrations fix bench
.DELETE_ON_ERROR:
