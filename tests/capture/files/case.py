"""What a file is to become."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Case:
    """A file, and its expected utterances in order: who and what. `notes` are pieces of what a person is told."""

    name: str
    content: bytes = field(repr=False)
    said: list[tuple[str | None, str]]
    notes: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return self.name
