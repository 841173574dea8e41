"""Many padding positions at the price of a few.

Flux attends to every text position, padding included: 512 by default, of which a caption uses about 15. Training at 512 is slow,
and a model that never saw 512 draws badly there (its padding drowns the words). But padding positions far from the words are
nearly equal, and equal keys in an attention weigh exactly as one key with the logarithm of their number added to its score.
So a batch is trained on the words, the first paddings and a few representatives, each standing for a run of positions.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

import torch
from transformers import T5EncoderModel


@dataclass(frozen=True)
class Layout:
    """The positions that are computed, and for how many positions each one counts."""

    positions: torch.Tensor
    counts: torch.Tensor

    def bias(self) -> torch.Tensor:
        return self.counts.log()


def layout(words: int, length: int, runs: int, rng: random.Random) -> Layout:
    """Positions 0..words-1 each for themselves, the rest of length cut into runs that grow with their distance."""
    rest = length - words
    if rest <= runs:
        return Layout(torch.arange(length), torch.ones(length))
    growth = _growth(rest, runs)
    edges = [0]
    for run in range(runs):
        exact = (growth ** (run + 1) - 1) / (growth - 1)
        width = max(1.0, (exact - edges[-1]) * rng.uniform(0.75, 1.25))
        edges.append(min(round(edges[-1] + width), rest - (runs - 1 - run)))
    edges[-1] = rest
    starts = torch.tensor(edges[:-1])
    counts = torch.tensor(edges[1:]) - starts
    middles = words + starts + (counts - 1) // 2
    return Layout(torch.cat([torch.arange(words), middles]), torch.cat([torch.ones(words), counts.float()]))


def _growth(total: int, runs: int) -> float:
    """The ratio with which `runs` widths, beginning with 1, add up to total."""
    low, high = 1.0 + 1e-9, float(total)
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if (middle**runs - 1) / (middle - 1) < total else (low, middle)
    return high


def lay_out(encoder: T5EncoderModel, chosen: Layout) -> None:
    """Makes the encoder attend as if every computed position stood where, and as often as, the layout says."""
    attention = encoder.encoder.block[0].layer[0].SelfAttention

    def compute_bias(query_length, key_length, device=None, cache_position=None):
        distance = chosen.positions[None, :] - chosen.positions[:, None]
        buckets = attention._relative_position_bucket(
            distance,
            bidirectional=True,
            num_buckets=attention.relative_attention_num_buckets,
            max_distance=attention.relative_attention_max_distance,
        )
        scores = attention.relative_attention_bias(buckets).permute(2, 0, 1)[None]
        return scores + chosen.bias()

    attention.compute_bias = compute_bias
