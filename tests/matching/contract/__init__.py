"""What every solver of an allocation must keep, whichever it is."""
