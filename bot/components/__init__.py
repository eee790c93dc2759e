"""Graph components named in config.yml, one file each."""
