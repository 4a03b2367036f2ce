"""Classes and profiles of youths."""
