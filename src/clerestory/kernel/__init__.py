"""The innermost layer: values and rules that every part shares. It waits for nothing and reads nothing outside."""
