"""The form of a submission: what it holds, what the campaign asks, and what of it is acceptable."""
