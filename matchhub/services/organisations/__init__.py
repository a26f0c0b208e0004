"""Who is who: confirming that accounts speak for organisations, and which written names are whose."""
