"""Deals (交易): recorded from files and by hand, opened, signed under checks, taken through their stages."""
