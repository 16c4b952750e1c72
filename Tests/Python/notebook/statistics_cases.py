"""Random data sets for `stats`, degenerate ones included, and what SciPy makes of them in float64."""

import csv
import math

import numpy as np
import scipy.special
import scipy.stats

from running import run_file

GROUPINGS = 10
FEATURES = 25


def draw(folder, seed):
    """A project of slides with several tiles, features of many kinds, and columns of categories and numbers.

    Returns slide → tiles × features, and column → slide → category.
    """
    random = np.random.default_rng(seed)
    folder.mkdir(parents=True, exist_ok=True)
    slides = [f"S{i:02}" for i in range(int(random.integers(4, 40)))]
    counts = {s: int(random.integers(1, 5)) for s in slides}
    shift = {s: float(random.normal()) for s in slides}
    columns = [column(kind, random) for kind in range(FEATURES)]
    tiles = {s: np.array([[one(shift[s]) for one in columns] for _ in range(counts[s])], np.float32) for s in slides}
    labels = {}
    for grouping in range(GROUPINGS):
        most = [2, 2, 2, 3, 3, 4, 5, 7, 2, 2][grouping]
        # Some groups have one slide, and some slides no group.
        weights = random.dirichlet(np.ones(most) * (0.4 if grouping > 7 else 3))
        names = [f"c{i}" for i in range(most)]
        chosen = {s: str(random.choice(names, p=weights)) for s in slides}
        if len(set(chosen.values())) < 2:
            chosen[slides[0]], chosen[slides[1]] = "c0", "c1"
        blank = random.choice(slides, size=len(slides) // 6, replace=False) if grouping % 2 else []
        kept = {s: c for s, c in chosen.items() if s not in blank}
        labels[f"g{grouping}"] = kept if len(set(kept.values())) > 1 else chosen
    labels["age"] = {s: round(float(random.normal(60, 9)), 1) for s in slides}
    labels["grade"] = {s: int(random.integers(1, 4)) for s in slides}
    with open(folder / "a.csv", "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["patient", "slide", *labels])
        for s in slides:
            writer.writerow([s, s, *(labels[c].get(s, "") for c in labels)])
    with open(folder / "f.csv", "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["slide", "loc_x", "loc_y", *(f"feature_{i}" for i in range(FEATURES))])
        for s in slides:
            for place, row in enumerate(tiles[s]):
                writer.writerow([s, place * 100, 0, *(repr(float(v)) for v in row)])
    return tiles, labels


def column(kind, random):
    """A feature: slide's shift → an activation."""
    scale = float(10.0 ** random.integers(-6, 7))
    kinds = [
        lambda m: random.normal(m, 1), lambda m: random.normal(0, 1), lambda m: random.normal(3 * m, 0.1),
        lambda m: random.lognormal(m, 1), lambda m: max(0.0, random.normal(m, 1)), lambda m: 0.0, lambda m: 0.1,
        lambda m: float(random.integers(0, 3)), lambda m: float(random.integers(0, 2)), lambda m: round(m),
        lambda m: float(m > 0), lambda m: 1e4 + random.normal(m, 1), lambda m: scale * random.normal(m, 1),
        lambda m: m, lambda m: -m + random.normal(0, 0.01), lambda m: random.standard_cauchy(),
        lambda m: 1.0 if random.random() < 0.05 else 0.0, lambda m: random.uniform(0, 1) ** 8,
    ]
    return kinds[kind % len(kinds)]


def statistics(folder, labels, *, extra=""):
    """Runs `stats` for every column and returns column → feature → its row of statistics.csv."""
    lines = ["project P create=true annotations=a.csv", "f = import_features f.csv"]
    for name in labels:
        number = "" if name.startswith("g") and name != "grade" else " use_float=true"
        lines.append(f"stats f outcomes={name}{number} outdir=out/{name}{extra}")
    run_file(folder, "\n".join(lines) + "\n")
    result = {}
    for name in labels:
        with open(folder / "out" / name / "statistics.csv", newline="") as file:
            result[name] = {int(row["feature"]): row for row in csv.DictReader(file)}
    return result


def effects(groups):
    """Every test and effect size of groups by SciPy and textbook formulas; None where they are undefined."""
    origin = next(g[0] for g in groups if len(g))
    # Nothing here depends on where zero is, and far from it SciPy loses digits.
    groups = [np.asarray(g, np.float64) - origin for g in groups if len(g)]
    everything = np.concatenate(groups)
    n, k = len(everything), len(groups)
    result = {}
    is_constant = bool((everything == everything[0]).all())
    with np.errstate(all="ignore"):
        within = sum(((g - g.mean()) ** 2).sum() if (g != g[0]).any() else 0.0 for g in groups)
        between = sum(len(g) * (g.mean() - everything.mean()) ** 2 for g in groups)
        if is_constant or k < 2 or n == k:
            result.update(anova_F=None, anova_p=None, eta_squared=None, omega_squared=None)
        elif within == 0:
            result.update(anova_F=math.inf, anova_p=0.0, eta_squared=1.0, omega_squared=1.0)
        else:
            f, p = scipy.stats.f_oneway(*groups)
            mean = within / (n - k)
            result.update(anova_F=f, anova_p=p, eta_squared=between / (between + within),
                          omega_squared=(between - (k - 1) * mean) / (between + within + mean))
        variances = [g.var(ddof=1) if len(g) > 1 and (g != g[0]).any() else 0.0 for g in groups]
        if k < 2 or is_constant or min(len(g) for g in groups) < 2 or (min(variances) == 0 if k > 2 else max(variances) == 0):
            result.update(welch_F=None, welch_p=None)
        elif k == 2:
            t, p = scipy.stats.ttest_ind(*groups, equal_var=False)
            result.update(welch_F=t * t, welch_p=p)
        else:
            f, p = scipy.stats.f_oneway(*groups, equal_var=False)
            result.update(welch_F=f, welch_p=p)
        if k < 2 or is_constant:
            result.update(kruskal_H=None, kruskal_p=None, epsilon_squared=None)
        else:
            h, p = scipy.stats.kruskal(*groups)
            # Of equal mean ranks SciPy has roundings left, whose root p shows.
            h, p = (h, p) if h > 1e-12 else (0.0, 1.0)
            result.update(kruskal_H=h, kruskal_p=p, epsilon_squared=h / (n - 1))
        if k == 2:
            a, b = groups
            u, p = scipy.stats.mannwhitneyu(a, b)
            area = np.mean((a[:, None] > b[None]) + 0.5 * (a[:, None] == b[None]))
            result.update(mannwhitney_U=None if is_constant else u, mannwhitney_p=None if is_constant else p,
                          auc=area, rank_biserial=2 * area - 1)
            if within == 0 or n == k:
                result.update(cohens_d=None, hedges_g=None)
            else:
                m = n - 2
                d = (a.mean() - b.mean()) / math.sqrt(within / m)
                factor = math.exp(scipy.special.gammaln(m / 2) - scipy.special.gammaln((m - 1) / 2)) / math.sqrt(m / 2) \
                    if m > 1 else None
                result.update(cohens_d=d, hedges_g=None if factor is None else d * factor)
    return result


def correlations(x, y):
    """Pearson's and Spearman's by SciPy; None where they are undefined."""
    x, y = np.asarray(x, np.float64) - x[0], np.asarray(y, np.float64) - y[0]
    if len(x) < 3 or (x == x[0]).all() or (y == y[0]).all():
        return dict(pearson_r=None, pearson_p=None, spearman_rho=None, spearman_p=None)
    r, p = scipy.stats.pearsonr(x, y)
    rho, q = scipy.stats.spearmanr(x, y)
    return dict(pearson_r=r, pearson_p=p, spearman_rho=rho, spearman_p=q)


def number(text):
    return float(text) if text else None
