"""Chooses how Match Colors weighs likeness (the numbers of `huefill.imaging.likeness`), on pairs of training photographs alone.

python benchmarks/match_choose.py [--data DIR] [--each N]

For each setting of what counts as likeness, the trust in it is fitted so that the mean over the pairs of the logarithm of the squared error
in ab is least, where likeness and histogram are mixed on the grid of places. Prints a table: error in dB, less is better.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from itertools import product
from pathlib import Path

import numpy as np
from match_cases import training_pairs
from scipy.optimize import minimize

from huefill.imaging import likeness
from huefill.imaging.color_spaces import rgb_to_lab
from huefill.imaging.resample import resize
from huefill.tasks.colorization.colorizers import registry
from huefill.tasks.colorization.colorizers.hints_network import HintsNetwork
from huefill.tasks.colorization.guidance import Guidance, Reference

HERE = Path(__file__).parent
# Squared units of ab that are added to every error: a gray pair is not to decide.
_FLOOR = 8.0
_LIGHTNESS, _HEIGHT, _SHARP = (0.0, 0.1, 0.2), (0.0, 0.3), (0.04, 0.06, 0.08)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=HERE.parents[1] / "shared" / "data" / "train")
    parser.add_argument("--each", type=int, default=30, help="pairs of each kind, about")
    given = parser.parse_args()
    network = registry.choose("auto", "cpu", "hints")
    assert isinstance(network, HintsNetwork)
    cases = []
    for pair in training_pairs(given.data, given.each):
        lab, reference = rgb_to_lab(pair.target.astype(np.float32) / 255), Reference.of(pair.reference)
        state, other = network.prepare(np.ascontiguousarray(lab[..., 0])), network.prepare(np.ascontiguousarray(reference.lab[..., 0]))
        shape = state.places.shape
        histogram = network.chroma(state, Guidance(reference=reference, match="histogram")).ab
        truth, plain = (resize(np.ascontiguousarray(one), shape).reshape(-1, 2) for one in (lab[..., 1:], histogram))
        colors = resize(np.ascontiguousarray(reference.lab[..., 1:]), other.places.shape).reshape(-1, 2)
        cases.append((pair.kind, state.places, other.places, colors, truth, plain))
    kinds = sorted({kind for kind, *_ in cases})
    print(f"{len(cases)} pairs\n\n| lightness, height, sharp | of place, of picture, constant | " + " | ".join(kinds) + " | mean |")
    print("|---|---|" + "---|" * (len(kinds) + 1))
    by_histogram: dict[str, list[float]] = defaultdict(list)
    for kind, *_, truth, plain in cases:
        by_histogram[kind].append(_error(plain, truth))
    _print("histogram alone", "", kinds, by_histogram)
    for lightness, height, sharp in product(_LIGHTNESS, _HEIGHT, _SHARP):
        likeness._LIGHTNESS, likeness._HEIGHT, likeness._SHARP = lightness, height, sharp
        found = []
        for kind, target, reference_places, colors, truth, plain in cases:
            match = likeness.matched(target, reference_places, colors, np.ones(len(colors), bool))
            # The likeness itself, from the share that was made of it: its mean is known by the mean of the logits.
            logit = np.log(match.share / (1 - match.share)).ravel() - likeness._CONSTANT
            mean = logit.mean() / (likeness._OF_PLACE + likeness._OF_PICTURE)
            like = (logit - likeness._OF_PICTURE * mean) / likeness._OF_PLACE
            found.append(
                (kind, match.ab.reshape(-1, 2), plain, truth, np.column_stack([like, np.full(len(like), mean), np.ones(len(like))]))
            )

        def mixed(numbers: np.ndarray, case: tuple[str, np.ndarray, np.ndarray, np.ndarray, np.ndarray]) -> float:
            _, ab, plain, truth, facts = case
            share = (1 / (1 + np.exp(-(facts @ numbers))))[:, None]
            return _error(plain + share * (ab - plain), truth)

        fit = minimize(lambda numbers, every=found: sum(mixed(numbers, case) for case in every), np.zeros(3), method="BFGS").x
        errors: dict[str, list[float]] = defaultdict(list)
        for case in found:
            errors[case[0]].append(mixed(fit, case))
        _print(f"{lightness}, {height}, {sharp}", ", ".join(f"{number:.2f}" for number in fit), kinds, errors)


def _error(ab: np.ndarray, truth: np.ndarray) -> float:
    return 10 * float(np.log10(((ab - truth) ** 2).sum(1).mean() + _FLOOR))


def _print(name: str, fitted: str, kinds: list[str], errors: dict[str, list[float]]) -> None:
    means = [float(np.mean(errors[kind])) for kind in kinds]
    print(f"| {name} | {fitted} | " + " | ".join(f"{value:.2f}" for value in (*means, float(np.mean(means)))) + " |", flush=True)


if __name__ == "__main__":
    main()
