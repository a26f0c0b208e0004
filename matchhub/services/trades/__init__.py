"""The trades of the city (本市相关产业): what the base holds for each of them."""
