"""Days without education, per region and per school: imported lists, never dates in the code."""
