"""What schools ask for."""
