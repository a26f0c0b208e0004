"""Personal data (PIPL): what is held about an account, handed out as a file, closed, erased on request."""
