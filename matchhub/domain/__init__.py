"""Every rule of the product as a pure function on plain values: no database, no clock, no sentences."""
