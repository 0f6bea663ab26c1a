"""Groups of members, for administrators."""
