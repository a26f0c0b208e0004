"""Conversations (对接) between a demand and a patent: threads, messages, contact data, reminders."""
