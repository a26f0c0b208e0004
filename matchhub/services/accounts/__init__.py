"""Accounts (账号): signing in, passwords, one-time codes, registration and its confirmation."""
