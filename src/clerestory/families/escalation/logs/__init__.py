"""The page of one log, for whoever has its link."""
