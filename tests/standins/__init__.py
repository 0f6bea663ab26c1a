"""The outside world on 127.0.0.1: real servers that speak as providers do, record what they hear and obey a script.

Each runs in threads of its own, so that a test may block, and a server in another process may call it.
"""
