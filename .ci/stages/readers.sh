#!/usr/bin/env bash
# What others see: DuckDB and delta-rs read the demo's tables, as Delta and as plain Parquet, and find the same rows.
set -euo pipefail
work=$1
python3 -m venv "$work/readers"
"$work/readers/bin/pip" install -q --disable-pip-version-check 'duckdb>=1.4' 'deltalake>=1.2' 'pyarrow>=17'
"$work/readers/bin/python" .ci/stages/readers.py "$work/demo"
