"""The demo in a browser: a small Slack, and beside it the simulated world.

Pure functions draw HTML from what the simulated Slack shows (`blocks`, `forms`, `messages`); a
`Window` is one browser window of one person; NiceGUI carries both to the browser.
"""
