"""Conversations (洽谈) between a demand and a patent: threads, messages, contact data, reminders."""
