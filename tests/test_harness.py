"""The floor that every test stands on, seen to hold: the loop, the warnings, the closed network."""

import asyncio
import socket
import warnings

import pytest
import pytest_socket


async def test_a_coroutine_test_runs_on_asyncio_without_a_mark() -> None:
    assert asyncio.get_running_loop().is_running()


def test_a_warning_is_an_error() -> None:
    with pytest.raises(DeprecationWarning, match="old"):
        warnings.warn("old", DeprecationWarning, stacklevel=1)


def test_a_connection_to_another_machine_is_refused() -> None:
    with pytest.raises(pytest_socket.SocketConnectBlockedError):
        socket.create_connection(("192.0.2.1", 80), timeout=1)  # an address of the block kept for documents


async def test_a_stream_to_another_machine_is_refused() -> None:
    with pytest.raises(pytest_socket.SocketConnectBlockedError):
        await asyncio.open_connection("192.0.2.1", 80)


def test_a_name_of_another_machine_is_not_asked_for() -> None:
    with pytest.raises(RuntimeError, match=r"asked for the address of example\.org"):
        socket.getaddrinfo("example.org", 80)


def test_this_machine_can_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname(), timeout=5):
        accepted, _ = server.accept()
        accepted.close()


def test_a_unix_socket_can_be_reached() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.sendall(b"here")
        assert theirs.recv(4) == b"here"
