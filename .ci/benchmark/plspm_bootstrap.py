"""CPU that PyPI's plspm takes for a bootstrapped ECSI model, per answer and replicate.

    python3 -m venv VENV && VENV/bin/pip install plspm==0.5.7 'pandas<2.2' 'numpy<2'
    VENV/bin/python .ci/benchmark/plspm_bootstrap.py RESPONSES REPLICATES
"""

import resource
import sys
import time

import numpy
import pandas
import plspm.config
from plspm.mode import Mode
from plspm.plspm import Plspm
from plspm.scale import Scale
from plspm.scheme import Scheme

BLOCKS = {"image": 5, "expectation": 3, "quality": 7, "value": 2, "satisfaction": 3, "complaints": 1, "loyalty": 3}
PATHS = {
    "image": ["expectation", "satisfaction", "loyalty"],
    "expectation": ["quality", "value", "satisfaction"],
    "quality": ["value", "satisfaction"],
    "value": ["satisfaction"],
    "satisfaction": ["complaints", "loyalty"],
    "complaints": ["loyalty"],
}


def answers(responses):
    draw = numpy.random.default_rng(1)
    common = draw.normal(size=responses)
    columns = {}
    for block, items in BLOCKS.items():
        own = 0.7 * common + 0.7 * draw.normal(size=responses)
        for item in range(items):
            columns[f"{block}_{item}"] = numpy.clip(numpy.round(6 + 1.6 * own + draw.normal(size=responses)), 1, 10)
    return pandas.DataFrame(columns)


def cpu():
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def main(responses, replicates):
    data = answers(responses)
    structure = plspm.config.Structure()
    for cause, effects in PATHS.items():
        structure.add_path([cause], effects)
    config = plspm.config.Config(structure.path(), default_scale=Scale.NUM)
    for block in BLOCKS:
        config.add_lv_with_columns_named(block, Mode.A, data, block)
    start, clock = cpu(), time.time()
    fit = Plspm(data, config, Scheme.PATH, bootstrap=True, bootstrap_iterations=replicates, processes=1)
    fit.bootstrap().paths()
    used = cpu() - start
    print(f"{responses} responses, {replicates} replicates: {used:.1f} s CPU, {time.time() - clock:.1f} s wall,"
          f" {used / (responses * 24 * replicates) * 1e9:.2f} ns CPU per answer and replicate")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
