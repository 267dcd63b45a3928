"""The ledger, the cohorts and the satisfaction of segments by DuckDB: the measure that Manyi is held against.

Usage: duckdb_tables.py WORLD OUT [--as-of DATE] [--threads N] [--memory 8GB]

Reads the generated Parquet, writes the tables as Parquet below OUT and prints, as JSON, what each step took.
"""

import argparse
import json
import pathlib
import resource
import time

import duckdb

TABLES = ("customer_month", "cohort_retention", "segment_satisfaction")


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("world", type=pathlib.Path)
    arguments.add_argument("out", type=pathlib.Path)
    arguments.add_argument("--as-of", default="2025-12-30")
    arguments.add_argument("--threads", type=int, default=2)
    arguments.add_argument("--memory", default="8GB")
    asked = arguments.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)

    connection = duckdb.connect(
        config={
            "threads": asked.threads,
            "memory_limit": asked.memory,
            "temp_directory": str(asked.out / "spill"),
            "preserve_insertion_order": False,
        }
    )
    connection.execute("set variable world = ?", [str(asked.world)])
    connection.execute("set variable as_of = ?", [asked.as_of])
    connection.execute("set variable minimum_respondents = 10")

    begun_wall, begun_cpu = time.monotonic(), cpu()
    steps = []
    text = (pathlib.Path(__file__).parent / "duckdb.sql").read_text(encoding="utf-8")
    statements = [s for s in duckdb.extract_statements(text)]
    for statement in statements:
        wall, used = time.monotonic(), cpu()
        connection.execute(statement)
        name = statement.query.split("create or replace table ")[1].split()[0]
        steps.append({"name": name, "wall_s": time.monotonic() - wall, "cpu_s": cpu() - used})
    wall, used = time.monotonic(), cpu()
    for table in TABLES:
        connection.execute(f"copy {table} to '{asked.out / table}.parquet' (format parquet)")
    steps.append({"name": "write", "wall_s": time.monotonic() - wall, "cpu_s": cpu() - used})
    rows = {table: connection.execute(f"select count(*) from {table}").fetchone()[0] for table in TABLES}
    print(
        json.dumps(
            {
                "version": duckdb.__version__,
                "wall_s": time.monotonic() - begun_wall,
                "cpu_s": cpu() - begun_cpu,
                "peak_rss_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
                "rows": rows,
                "steps": steps,
            },
            indent=2,
        )
    )


if __name__ == "__main__":
    main()
