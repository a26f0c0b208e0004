"""The claim package (申报材料包): facts from the services, files from the reports, in one zip that proves itself."""
