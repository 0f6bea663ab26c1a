"""Standings: what an idea's votes, chips and comments add up to, kept in the transaction of each of them."""
