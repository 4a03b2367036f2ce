"""Runs, suggestions, decisions."""
