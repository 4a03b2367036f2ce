"""Foundations without a business word."""
