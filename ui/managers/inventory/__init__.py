"""The managers' inventory: the ledger of devices, and what is done to them."""
