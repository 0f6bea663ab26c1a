"""What is remembered for seconds, and forgotten at once."""

from clerestory.platform.tenancy.registry import Memory


def test_what_was_read_before_everything_was_forgotten_is_not_remembered() -> None:
    memory: Memory[str] = Memory()
    read = memory.moment
    memory.forget()
    assert memory.put("key", "good", read) == "good"
    assert memory.get("key") is None
    memory.put("key", "revoked", memory.moment)
    assert memory.get("key") == "revoked"


def test_the_oldest_goes_first() -> None:
    memory: Memory[int] = Memory(bound=2)
    for number in range(3):
        memory.put(number, number, memory.moment)
    assert [memory.get(number) for number in range(3)] == [None, 1, 2]
