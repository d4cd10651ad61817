"""Importing: rows of any kind, validated and written in one transaction."""

from desk_maint.services.imports.batch import Batch, import_batch
from desk_maint.services.imports.rows import Outcome, Refusal, Row

__all__ = ["Batch", "Outcome", "Refusal", "Row", "import_batch"]
