"""The roster: the tenant's people with what each allows and wants to hear of, as an administrator looks after them."""
