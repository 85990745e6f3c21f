"""Writes sobol-points.json: points of the unscrambled Sobol sequence by an independent implementation (SciPy 1.17)."""

import json

from scipy.stats import qmc

points = {}
for index in (1, 2, 3, 1000, 65535, 1000003):
    engine = qmc.Sobol(64, scramble=False, bits=32)
    engine.fast_forward(index)
    points[index] = [int(value * 2**32) for value in engine.random(1)[0]]
with open("sobol-points.json", "w") as file:
    json.dump(points, file)
