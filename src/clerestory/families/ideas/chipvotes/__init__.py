"""Chips: each member has a number of them in a campaign, and lays them on ideas."""
