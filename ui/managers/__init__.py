"""The managers' desk: the figures, what each is made of, the ledger, and the rules."""
