"""How often `communique scales` marks a break where there is none, and how often it finds one that is there.

    python -m benchmarks.breaks [--series 200]

Months of binomial counts with a known hostile share; the seed is fixed.
"""

import argparse
from datetime import date

import numpy as np

from communique.analysis.scales import Month, breaks

START = 2019


def series(shares: list[float], acts: float, random: np.random.Generator, varying: bool) -> list[Month]:
    """Months with a Poisson number of acts; varying: shares vary from month to month (beta, a + b = 10)."""
    found = []
    for n, share in enumerate(shares):
        of = int(random.poisson(acts))
        p = random.beta(10 * share, 10 * (1 - share)) if varying else share
        hostile = int(random.binomial(of, p))
        found.append(Month(date(START + n // 12, n % 12 + 1, 1), hostile, of - hostile, {}))
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--series", type=int, default=200)
    asked = parser.parse_args()
    random = np.random.default_rng(6)
    varying = {"chance alone": False, "varying": True}
    print("no break, share 0.5: series with a break marked")
    for months in (12, 24, 48):
        for acts in (3, 10, 40):
            rates = {name: _marked([0.5] * months, acts, random, v, asked.series) for name, v in varying.items()}
            print(f"  {months} months, {acts:2} acts:", ", ".join(f"{n} {r:.3f}" for n, r in rates.items()))
    print("a break in the middle of 24 months: series with a break marked within a month of it")
    for before, after in ((0.3, 0.5), (0.3, 0.7)):
        for acts in (3, 10, 40):
            shares = [before] * 12 + [after] * 12
            rates = {name: _marked(shares, acts, random, v, asked.series, at=12) for name, v in varying.items()}
            print(f"  {before} to {after}, {acts:2} acts:", ", ".join(f"{n} {r:.2f}" for n, r in rates.items()))
    print("certainty: said on average, and how many breaks are within a month of the true one")
    for after in (0.5, 0.7):
        shares = [0.3] * 12 + [after] * 12
        made = [series(shares, 10, random, True) for _ in range(asked.series // 4)]
        found = [b for s in made for b in breaks(s, draws=100)]
        right = np.mean([_near(b.month, 12) for b in found])
        print(f"  0.3 to {after}, 10 acts, varying: said {np.mean([b.support for b in found]):.2f}, right {right:.2f}")


def _marked(
    shares: list[float], acts: float, random: np.random.Generator, varying: bool, runs: int, at: int | None = None
) -> float:
    found = [breaks(series(shares, acts, random, varying), draws=1) for _ in range(runs)]
    return float(np.mean([any(at is None or _near(b.month, at) for b in f) for f in found]))


def _near(month: date, at: int) -> bool:
    return abs((month.year - START) * 12 + month.month - 1 - at) <= 1


if __name__ == "__main__":
    main()
