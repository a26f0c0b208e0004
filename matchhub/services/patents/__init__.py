"""Patents (专利): recorded, shown, listed, offered by their holders."""
