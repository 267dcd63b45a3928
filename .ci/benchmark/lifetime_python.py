"""Histories, BG/NBD, Pareto/NBD and Gamma-Gamma by a Python package, on the first customers of a generated world.

Usage: lifetime_python.py WORLD CUSTOMERS STAGE...

Stages: `lifetimes` (histories from purchase lines, BG/NBD, Gamma-Gamma, scores), `pareto` (Pareto/NBD of lifetimes),
`pymc` (BG/NBD of pymc-marketing by MAP). Prints a line of JSON per step: CPU of all threads, imports and reading left
out.
"""

import json
import pathlib
import resource
import sys
import time
import warnings

import numpy
import pandas
import pyarrow.dataset

warnings.simplefilter("ignore")
END = "2025-12-30"


def cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def timed(stage: str, work, said=lambda made: ""):
    wall, before = time.monotonic(), cpu()
    made = work()
    told = {"stage": stage, "wall_s": time.monotonic() - wall, "cpu_s": cpu() - before, "said": said(made)}
    print(json.dumps(told), flush=True)
    return made


def purchases(world: pathlib.Path, customers: int) -> pandas.DataFrame:
    lines = pyarrow.dataset.dataset(world / "purchase", format="parquet")
    below = pyarrow.dataset.field("customer_id") < f"c{customers:09d}"
    read = lines.to_table(columns=["customer_id", "purchased_on", "amount"], filter=below).to_pandas()
    read["purchased_on"] = pandas.to_datetime(read["purchased_on"])
    read["amount"] /= 10_000
    return read


def main() -> None:
    world, customers, stages = pathlib.Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
    # imports first: they are not to be counted
    if "pymc" in stages:
        from pymc_marketing.clv import BetaGeoModel
        from pymc_marketing.clv.utils import rfm_summary
    else:
        from lifetimes import BetaGeoFitter, GammaGammaFitter, ParetoNBDFitter
        from lifetimes.utils import summary_data_from_transaction_data
    lines = purchases(world, customers)

    def histories() -> pandas.DataFrame:
        if "pymc" in stages:
            summary = rfm_summary(
                lines, "customer_id", "purchased_on", "amount", observation_period_end=END, time_unit="D", time_scaler=7
            )
            return summary.set_index("customer_id")
        return summary_data_from_transaction_data(
            lines, "customer_id", "purchased_on", "amount", observation_period_end=END, freq="D", freq_multiplier=7
        )

    seen = timed("histories", histories, lambda made: f"{len(made)} customers of {len(lines)} lines")
    if "lifetimes" in stages:
        def bg_nbd():
            return BetaGeoFitter().fit(seen["frequency"], seen["recency"], seen["T"])

        fit = timed("BG/NBD", bg_nbd, lambda made: str(made.params_.round(4).to_dict()))
        again = seen[(seen["frequency"] > 0) & (seen["monetary_value"] > 0)]
        spend = timed(
            "Gamma-Gamma",
            lambda: GammaGammaFitter().fit(again["frequency"], again["monetary_value"]),
            lambda made: str(made.params_.round(4).to_dict()),
        )

        def scores() -> list:
            history = seen["frequency"], seen["recency"], seen["T"]
            return [
                fit.conditional_probability_alive(*history),
                fit.conditional_expected_number_of_purchases_up_to_time(52, *history),
                spend.conditional_expected_average_profit(seen["frequency"], seen["monetary_value"]),
            ]

        timed("scores", scores)
    if "pareto" in stages:
        def pareto_nbd():
            return ParetoNBDFitter().fit(seen["frequency"], seen["recency"], seen["T"])

        timed("Pareto/NBD", pareto_nbd, lambda made: str(made.params_.round(4).to_dict()))
    if "pymc" in stages:
        data = seen.reset_index()[["customer_id", "frequency", "recency", "T"]]

        def mean(fitted) -> str:
            names = ("r", "alpha", "a", "b")
            return str({name: round(float(numpy.mean(fitted.fit_result[name])), 4) for name in names})

        def maximum():
            model = BetaGeoModel(data=data)
            model.fit(method="map", progressbar=False)
            return model

        timed("BG/NBD by MAP", maximum, mean)


if __name__ == "__main__":
    main()
