"""The web service, its worker and its command: features on top of the engine."""

import gc

# What is loaded and declared at the start is never garbage; looking for it takes a quarter of the start.
# What requests leave behind is mostly freed at once, by counting.
gc.set_threshold(50_000)
