"""Matching: words of people made comparable, and the keywords that stand among them."""
