"""Pieces that several desks are built from."""
