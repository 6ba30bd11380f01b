"""What a test looks at: one function a check, by topic, and the table `CHECKS`."""
