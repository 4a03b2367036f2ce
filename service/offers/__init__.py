"""What companies and partners offer."""
