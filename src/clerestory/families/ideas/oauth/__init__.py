"""OAuth 2.0: the token endpoint, the page of consent, and what an access token is worth."""
