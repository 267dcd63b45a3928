"""Customers of known habits, as the purchase lines and customers that Manyi keeps in its state.

Usage: lifetime_world.py OUT CUSTOMERS [histories]

With `histories` what Manyi condenses from the lines, its table customer_history, is written in their place.

Rates, drop-out and spend are those of CDNOW as published: BG/NBD with r .243, alpha 4.414 weeks, a .793, b 2.426, and
Gamma-Gamma with p 6.25, q 3.74, gamma 15.44. Customers come evenly over the first year of two.
"""

import pathlib
import sys

import numpy
import pyarrow
import pyarrow.parquet

R, ALPHA, A, B = 0.243, 4.414, 0.793, 2.426
P, Q, GAMMA = 6.25, 3.74, 15.44
BEGIN = numpy.datetime64("2024-01-01")
DAYS = 730
CHUNK = 500_000
PROOF_DAYS = 12 * 7


def purchases(random: numpy.random.Generator) -> tuple[numpy.ndarray, numpy.ndarray, numpy.ndarray]:
    """Customer, day and amount in ten-thousandths of each purchase, in order of the days."""
    rate = random.gamma(R, 1 / ALPHA, CHUNK)
    leaves = random.beta(A, B, CHUNK)
    first = random.integers(0, 365, CHUNK)
    customers, days = [numpy.arange(CHUNK)], [first]
    active, age = numpy.arange(CHUNK), numpy.zeros(CHUNK)
    while active.size:
        age = age + random.exponential(1, active.size) / numpy.maximum(rate[active], 1e-300)
        is_within = age * 7 <= (DAYS - 1) - first[active]
        active, age = active[is_within], age[is_within]
        customers.append(active)
        days.append(first[active] + numpy.ceil(age * 7).astype(numpy.int64))
        stays = random.random(active.size) >= leaves[active]
        active, age = active[stays], age[stays]
    customer, day = numpy.concatenate(customers), numpy.concatenate(days)
    per_unit = random.gamma(Q, 1 / GAMMA, CHUNK)
    amount = numpy.maximum(numpy.rint(random.gamma(P, 1, customer.size) / per_unit[customer] * 100), 1) * 100
    order = numpy.argsort(day, kind="stable")
    return customer[order], day[order], amount[order].astype(numpy.int64)


def histories(names, segments, customer, day, amount) -> pyarrow.Table:
    """What each customer had done by the last day and by two days before it; a day counts once."""
    day_of, which = numpy.unique(customer * 1000 + day, return_inverse=True)
    net_of = numpy.bincount(which, weights=amount)
    customer, day = day_of // 1000, day_of % 1000
    begins = numpy.searchsorted(customer, numpy.arange(CHUNK))
    columns = {
        "customer_id": names,
        "segments": segments,
        "first_purchase_on": BEGIN + day[begins],
        "net_by_first_day": net_of[begins].astype(numpy.int64),
    }
    for cut, prefix in enumerate(("", "holdout_", "validation_")):
        is_before = day <= DAYS - 1 - cut * PROOF_DAYS
        days = numpy.bincount(customer[is_before], minlength=CHUNK)
        last = numpy.maximum.reduceat(numpy.where(is_before, day, -1), begins)
        columns[f"{prefix}purchase_days"] = days
        columns[f"{prefix}last_purchase_on"] = pyarrow.array(BEGIN + numpy.maximum(last, 0), mask=days == 0)
        net = numpy.bincount(customer[is_before], weights=net_of[is_before], minlength=CHUNK)
        columns[f"{prefix}net"] = net.astype(numpy.int64)
    return pyarrow.table(columns)


def main() -> None:
    out, wanted, is_condensed = pathlib.Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:] == ["histories"]
    (out / ("customer_history" if is_condensed else "customer")).mkdir(parents=True)
    lines = 0
    for chunk in range(wanted // CHUNK):
        random = numpy.random.default_rng([1, chunk])
        names = numpy.array([f"c{chunk * CHUNK + i:09d}" for i in range(CHUNK)])
        segments = pyarrow.ListArray.from_arrays(
            numpy.arange(CHUNK + 1, dtype=numpy.int32), pyarrow.array(numpy.where(numpy.arange(CHUNK) % 4, "West", "East"))
        )
        customer, day, amount = purchases(random)
        lines += customer.size
        if is_condensed:
            table = histories(names, segments, customer, day, amount)
            pyarrow.parquet.write_table(table, out / "customer_history" / f"{chunk:03d}.parquet")
            continue
        pyarrow.parquet.write_table(
            pyarrow.table({"customer_id": names, "segments": segments}), out / "customer" / f"{chunk:03d}.parquet"
        )
        dates = BEGIN + day
        months = dates.astype("datetime64[M]")
        for month in numpy.unique(months):
            low, high = numpy.searchsorted(months, [month, month + 1])
            folder = out / "purchase" / f"month={month}-01"
            folder.mkdir(parents=True, exist_ok=True)
            pyarrow.parquet.write_table(
                pyarrow.table(
                    {
                        "customer_id": names[customer[low:high]],
                        "purchased_on": pyarrow.array(dates[low:high].astype("datetime64[D]")),
                        "amount": amount[low:high],
                        "is_return": numpy.zeros(high - low, dtype=bool),
                    }
                ),
                folder / f"{chunk:03d}.parquet",
            )
    (out / "lines").write_text(str(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
