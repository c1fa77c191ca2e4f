"""Other tools beside archguard's own rules: run apart from the target's configuration, and translated."""
