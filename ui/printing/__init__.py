"""Paper: tickets, with a code to find them again."""
