"""Lifetime values of generated customers by Manyi and by Python packages. Started by `lifetime` beside it."""

import argparse
import datetime
import json
import os
import pathlib
import platform
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
BENCHMARK = ROOT / "target" / "benchmark"
LEAST = 10_000


def lines(name: str, command: list[str], log: pathlib.Path, limit: float | None = None) -> dict[str, dict] | None:
    """The stages that a command tells of, one JSON object a line; none where it failed or took too long."""
    print(f"{name} ...", file=sys.stderr, flush=True)
    with log.open("w", encoding="utf-8") as errors:
        try:
            ended = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, text=True, timeout=limit
            )
        except subprocess.TimeoutExpired:
            return None
    if ended.returncode != 0:
        print(f"{name} ended with {ended.returncode}: see {log}", file=sys.stderr)
        return None
    told = [json.loads(line) for line in ended.stdout.splitlines() if line.startswith("{")]
    return {stage["stage"]: stage for stage in told}


def manyi(world: pathlib.Path, tables: pathlib.Path, heap: str, log: pathlib.Path) -> dict[str, dict]:
    home = ROOT / "target" / "manyi"
    options = (home / "conf" / "java-options").read_text(encoding="utf-8").split()
    log4j = f"-Dlog4j2.configurationFile={home}/conf/log4j2.properties"
    command = ["java", f"-Xmx{heap}", *options, "-Xlog:disable", "-Xlog:all=error:stderr", log4j]
    command += ["-cp", f"{home}/jars/*", str(HERE / "Lifetime.java"), str(world), str(tables), "bg_nbd"]
    stages = lines("Manyi", command, log)
    if stages is None:
        sys.exit(f"Manyi failed; see {log}")
    return stages


def package(name: str, venv: str, world: pathlib.Path, customers: int, budget: float, logs: pathlib.Path) -> dict | None:
    """The largest size, ten times the last each, whose predecessor leaves hope that it ends within the budget."""
    found = None
    size = LEAST
    while size <= customers:
        command = [str(BENCHMARK / venv / "bin" / "python"), "-W", "ignore", str(HERE / "lifetime_python.py")]
        command += [str(world), str(size), name]
        stages = lines(f"{name}, {size:,} customers", command, logs / f"{name}-{size}.log", 4 * budget)
        if stages is None:
            break
        found = {"customers": size, "stages": stages}
        if 10 * max(stage["wall_s"] for stage in stages.values()) > budget:
            break
        size *= 10
    return found


def microseconds(run: dict, *stages: str) -> float:
    return sum(run["stages"][stage]["cpu_s"] for stage in stages) / run["customers"] * 1e6


def markdown(result: dict) -> str:
    ours = result.get("manyi")
    out = [
        f"{result['on']}; {result['machine']}; load when it began {result['load']:.1f}.",
        "",
        "| program | customers | stage | wall, s | CPU, s | CPU per customer, µs | |",
        "|---|---:|---|---:|---:|---:|---|",
    ]
    for program in ("manyi", "lifetimes", "pareto", "pymc"):
        run = result.get(program)
        for stage in (run or {"stages": {}})["stages"].values():
            each = stage["cpu_s"] / run["customers"] * 1e6
            cells = [program, f"{run['customers']:,}", stage["stage"], f"{stage['wall_s']:.1f}", f"{stage['cpu_s']:.1f}"]
            out.append("| " + " | ".join([*cells, f"{each:.2f}", stage["said"]]) + " |")
    if ours is None:
        return "\n".join(out) + "\n"
    fits = ("fit BG/NBD", "fit Pareto/NBD", "fit Gamma-Gamma")
    condense = ("histories", "cells", "spend cells")
    wall = sum(ours["stages"][stage]["wall_s"] for stage in (*condense, *fits, "score"))
    said = [
        f"Manyi, condense (from the ledger), fit and score: {wall:.0f} s of wall,"
        f" {sum(ours['stages'][stage]['wall_s'] for stage in fits):.1f} s of them the fits"
        " (targets for 10 million: 60 and 10 s)"
    ]
    pairs = (
        ("lifetimes", "BG/NBD", ("cells", "fit BG/NBD"), ("BG/NBD",), "histories", 15),
        ("lifetimes", "BG/NBD", ("ledger", "histories", "cells", "fit BG/NBD"), ("histories", "BG/NBD"), "purchase lines", 15),
        ("pymc", "BG/NBD by MAP", ("cells", "fit BG/NBD"), ("BG/NBD by MAP",), "histories", 10),
        ("pareto", "Pareto/NBD of lifetimes", ("cells", "fit Pareto/NBD"), ("Pareto/NBD",), "histories", 100),
    )
    for program, name, mine, theirs, begin, target in pairs:
        run = result.get(program)
        if run:
            ratio = microseconds(run, *theirs) / microseconds(ours, *mine)
            said.append(f"{program}, {name}, from {begin} on: {ratio:.1f} times Manyi's CPU per customer (target {target})")
    return "\n".join([*out, "", *(f"- {line}" for line in said)]) + "\n"


def main() -> None:
    arguments = argparse.ArgumentParser(prog=".ci/benchmark/lifetime")
    arguments.add_argument("--customers", type=int, default=1_000_000)
    arguments.add_argument("--keep", action="store_true")
    arguments.add_argument("--only", choices=("manyi", "lifetimes", "pymc"))
    arguments.add_argument("--budget", type=float, default=240)
    arguments.add_argument("--heap", default="8g")
    asked = arguments.parse_args()
    if asked.customers < 500_000 or asked.customers % 500_000:
        sys.exit(f"--customers {asked.customers}: not a multiple of 500,000")
    folder = BENCHMARK / "lifetime"
    world, tables, logs = folder / f"world-{asked.customers}", folder / "tables", folder / "logs"
    shutil.rmtree(tables, ignore_errors=True)
    logs.mkdir(parents=True, exist_ok=True)
    subprocess.run([str(ROOT / "manyi"), "--version"], check=True, stdout=subprocess.DEVNULL)
    if not (world / "lines").is_file():
        shutil.rmtree(world, ignore_errors=True)
        lines("world", [sys.executable, str(HERE / "lifetime_world.py"), str(world), str(asked.customers)], logs / "world.log")
    result = {
        "on": datetime.date.today().isoformat(),
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
        "load": os.getloadavg()[0],
        "lines": int((world / "lines").read_text(encoding="utf-8")),
    }
    if asked.only in (None, "manyi"):
        result["manyi"] = {"customers": asked.customers, "stages": manyi(world, tables, asked.heap, logs / "manyi.log")}
    if asked.only in (None, "lifetimes"):
        result["lifetimes"] = package("lifetimes", "lifetime-venv", world, asked.customers, asked.budget, logs)
        result["pareto"] = package("pareto", "lifetime-venv", world, asked.customers, asked.budget, logs)
    if asked.only in (None, "pymc"):
        result["pymc"] = package("pymc", "pymc-venv", world, asked.customers, asked.budget, logs)
    (folder / "result.json").write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    report = markdown(result)
    (folder / "result.md").write_text(report, encoding="utf-8")
    print(report)
    if not asked.keep:
        shutil.rmtree(world)
        shutil.rmtree(tables, ignore_errors=True)


if __name__ == "__main__":
    main()
