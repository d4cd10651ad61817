"""The import assistant: somebody's table comes in by pointing."""
