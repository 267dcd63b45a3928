"""Reads every published table as Delta and by globbing its Parquet files, and compares the two."""

import pathlib
import sys

import duckdb
from deltalake import DeltaTable

warehouse = pathlib.Path(sys.argv[1])
tables = sorted(folder for visibility in ("published", "restricted") for folder in (warehouse / visibility / "current").iterdir())
assert tables, f"no tables in {warehouse}"
database = duckdb.connect()
wrong = 0
for table in tables:
    delta = DeltaTable(str(table))
    as_delta = delta.to_pyarrow_table()
    named = sorted(pathlib.Path(path).name for path in delta.file_uris())
    lying = sorted(path.name for path in table.glob("*.parquet"))
    faults = []
    if named != lying:
        faults.append(f"the log names {len(named)} files, {len(lying)} lie there")
    database.register("as_delta", as_delta)
    glob = f"read_parquet('{table}/*.parquet')"
    rows = database.sql(f"select count(*) from {glob}").fetchall()[0][0]
    if rows != as_delta.num_rows:
        faults.append(f"{as_delta.num_rows} rows as Delta, {rows} by globbing")
    differing = database.sql(
        f"select count(*) from ((from {glob} except all from as_delta) union all (from as_delta except all from {glob}))"
    ).fetchall()[0][0]
    if differing:
        faults.append(f"{differing} rows differ")
    if delta.version() != 0:
        faults.append(f"version {delta.version()}, not one commit")
    uncommented = [field.name for field in delta.schema().fields if not field.metadata.get("comment")]
    if uncommented:
        faults.append(f"columns without a comment: {uncommented}")
    wrong += bool(faults)
    print(f"{'WRONG' if faults else 'ok':5}  {table.parent.parent.name}/{table.name}: {rows} rows  {'; '.join(faults)}")
print(f"{len(tables) - wrong} passed, {wrong} failed")
sys.exit(1 if wrong else 0)
