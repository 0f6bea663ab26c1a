"""One task for each issue at ClickUp: made once, looked after, commented when it was closed too early."""
