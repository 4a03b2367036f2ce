"""Writing: making, publishing, pausing and closing offers, and taking their positions."""

from service.offers.positions import free_positions, take_positions

__all__ = ["free_positions", "take_positions"]
