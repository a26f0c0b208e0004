"""Files that leave the platform: the problems workbook, exports, the dossier."""
