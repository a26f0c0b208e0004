"""Matching demands and patents over the base: the index that follows the base, ad hoc answers, stored runs."""
