"""Open objects: what clients may put into a customer, a bot or a user, and how its secrets stand at rest."""
