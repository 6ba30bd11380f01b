"""SIGKILL at every stage of a command's life: what Slack saw acknowledged is answered."""
