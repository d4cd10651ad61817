"""The managers' settings: one panel for each thing that can be set."""
