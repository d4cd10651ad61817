"""The counter desk: a fault reported before the customer notices."""
