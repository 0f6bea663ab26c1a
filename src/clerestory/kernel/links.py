"""Where this installation is reached from outside, for links in messages and pages."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PublicUrl:
    """The address that people and providers use, without a slash at its end."""

    root: str

    def to(self, path: str) -> str:
        """The whole address of a path that begins with a slash."""
        return self.root.rstrip("/") + path

    @property
    def secure(self) -> bool:
        """Whether browsers come by https, so that cookies may be kept to it."""
        return self.root.startswith("https://")
