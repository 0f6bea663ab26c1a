"""What those who run the server ask it: does the process live, can it serve, what has it done."""

from clerestory.platform.http.operations.readiness import Readiness
from clerestory.platform.http.operations.routes import SURFACE, OperationsSettings

__all__ = ["SURFACE", "OperationsSettings", "Readiness"]
