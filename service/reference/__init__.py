"""Sectors, words, postcodes: what the country has, not what people typed."""
