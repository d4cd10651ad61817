"""The workshop desk: the queue by deadline, and the ticket beside it."""
