"""The claim: every record of a number with its proofs, what is missing most, and how both came to be."""
