"""The house's own rules: sizes, lock files, documents."""
