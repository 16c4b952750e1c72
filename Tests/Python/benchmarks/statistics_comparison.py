"""Random data sets through `stats`, beside SciPy, and intervals beside statsmodels and a bootstrap.

    statistics_comparison.py [DATA_SETS] [SEED]

Says how many numbers were compared, the largest relative difference of each, and ends with 1 where one is beyond 1e-9, or
an interval beyond 1e-3: statsmodels finds noncentralities to some five digits.
"""

import math
import pathlib
import sys
import tempfile

import numpy as np
import scipy.stats
from statsmodels.stats.effect_size import _noncentrality_t
from statsmodels.stats.oneway import confint_effectsize_oneway

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "notebook"))
import statistics_cases as cases  # noqa: E402



class Differences:
    def __init__(self):
        self.largest, self.counts, self.undefined, self.wrong = {}, {}, 0, []

    def add(self, name, found, expected, where, limit, absolute=0.0):
        if expected is None or found is None:
            self.undefined += 1
            if (found is None) != (expected is None):
                self.wrong.append((where, name, found, expected))
            return
        if math.isinf(expected) or math.isinf(found):
            difference = 0.0 if found == expected else math.inf
        else:
            # What is nothing but roundings has no digits to compare.
            difference = 0.0 if abs(found - expected) <= absolute else abs(found - expected) / abs(expected)
        self.largest[name] = max(self.largest.get(name, 0.0), difference)
        self.counts[name] = self.counts.get(name, 0) + 1
        if difference > limit:
            self.wrong.append((where, name, found, expected))


def intervals(row, differences, where):
    number = {name: cases.number(text) for name, text in row.items() if name not in
              ("unit", "method", "contrast", "tile_test", "undefined", "feature")}
    n = int(row["units"])
    for effect, test in [("eta_squared", "anova"), ("welch_omega_squared", "welch")]:
        low, high = number[f"{effect}_low"], number[f"{effect}_high"]
        if low is None or number[f"{test}_F"] > 200:
            continue
        f, df = number[f"{test}_F"], (number[f"{test}_df1"], number[f"{test}_df2"])
        with np.errstate(all="ignore"):
            expected = confint_effectsize_oneway(f, df, nobs=n).eta2
        for name, found, value, tail in [("low", low, expected[0], 0.975), ("high", high, expected[1], 0.025)]:
            # Where no noncentrality does, statsmodels has NaN or its nearest to zero.
            if scipy.stats.f.cdf(f, *df) > tail + 1e-9 and np.isfinite(value):
                differences.add(f"{effect}_{name}", found, value, where, 1e-3, 2e-6)
    if number.get("cohens_d_low") is not None:
        sizes = [int(row[name]) for name in row if name.startswith("n ")]
        scale = math.sqrt(sizes[0] * sizes[1] / sum(sizes))
        t = number["cohens_d"] * scale
        # SciPy's noncentral t ends beyond.
        if abs(t) < 12:
            expected = _noncentrality_t(t, n - 2).confint
            for name, value in zip(("low", "high"), expected):
                differences.add(f"cohens_d_{name}", number[f"cohens_d_{name}"], value / scale, where, 1e-3, 2e-6)


def bootstrap(groups, row, random):
    """How far the ends of the interval of the area under the curve are from those of a bootstrap of a clear middle."""
    a, b = (np.asarray(g) for g in groups)
    if min(len(a), len(b)) < 12 or not 0.2 < float(row["auc"]) < 0.8 or len(set(a) | set(b)) < len(a) + len(b):
        return None
    areas = []
    for _ in range(2000):
        x, y = random.choice(a, len(a)), random.choice(b, len(b))
        areas.append(np.mean((x[:, None] > y[None]) + 0.5 * (x[:, None] == y[None])))
    low, high = np.quantile(areas, [0.025, 0.975])
    return max(abs(low - float(row["auc_low"])), abs(high - float(row["auc_high"])))


def main(data_sets=1000, seed=100):
    differences, random = Differences(), np.random.default_rng(seed)
    done, ends = 0, []
    while done < data_sets:
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder) / "drawn"
            tiles, labels = cases.draw(folder, seed)
            found = cases.statistics(folder, labels)
        seed += 1
        vectors = {slide: np.array([np.mean(column.astype(np.float64)) for column in rows.T])
                   for slide, rows in tiles.items()}
        for column, rows in found.items():
            by = labels[column]
            for feature, row in rows.items():
                done += 1
                where = (seed - 1, column, feature)
                slides = sorted(s for s in tiles if s in by)
                values = [vectors[s][feature] for s in slides]
                if "pearson_r" in row:
                    expected = cases.correlations(values, [by[s] for s in slides])
                    if expected["pearson_r"] is not None and len(slides) > 3 and abs(expected["pearson_r"]) < 1 - 1e-9:
                        ends_of = scipy.stats.pearsonr(np.array(values) - values[0], [by[s] for s in slides]).confidence_interval()
                        differences.add("pearson_low", cases.number(row["pearson_low"]), ends_of.low, where, 1e-6, 1e-8)
                        differences.add("pearson_high", cases.number(row["pearson_high"]), ends_of.high, where, 1e-6, 1e-8)
                else:
                    groups = [[vectors[s][feature] for s in slides if by[s] == name] for name in sorted(set(by.values()))]
                    expected = cases.effects(groups)
                    intervals(row, differences, where)
                    if len(groups) == 2:
                        ends.append(bootstrap(groups, row, random))
                for name, value in expected.items():
                    differences.add(
                        name, cases.number(row[name]), value, where, 1e-9, 0 if name.endswith("_p") else 1e-12)
    print(f"{done} data sets, {sum(differences.counts.values())} numbers, {differences.undefined} undefined on both sides")
    for name in sorted(differences.counts):
        print(f"{name:28} {differences.counts[name]:6}  {differences.largest[name]:.1e}")
    ends = [end for end in ends if end is not None]
    if ends:
        print(f"AUC's interval beside a bootstrap's, {len(ends)} data sets: {np.median(ends):.3f} in the middle, {max(ends):.3f} at most")
    for wrong in differences.wrong[:20]:
        print("WRONG", *wrong)
    return 1 if differences.wrong else 0


if __name__ == "__main__":
    sys.exit(main(*(int(word) for word in sys.argv[1:])))
