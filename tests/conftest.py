"""What holds for every test: the loop is asyncio's, a warning is an error, nothing leaves this machine.

Fixtures live in tests/fixtures, one file a subject, and are named in `pytest_plugins` below.
"""

import socket
from typing import Any

import hypothesis
import pytest

# In the order in which they build on each other: pytest rewrites the asserts of a module before its first import.
pytest_plugins = [
    "tests.fixtures.browser",
    "tests.fixtures.database",
    "tests.fixtures.application",
    "tests.fixtures.tenants",
    "tests.fixtures.visitors",
    "tests.fixtures.embedded",
]

# A slow machine is not a bug, and a run that fails must fail again: no deadline, no random seed.
hypothesis.settings.register_profile("house", deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.load_profile("house")

_resolve = socket.getaddrinfo


def _resolve_ours(host: Any, *arguments: Any, **options: Any) -> Any:
    """Names of this machine only: connections elsewhere are refused by pytest-socket, questions about them here."""
    name = host.decode() if isinstance(host, bytes) else host
    ours = name is None or name == "localhost" or name.endswith(".localhost") or not any(map(str.isalpha, name))
    if not ours and ":" not in name:
        raise RuntimeError(f"A test asked for the address of {name}; only this machine's own names are allowed.")
    return _resolve(host, *arguments, **options)


socket.getaddrinfo = _resolve_ours


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Coroutine tests and fixtures run on asyncio alone, all of one process on one loop."""
    return "asyncio"
