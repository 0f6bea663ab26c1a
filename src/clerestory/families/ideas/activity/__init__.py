"""Activity: what happened in the campaigns, written with each deed and read by the api3 and the portal."""
