"""Tags: words that members give their ideas."""
