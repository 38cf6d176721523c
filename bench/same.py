"""How surely the same thing twice is found: precision and recall on the pairs labelled by hand, and weights fitted to
them. `python -m bench.same [fit]`"""

import math
import sys

import django


def main() -> None:
    django.setup()
    from opinovi.interchange.same.scoring import WEIGHTS
    from tests.interchange.same_pairs import pairs

    if "fit" in sys.argv:
        WEIGHTS.update(fitted(list(pairs(held=False))))
        print({name: round(value, 2) for name, value in WEIGHTS.items()})
    for held in (False, True, None):
        print({False: "Fitted to", True: "Held back", None: "All"}[held])
        measure(list(pairs(held)))


def measure(rows) -> None:  # type: ignore[no-untyped-def]
    """Precision and recall by the score from which on two are taken for the same; what is wrong, where it is asked."""
    from opinovi.interchange.same.scoring import judge

    scored = sorted(((judge(one, other).score, same, line) for one, other, same, line in rows), reverse=True)
    yes = sum(same for _score, same, _line in scored)
    for bound in (0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98):
        found = [same for score, same, _line in scored if score >= bound]
        if found:
            print(
                f"{bound:.2f}: precision {sum(found) / len(found):.3f}, recall {sum(found) / yes:.3f}, {len(found)} of {len(rows)}"
            )
    if "wrong" in sys.argv:
        for score, same, line in scored:
            if same != (score >= 0.5):
                print(f"{score:.2f} {'same' if same else 'other'}  {line}")


def fitted(rows) -> dict[str, float]:  # type: ignore[no-untyped-def]
    """Weights of a logistic regression with a pull to nought, by plain gradient descent."""
    from opinovi.interchange.same.scoring import features

    data = [(features(one, other), float(same)) for one, other, same, _line in rows]
    names = sorted({name for told, _same in data for name in told})
    weights = dict.fromkeys(names, 0.0)
    for _round in range(6000):
        slope = dict.fromkeys(names, 0.0)
        for told, same in data:
            total = sum(weights[name] * value for name, value in told.items())
            off = 1 / (1 + math.exp(-max(-30.0, min(30.0, total)))) - same
            for name, value in told.items():
                slope[name] += off * value
        for name in names:
            weights[name] -= 1.5 * (slope[name] / len(data) + 0.0015 * weights[name] * (name != "bias"))
            # What is shared never speaks against, what is not never for.
            if name.endswith(("same", "name", "equal")):
                weights[name] = max(0.0, weights[name])
            elif name != "bias":
                weights[name] = min(0.0, weights[name])
    return weights


if __name__ == "__main__":
    main()
