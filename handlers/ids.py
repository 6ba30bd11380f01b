"""Every id that Slack sends back to us."""

COMMAND = "/d365"

SETUP_FORM = "setup"
"""Callback id of the setup form; its inputs have the setup field's name as block id."""

FEATURES_FORM = "features"
"""Callback id of the second part of the setup form, and action id of the buttons that bring it."""

CONFIRM_FORM = "setup_confirm"
"""Callback id of the view that asks back before a setup is saved."""

OPENING_FORM = "setup_opening"
"""Callback id of the light view that stands until the form is filled."""

HOME = "home"
"""Callback id of the Home tab, which is nobody's but the person's who looks at it."""

VALUE = "value"
"""Action id of every input."""

KEEP_URL = "sales_url"
"""Block id of the question about a corrected URL; options PROPOSED and ENTERED."""

PROPOSED = "proposed"
ENTERED = "entered"

KEEP_FIELD = "keep_"
"""Prefix of the block ids that ask whose value of a field counts; options MINE and THEIRS."""

MINE = "mine"
THEIRS = "theirs"

SECRETS_FORM = "secrets"
"""Callback id of the view that asks for secrets; its inputs have the secret's name as block id."""

GIVE, MAKE, MAKE_LONG, SHOW = "give_", "make_", "make_365_", "show_"
"""Beginnings of the action ids of buttons about one secret; its field's name follows."""
