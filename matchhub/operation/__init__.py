"""What running an installation needs of services and channels together, for command, page and worker alike."""
