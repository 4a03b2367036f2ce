"""From approved to finished."""
