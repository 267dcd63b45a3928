"""Generates a world, runs Manyi and DuckDB over it, and prints what each took. Started by `run` beside it."""

import argparse
import json
import os
import pathlib
import platform
import shutil
import subprocess
import sys
import time

import duckdb

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SIZES = {
    "tiny": (50_000, 500_000, 20_000),
    "tenth": (500_000, 5_000_000, 200_000),
    "full": (5_000_000, 50_000_000, 2_000_000),
}
SEED = 1
LAST_DAY = "2025-12-30"
DAY_BEFORE = "2025-12-29"
MEGABYTE = 1_000_000


def measured(name: str, command: list[str], log: pathlib.Path, environment: dict[str, str] | None = None) -> dict:
    """Runs a command to its end: wall and processor time, and the most memory that it held."""
    print(f"{name} ...", file=sys.stderr, flush=True)
    begun = time.monotonic()
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(environment or {})},
        )
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - begun
    if process.returncode != 0:
        tail = "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-20:])
        sys.exit(f"{name} ended with {process.returncode}; the end of {log}:\n{tail}")
    return {
        "name": name,
        "wall_s": wall,
        "cpu_s": used.ru_utime + used.ru_stime,
        "peak_rss_bytes": used.ru_maxrss * 1024,
    }


def stages(warehouse: pathlib.Path) -> list[dict]:
    """What the current run tells of its stages; empty where it tells nothing."""
    file = warehouse / "current" / "metrics.json"
    if not file.is_file():
        return []
    told = json.loads(file.read_text(encoding="utf-8"))
    return told["steps"]


def total(run: dict, figure: str) -> float | None:
    values = [stage[figure] for stage in run.get("stages", []) if stage.get(figure) is not None]
    return sum(values) if values else None


