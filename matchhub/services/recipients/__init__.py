"""What recipients of messages (收件方) chose: channels and times, addresses of their own, and letters to these."""
