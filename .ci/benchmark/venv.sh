# Sourced: leaves in $venv a Python environment with duckdb, below target/benchmark of $root.
venv=$root/target/benchmark/venv
if [ ! -x "$venv/bin/python" ] || ! "$venv/bin/python" -c 'import duckdb' 2> /dev/null; then
    mkdir -p "$root/target/benchmark"
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check 'duckdb==2.0.0'
fi
