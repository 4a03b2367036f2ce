"""The engine's tests: a file per module, an independent brute force as the oracle."""
