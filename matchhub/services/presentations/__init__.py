"""What the holder of a patent tells of it on its page: words, drawings and documents, on offer or not."""
