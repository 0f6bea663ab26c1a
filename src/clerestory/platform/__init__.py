"""What the families stand on: database, tenants, people, keys, jobs, delivery, HTTP. It knows no family."""
