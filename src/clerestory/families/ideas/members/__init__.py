"""Members: people of the tenant as the api3 shows them, alone and inside other objects."""
