"""How quick Podium is on this machine, beside others that do a part of the same work."""
