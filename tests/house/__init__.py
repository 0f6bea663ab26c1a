"""The house's rules that no other tool checks, as functions from a source to what is wrong in it.

tests/test_house.py runs each on the tree, and on counter-examples that each must refuse.
"""
