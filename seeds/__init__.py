"""Data to start with: reference tables, an invented region for the demo, an invented country to measure."""
