"""Notices (通知) inside the application: one organisation is notified of one thing once."""
