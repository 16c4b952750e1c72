"""`stats` against SciPy in float64, on random data sets with degenerate ones among them."""

import math

import numpy as np
import pytest
import scipy.stats

import statistics_cases as cases

SEEDS = [11, 12, 13, 14]
RELATIVE = 1e-9


@pytest.fixture(scope="module", params=SEEDS)
def drawn(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("statistics")
    tiles, labels = cases.draw(folder, request.param)
    return tiles, labels, cases.statistics(folder, labels)


def means(tiles):
    return {slide: np.array([np.mean(column.astype(np.float64)) for column in rows.T])
            for slide, rows in tiles.items()}


def differs(name, found, expected):
    if expected is None or math.isnan(expected):
        return found is not None
    if found is None:
        return True
    if math.isinf(expected):
        return found != expected
    # An effect of nothing is a difference of roundings.
    absolute = 0 if name.endswith("_p") else 1e-12
    return abs(found - expected) > RELATIVE * abs(expected) + absolute


def test_every_test_and_effect_size_is_scipys(drawn):
    tiles, labels, found = drawn
    vectors = means(tiles)
    compared, wrong = 0, []
    for column, rows in found.items():
        for feature, row in rows.items():
            by = labels[column]
            if column.startswith("g") and column != "grade":
                names = sorted(set(by.values()))
                groups = [[vectors[s][feature] for s in sorted(tiles) if by.get(s) == name] for name in names]
                expected = cases.effects(groups)
            else:
                slides = sorted(s for s in tiles if s in by)
                x = [vectors[s][feature] for s in slides]
                expected = cases.correlations(x, [by[s] for s in slides])
            for name, value in expected.items():
                compared += 1
                if differs(name, cases.number(row[name]), value):
                    wrong.append((column, feature, name, row[name], value))
            if any(value is None for value in expected.values()):
                assert row["undefined"], (column, feature)
    assert compared > 2000 and not wrong, (len(wrong), wrong[:20])


def test_intervals_are_where_the_noncentral_distributions_say(drawn):
    tiles, labels, found = drawn
    checked = 0
    for column, rows in found.items():
        if not column.startswith("g") or column == "grade":
            continue
        for row in rows.values():
            value = {name: cases.number(text) for name, text in row.items()
                     if name.split("_")[-1] in ("F", "df1", "df2", "low", "high", "d")}
            n = int(row["units"])
            if value["eta_squared_low"] is not None and value["eta_squared_high"] < 0.999:
                f, d1, d2 = value["anova_F"], value["anova_df1"], value["anova_df2"]
                for bound, tail in [("low", 0.975), ("high", 0.025)]:
                    share = value[f"eta_squared_{bound}"]
                    if share > 0:
                        assert scipy.stats.ncf.cdf(f, d1, d2, share / (1 - share) * n) == pytest.approx(tail, abs=1e-7)
                        checked += 1
                    else:
                        assert scipy.stats.f.cdf(f, d1, d2) <= tail + 1e-9
            if value.get("cohens_d_low") is not None and abs(value["cohens_d"]) < 4:
                sizes = [int(row[name]) for name in row if name.startswith("n ")]
                scale = math.sqrt(sizes[0] * sizes[1] / sum(sizes))
                for bound, tail in [("low", 0.975), ("high", 0.025)]:
                    delta = value[f"cohens_d_{bound}"] * scale
                    assert scipy.stats.nct.cdf(value["cohens_d"] * scale, n - 2, delta) == pytest.approx(tail, abs=1e-7)
                    checked += 1
    assert checked > 100


def test_q_is_benjamini_and_hochbergs(drawn):
    _, _, found = drawn
    for column, rows in found.items():
        for name in [n for n in next(iter(rows.values())) if n.endswith("_p")]:
            p = {f: cases.number(row[name]) for f, row in rows.items()}
            defined = [f for f in p if p[f] is not None]
            expected = scipy.stats.false_discovery_control([p[f] for f in defined]) if defined else []
            for feature, q in zip(defined, expected):
                assert cases.number(rows[feature][name[:-1] + "q"]) == pytest.approx(q, rel=1e-12), (column, feature)


@pytest.mark.parametrize("test", ["anova", "welch", "kruskal", "mannwhitney"])
def test_tests_of_tiles_are_scipys_over_all_tiles(test, tmp_path):
    tiles, labels = cases.draw(tmp_path, 21)
    chosen = {"age": labels["age"]} if test == "anova" else {}
    chosen["g0"] = labels["g0"]
    extra = f" test={test}" if test != "anova" else ""
    found = cases.statistics(tmp_path, chosen, extra=extra)
    symbol = {"anova": "F", "welch": "F", "kruskal": "H", "mannwhitney": "U"}[test]
    wrong = []
    for column, rows in found.items():
        by = chosen[column]
        for feature, row in rows.items():
            def values(slides):
                return np.concatenate([tiles[s][:, feature] for s in slides]).astype(np.float64)

            known = sorted(s for s in tiles if s in by)
            if column == "age":
                ages = np.concatenate([[by[s]] * len(tiles[s]) for s in known])
                expected = cases.correlations(values(known), ages)
                pairs = [("tile_r", expected["pearson_r"]), ("tile_p", expected["pearson_p"])]
            else:
                groups = [values([s for s in known if by[s] == name]) for name in sorted(set(by.values()))]
                expected = cases.effects(groups)
                pairs = [(f"tile_{symbol}", expected[f"{test}_{symbol}"]), ("tile_p", expected[f"{test}_p"])]
            wrong += [(feature, name, row[name], value) for name, value in pairs
                      if differs(name, cases.number(row[name]), value)]
    assert not wrong, wrong[:10]


@pytest.mark.parametrize("method", ["median", "max", "top:2", "threshold threshold=0.25"])
def test_patients_have_what_method_makes_of_all_their_tiles(method, tmp_path):
    tiles, labels = cases.draw(tmp_path, 22)
    by = labels["g0"]
    # Patients of one, two or three slides, all in one category.
    patients = {}
    for name in sorted(set(by.values())):
        slides = sorted(s for s in tiles if by.get(s) == name)
        for start in range(0, len(slides), 3):
            patients[f"{name}-{start}"] = slides[start:start + 3]
    rows = ["patient,slide,g0"] + [f"{p},{s},{by[s]}" for p, slides in patients.items() for s in slides]
    (tmp_path / "a.csv").write_text("\n".join(rows) + "\n")
    found = cases.statistics(tmp_path, {"g0": by}, extra=f" method={method}")["g0"]
    summary = {"median": lambda x: np.median(x), "max": np.max, "top:2": lambda x: np.sort(x)[-2:].mean(),
               "threshold threshold=0.25": lambda x: np.mean(x > 0.25)}[method]
    wrong = []
    for feature, row in found.items():
        assert row["unit"] == "patient" and int(row["units"]) == len(patients)
        groups = [[float(summary(np.concatenate([tiles[s][:, feature] for s in slides]).astype(np.float64)))
                   for p, slides in patients.items() if p.startswith(name + "-")] for name in sorted(set(by.values()))]
        wrong += [(feature, name, row[name], value) for name, value in cases.effects(groups).items()
                  if differs(name, cases.number(row[name]), value)]
    assert not wrong, wrong[:10]
