"""Evidence files (证据) and the confirmations people of two organisations give on records."""