def folder_bytes(folder: pathlib.Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def agreement(warehouse: pathlib.Path, tables: pathlib.Path) -> dict:
    """How far the published cohorts and indices differ from DuckDB's."""
    published = warehouse / "published" / "current"
    connection = duckdb.connect()
    cohorts = connection.execute(
        f"""
        select count(*), count_if(m.customers is distinct from d.customers
            or m.active_customers is distinct from d.active_customers
            or m.returned_later_customers is distinct from d.returned_later_customers
            or m.revenue is distinct from d.revenue)
        from '{published}/cohort_retention/*.parquet' m
        full join '{tables}/cohort_retention.parquet' d using (cohort_on, months_since, segment, segment_value)
        """
    ).fetchone()
    segments = connection.execute(
        f"""
        select count(*),
               count_if((m.csi is null) <> (d.csi is null) and not coalesce(m.is_suppressed, false)),
               max(greatest(abs(m.csi - d.csi), abs(m.csi_standard_error - d.csi_standard_error),
                             abs(m.csm - d.csm), abs(m.nps - d.nps)))
        from (from '{published}/segment_satisfaction/*.parquet' where population = 'customer') m
        full join '{tables}/segment_satisfaction.parquet' d using (wave, segment, segment_value)
        """
    ).fetchone()
    return {
        "cohort_cells": cohorts[0],
        "cohort_cells_that_differ": cohorts[1],
        "segment_cells": segments[0],
        "segment_cells_that_one_lacks": segments[1],
        "largest_difference_in_figures": segments[2],
    }


def machine() -> str:
    model = platform.processor() or platform.machine()
    memory = 0
    try:
        for line in pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
        for line in pathlib.Path("/proc/meminfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("MemTotal"):
                memory = int(line.split()[1]) * 1024
    except OSError:
        pass
    return f"{os.cpu_count()} cores ({model}), {memory / 2**30:.0f} GiB of memory, {platform.system()}"


def number(value: float | None, unit: float = 1, digits: int = 0) -> str:
    return "–" if value is None else f"{value / unit:,.{digits}f}"


def markdown(result: dict) -> str:
    size = result["size"]
    lines = [
        f"### {size['purchases']:,} purchase lines, {size['customers']:,} customers, {size['responses']:,} answers",
        "",
        f"{result['machine']}; DuckDB {duckdb.__version__}; heap of the runs {result['heap']};"
        f" load before it began {result['load_before']:.1f}; world {number(result['world_bytes'], MEGABYTE)} MB.",
        "",
        "| step | wall, s | CPU, s | CPU per million lines, s | peak memory, MB | read, MB | written, MB | rows read |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for run in result["runs"]:
        cells = [
            run["name"],
            number(run["wall_s"], digits=1),
            number(run["cpu_s"], digits=1),
            number(run["cpu_s"] / (size["purchases"] / 1e6), digits=2),
            number(run["peak_rss_bytes"], MEGABYTE),
            number(total(run, "bytes_read"), MEGABYTE),
            number(total(run, "bytes_written"), MEGABYTE),
            number(total(run, "rows_read")),
        ]
        lines.append("| " + " | ".join(cells) + " |")
    for run in result["runs"]:
        if run.get("stages"):
            lines += [
                "",
                f"**{run['name']}**, by stage:",
                "",
                "| stage | wall, s | CPU, s | read, MB | rows read | written, MB | rows written | shuffled, MB |",
                "|---|---:|---:|---:|---:|---:|---:|---:|",
            ]
            for stage in run["stages"]:
                shuffled = stage.get("shuffle_bytes", stage.get("shuffle_bytes_written"))
                cells = [
                    stage["name"],
                    number(stage.get("wall_s"), digits=1),
                    number(stage.get("cpu_s"), digits=1),
                    number(stage.get("bytes_read"), MEGABYTE, 1),
                    number(stage.get("rows_read")),
                    number(stage.get("bytes_written"), MEGABYTE, 1),
                    number(stage.get("rows_written")),
                    number(shuffled, MEGABYTE, 1),
                ]
                lines.append("| " + " | ".join(cells) + " |")
    if "duckdb" in result:
        lines += ["", "**DuckDB**, by step:", "", "| table | wall, s | CPU, s |", "|---|---:|---:|"]
        for step in result["duckdb"]["steps"]:
            lines.append(f"| {step['name']} | {step['wall_s']:.1f} | {step['cpu_s']:.1f} |")
    if "agreement" in result:
        agreed = result["agreement"]
        lines += [
            "",
            f"Of {agreed['cohort_cells']:,} cohort cells {agreed['cohort_cells_that_differ']:,} differ from DuckDB's;"
            f" of {agreed['segment_cells']:,} cells of segment and wave"
            f" {agreed['segment_cells_that_one_lacks']:,} are in one of the two only, and the largest difference in"
            f" CSI, its standard error, CSM or NPS is {agreed['largest_difference_in_figures']:.2e}.",
        ]
    lines += ["", *(f"- {line}" for line in result["verdicts"])]
    return "\n".join(lines) + "\n"


def verdicts(result: dict) -> list[str]:
    """The figures that the targets speak of."""
    runs = {run["name"]: run for run in result["runs"]}
    said = []
    full, day = runs.get("full run"), runs.get("one more day")
    if full and day:
        share = day["wall_s"] / full["wall_s"]
        said.append(f"one more day takes {share:.1%} of the wall time of a full run (target: under 25 %)")
        if total(full, "bytes_read") and total(day, "bytes_read") is not None:
            share = total(day, "bytes_read") / total(full, "bytes_read")
            said.append(f"one more day reads {share:.1%} of the bytes of a full run (target: under 5 %)")
    if full and "duckdb" in result:
        ratio = full["cpu_s"] / result["duckdb"]["cpu_s"]
        said.append(f"the whole full run, reading and publishing included, takes {ratio:.1f} times DuckDB's CPU")
        tasks = sum(stage["cpu_s"] for stage in full["stages"] if stage["name"] != "ingest")
        if tasks:
            ratio = tasks / result["duckdb"]["cpu_s"]
            said.append(f"the tasks of all stages behind the ingest take {ratio:.1f} times DuckDB's CPU (target: 3)")
    if full:
        said.append(f"peak memory of the full run: {full['peak_rss_bytes'] / 2**30:.1f} GiB (target: heap under 8 GB)")
    return said


def main() -> None:
    arguments = argparse.ArgumentParser(prog=".ci/benchmark/run")
    arguments.add_argument("--size", choices=SIZES, default="tenth")
    arguments.add_argument("--keep", action="store_true")
    arguments.add_argument("--only", choices=("manyi", "duckdb"))
    arguments.add_argument("--heap", default="8g")
    asked = arguments.parse_args()

    customers, purchases, responses = SIZES[asked.size]
    folder = ROOT / "target" / "benchmark" / asked.size
    world, warehouse, held = folder / "world", folder / "warehouse", folder / "held"
    tables, logs = folder / "duckdb", folder / "logs"
    for old in (warehouse, held, tables, logs):
        shutil.rmtree(old, ignore_errors=True)
    logs.mkdir(parents=True)
    held.mkdir()
    result = {
        "size": {"customers": customers, "purchases": purchases, "responses": responses},
        "machine": machine(),
        "heap": asked.heap,
        "load_before": os.getloadavg()[0],
        "runs": [],
    }
    environment = {
        "MANYI_BENCHMARK": str(world),
        "MANYI_WAREHOUSE": str(warehouse),
        "MANYI_MEMORY": asked.heap,
    }
    manyi = str(ROOT / "manyi")
    # whatever has to be built is built before the clock runs
    measured("build", [manyi, "--version"], logs / "build.log")

    # a world that was kept is used again: its bytes are those of its seed; the truth is written last
    last_day = world / "purchases" / f"{LAST_DAY}.parquet"
    if not ((world / "truth.json").is_file() and last_day.is_file()):
        shutil.rmtree(world, ignore_errors=True)
        sizes = ["--customers", customers, "--purchases", purchases, "--responses", responses, "--seed", SEED]
        command = [manyi, "generate", *map(str, sizes), "--to", str(world), "--format", "parquet"]
        result["runs"].append(measured("generate", command, logs / "generate.log", environment))
    result["world_bytes"] = folder_bytes(world)

    def run(name: str, as_of: str) -> None:
        command = [manyi, "run", str(ROOT / "jobs" / "benchmark.yaml"), "--as-of", as_of, "--warehouse", str(warehouse)]
        seen = measured(name, command, logs / f"{name.replace(' ', '-')}.log", environment)
        seen["stages"] = stages(warehouse)
        result["runs"].append(seen)

    shutil.move(last_day, held / last_day.name)
    try:
        if asked.only != "duckdb":
            run("full run", DAY_BEFORE)
        if asked.only != "manyi":
            command = [sys.executable, str(HERE / "duckdb_tables.py"), str(world), str(tables), "--as-of", DAY_BEFORE]
            result["runs"].append(measured("DuckDB, 2 threads", command, logs / "duckdb.json"))
            result["duckdb"] = json.loads((logs / "duckdb.json").read_text(encoding="utf-8"))
        if asked.only is None:
            result["agreement"] = agreement(warehouse, tables)
    finally:
        shutil.move(held / last_day.name, last_day)
    if asked.only != "duckdb":
        run("one more day", LAST_DAY)
        run("nothing new", LAST_DAY)

    result["verdicts"] = verdicts(result)
    (folder / "result.json").write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    report = markdown(result)
    (folder / "result.md").write_text(report, encoding="utf-8")
    print(report)
    if not asked.keep:
        for done in (world, warehouse, held, tables):
            shutil.rmtree(done, ignore_errors=True)


if __name__ == "__main__":
    main()
