"""What to fill in so that the setup fits the simulated world."""

from bot.demo.stage import Stage
from connection.setup import FIELDS


def right_values(stage: Stage) -> dict[str, str]:
    """Setup field → value."""
    ready = stage.ready
    return {
        "sales_url": ready.sales_url,
        "tenant": ready.tenant,
        "bot_client_id": ready.bot_client_id,
        "admin_client_id": ready.admin_client_id,
        "integration_user_name": stage.world.integration_user(),
        "bc_environment": ready.bc_environment,
        "bc_company": ready.bc_company,
    }


def value_lines(stage: Stage) -> list[str]:
    """By the labels of the form, to copy from."""
    labels = {about.name: about.label for about in FIELDS}
    return [f"  {labels[name]:<32}{value}" for name, value in right_values(stage).items()]
