"""From the bytes of tiles to the numbers that a network reads, and from its tensors to a row for each tile.

Written for arrays of numpy and tensors of torch alike.
"""

import math

import numpy


def _bilinear(x):
    x = abs(x)
    return 1 - x if x < 1 else 0.0


def _bicubic(x):
    # Keys's kernel with a = -1/2, as Pillow has it (R. Keys, doi:10.1109/TASSP.1981.1163711).
    x = abs(x)
    if x < 1:
        return (1.5 * x - 2.5) * x * x + 1
    return ((-0.5 * x + 2.5) * x - 4) * x + 2 if x < 2 else 0.0


FILTERS = {"bilinear": (_bilinear, 1.0), "bicubic": (_bicubic, 2.0)}


def resampling(side, resized, kind):
    """Pillow's resampling along one axis, with its antialiasing, as a matrix: resized x side, float32."""
    kernel, support = FILTERS[kind]
    step = side / resized
    stretch = max(step, 1.0)
    matrix = numpy.zeros((resized, side))
    for row in range(resized):
        centre = (row + 0.5) * step
        first = max(int(centre - support * stretch + 0.5), 0)
        last = min(int(centre + support * stretch + 0.5), side)
        values = [kernel((x - centre + 0.5) / stretch) for x in range(first, last)]
        matrix[row, first:last] = numpy.array(values) / sum(values)
    return matrix.astype(numpy.float32)


class TileInput:
    """What is done to tiles, as the message `start` says it."""

    def __init__(self, tiles, network_side):
        side, resized = tiles["side"], tiles["resized"]
        start = (resized - network_side) // 2
        self.middle = slice(start, start + network_side)
        self.matrix = None
        if side != resized:
            self.matrix = numpy.ascontiguousarray(resampling(side, resized, tiles["filter"])[self.middle])
        self.is_cut = side == resized and resized != network_side
        self.rounds = tiles["rounds"]
        self.is_reversed = tiles["channels"] == "bgr"
        self.least = 1 / math.sqrt(3 * network_side * network_side)
        self.mean = self.scale = None
        if tiles["standardization"] == "fixed":
            self.mean = numpy.array(tiles["mean"], numpy.float32).reshape(3, 1, 1)
            self.scale = numpy.array(tiles["scale"], numpy.float32).reshape(3, 1, 1)

    def moved(self, convert):
        """Keeps its constants as `convert` makes them of numpy's arrays."""
        for name in ("matrix", "mean", "scale"):
            if getattr(self, name) is not None:
                setattr(self, name, convert(getattr(self, name)))
        return self

    def numbers(self, pixels):
        """N x side x side x 3 bytes, as float32, to N x 3 x H x W."""
        def ordered(array, axes):
            return array.permute(axes) if hasattr(array, "permute") else array.transpose(axes)

        if self.is_cut:
            pixels = pixels[:, self.middle, self.middle]
        if self.matrix is None:
            image = ordered(pixels, (0, 3, 1, 2))
        else:
            count, side = pixels.shape[0], pixels.shape[1]
            rows = self.matrix @ pixels.reshape(count, side, side * 3)
            image = ordered(rows.reshape(count, -1, side, 3), (0, 3, 1, 2)).reshape(-1, side) @ self.matrix.T
            image = image.reshape(count, 3, rows.shape[1], -1)
            if self.rounds:
                image = (image + 0.5).clip(0, 255.5)
                image = image.floor().clip(0, 255) if hasattr(image, "floor") else numpy.floor(image).clip(0, 255)
        if self.is_reversed:
            image = image[:, [2, 1, 0]]
        if self.mean is not None:
            return (image - self.mean) / self.scale
        centred = image - image.mean((1, 2, 3)).reshape(-1, 1, 1, 1)
        deviation = (centred * centred).mean((1, 2, 3)) ** 0.5
        return centred / deviation.clip(self.least).reshape(-1, 1, 1, 1)


def row_values(value, output, library):
    """N x width of a tensor, pooled as one of `outputs` says; `library` is numpy or torch."""
    parts = []
    if output["class_token"]:
        parts.append(value[:, 0])
    if output["pooled_axes"]:
        rest = value[:, output["skipped_tokens"]:] if output["skipped_tokens"] else value
        axes = tuple(output["pooled_axes"])
        largest = rest.amax if hasattr(rest, "amax") else rest.max
        parts.append(largest(axes) if output["pooling"] == "maximum" else rest.mean(axes))
    value = library.concatenate(parts, 1) if len(parts) > 1 else parts[0] if parts else value
    return value.reshape(value.shape[0], -1)
