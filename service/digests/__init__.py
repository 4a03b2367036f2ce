"""Subscriptions and what they send."""
