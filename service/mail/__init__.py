"""The outbox: mail leaves only through here."""
