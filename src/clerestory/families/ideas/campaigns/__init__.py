"""Campaigns: the containers of ideas, as the api3 reads them."""
