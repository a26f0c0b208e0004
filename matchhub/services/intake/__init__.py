"""What an operator gets, made clean: similar records, merges, batches taken back, remembered headers, origins, jobs."""
