"""Measures the benchmark's full run without and with Comet. Started by `comet` beside it."""

import argparse
import collections
import json
import os
import pathlib
import re
import shutil
import subprocess

import duckdb

from benchmark import LAST_DAY, ROOT, SEED, SIZES, machine, measured, number, stages

COMET = "comet-spark-spark4.1_2.13"
VERSION = "1.2.0"
# a line of a plan, as Comet logs it: the operator, what it works on, and why Spark executes it
FALLBACK = re.compile(r"^[\s:|+*-]*([A-Z]\w+(?: [a-z]\w+)?).*?\[COMET: (.+)\]\s*$")


def fetched(folder: pathlib.Path) -> pathlib.Path:
    jar = folder / f"{COMET}-{VERSION}.jar"
    if not jar.is_file():
        artifact = f"-Dartifact=org.apache.datafusion:{COMET}:{VERSION}"
        command = ["mvn", "-q", "-B", "dependency:copy", artifact, f"-DoutputDirectory={folder}"]
        subprocess.run(command, cwd=ROOT, check=True)
    return jar


def digests(warehouse: pathlib.Path) -> dict[str, str]:
    query = f"""
        select name, digest from '{warehouse}/published/current/run_manifest/*.parquet'
        where entry = 'table'
        """
    return dict(duckdb.execute(query).fetchall())


def fallbacks(log: pathlib.Path) -> collections.Counter:
    """How often each operator fell back for each reason, without the numbers of columns, so that like reasons meet."""
    counted: collections.Counter = collections.Counter()
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        found = FALLBACK.match(line)
        if found:
            counted[found[1], re.sub(r"#\d+L?", "", found[2])[:200]] += 1
    return counted


def markdown(result: dict) -> str:
    without, comet = result["without"], result["with"]
    before = {stage["name"]: stage for stage in without["stages"]}
    lines = [
        f"### Comet {VERSION}: {result['purchases']:,} purchase lines",
        "",
        f"{machine()}; heap {result['heap']}; load before it began {result['load_before']:.1f}.",
        "",
        "| | wall, s | CPU, s | peak memory, MB |",
        "|---|---:|---:|---:|",
    ]
    for name in ("without", "with"):
        run = result[name]
        lines.append(f"| {name} | {run['wall_s']:.1f} | {run['cpu_s']:.1f} | {number(run['peak_rss_bytes'], 1e6)} |")
    lines += [
        "",
        "| stage | wall without, s | with, s | task CPU without, s | with, s | ratio |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for stage in comet["stages"]:
        old = before.get(stage["name"], {})
        was, now = old.get("cpu_s"), stage["cpu_s"]
        ratio = number(now / was, digits=2) if was else "–"
        lines.append(
            f"| {stage['name']} | {number(old.get('wall_s'), digits=1)} | {stage['wall_s']:.1f}"
            f" | {number(was, digits=2)} | {now:.2f} | {ratio} |"
        )
    differing = result["tables_that_differ"]
    lines += ["", f"Of {result['tables']} tables {len(differing)} differ in their content digests{': ' if differing else '.'}"]
    lines += [f"- {name}" for name in differing]
    lines += ["", "| operator that fell back | reason | times |", "|---|---|---:|"]
    for operator, reason, times in result["fallbacks"]:
        shown = reason.replace("|", "\\|")
        lines.append(f"| {operator} | {shown} | {times} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    arguments = argparse.ArgumentParser(prog=".ci/benchmark/comet")
    arguments.add_argument("--size", choices=SIZES, default="tenth")
    arguments.add_argument("--keep", action="store_true")
    arguments.add_argument("--heap", default="4g")
    arguments.add_argument("--jar", type=pathlib.Path)
    asked = arguments.parse_args()
    customers, purchases, responses = SIZES[asked.size]
    folder = ROOT / "target" / "benchmark" / f"comet-{asked.size}"
    world, logs = folder / "world", folder / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    jar = (asked.jar or fetched(ROOT / "target" / "benchmark" / "comet")).absolute()
    manyi = str(ROOT / "manyi")
    measured("build", [manyi, "--version"], logs / "build.log")
    if not (world / "truth.json").is_file():
        shutil.rmtree(world, ignore_errors=True)
        sizes = ["--customers", customers, "--purchases", purchases, "--responses", responses, "--seed", SEED]
        command = [manyi, "generate", *map(str, sizes), "--to", str(world), "--format", "parquet"]
        measured("generate", command, logs / "generate.log")

    result = {"purchases": purchases, "heap": asked.heap, "load_before": os.getloadavg()[0]}

    def run(name: str, more: dict[str, str]) -> dict[str, str]:
        warehouse = folder / name
        shutil.rmtree(warehouse, ignore_errors=True)
        environment = {"MANYI_BENCHMARK": str(world), "MANYI_MEMORY": asked.heap, **more}
        job = str(ROOT / "jobs" / "benchmark.yaml")
        command = [manyi, "run", job, "--as-of", LAST_DAY, "--warehouse", str(warehouse)]
        result[name] = measured(f"{name} Comet", command, logs / f"{name}.log", environment)
        result[name]["stages"] = stages(warehouse)
        return digests(warehouse)

    before = run("without", {})
    after = run("with", {"MANYI_COMET": str(jar)})
    # Spark's log may quote rows; these are generated
    explain = {"MANYI_LOG_LEVEL": "warn", "MANYI_JAVA_OPTS": "-Dspark.comet.explain.fallback.enabled=true"}
    run("explained", {"MANYI_COMET": str(jar), **explain})
    result["tables"] = len(before)
    result["tables_that_differ"] = sorted(
        name for name in before.keys() | after.keys() if before.get(name) != after.get(name)
    )
    result["fallbacks"] = [
        [operator, reason, times] for (operator, reason), times in fallbacks(logs / "explained.log").most_common(60)
    ]
    (folder / "result.json").write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    report = markdown(result)
    (folder / "result.md").write_text(report, encoding="utf-8")
    print(report)
    if not asked.keep:
        for done in (world, folder / "without", folder / "with", folder / "explained"):
            shutil.rmtree(done, ignore_errors=True)


if __name__ == "__main__":
    main()
