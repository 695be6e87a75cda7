"""Sharing out the minutes asked for."""

from collections.abc import Sequence

STEP = 5
MOST = 60


def asked(hours: float) -> int:
    return max(STEP, round(hours * 60))


def shared(weights: Sequence[float], total: int) -> list[int]:
    """Minutes in proportion to the weights, in steps of five, each 5..60 where possible, adding up to `total` exactly.

    A total that is no multiple of five leaves its odd minutes with the longest lesson that has room.
    """
    steps, odd = divmod(total, STEP)
    most = MOST // STEP
    sum_of_weights = sum(weights) or 1.0
    ideal = [weight / sum_of_weights * steps for weight in weights]
    given = [min(most, max(1, int(share))) for share in ideal]
    while sum(given) != steps:
        if sum(given) < steps:
            open_ones = [i for i, value in enumerate(given) if value < most] or list(range(len(given)))
            i = max(open_ones, key=lambda i: (ideal[i] - given[i], -i))
            given[i] += 1
        else:
            open_ones = [i for i, value in enumerate(given) if value > 1]
            if not open_ones:
                break
            i = max(open_ones, key=lambda i: (given[i] - ideal[i], i))
            given[i] -= 1
    minutes = [value * STEP for value in given]
    room = [i for i, value in enumerate(minutes) if value + odd <= MOST] or list(range(len(minutes)))
    minutes[max(room, key=lambda i: (minutes[i], i))] += odd
    return minutes
