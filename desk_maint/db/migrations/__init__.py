"""Steps between the revisions of the schema; a step that was published is never edited."""
