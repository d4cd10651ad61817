"""DeskMaint keeps a post bureau's equipment in service and proves it."""

__version__ = "0.1.0"
