"""Schools, companies, partners, and their one fixed contact person."""
