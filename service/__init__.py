"""The web service, its worker and its command: features on top of the engine."""
