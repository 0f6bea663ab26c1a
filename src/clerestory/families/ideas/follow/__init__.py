"""Following: who is told by mail of what comes in an idea, how often, and how they end it."""
