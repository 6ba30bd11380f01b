"""What Business Central requires before it can be enabled: the checks of a test that stand for it.

Those of its Test Connection and of the local currency (CheckIntegrationUserRequirements and
validation of Is Enabled, version 15), the way to both sides, and the bot's own sign-in. What a step
of the plan mends is not among them.
"""

from connection.changes.plan import Values
from connection.changes.scene import Scene
from connection.changes.step import Aim
from connection.checks.looking import Check
from connection.checks.making import make
from connection.checks.table import CHECKS
from connection.errors import NotReady
from connection.names import names_in, veiled
from connection.report import CheckResult, Outcome

REQUIRED = frozenset(
    {
        "allowed_host",
        "reachable",
        "tenant",
        "bot_sign_in",
        "dataverse",
        "administration_mode",
        "organisation",
        "integration_user",
        "integration_sign_in",
        "bc_host",
        "bc_reachable",
        "bc_sign_in",
        "company",
        "web_services",
        "bc_version",
        "base_currency",
    }
)
_MAY_FAIL = frozenset({"web_services"})
"""What is not published is done by hand."""

KEY = "Checks"
PASSED = "passed"


async def look(scene: Scene) -> Values:
    """Raises `NotReady` with everything that failed."""
    results: dict[str, CheckResult] = {}
    for check in CHECKS:
        if check.id in REQUIRED and not _unmet(scene, check, results):
            made = await make(scene.ports, check, scene.subject, scene.findings)
            results[check.id] = made.result
    failed = [
        one
        for name, one in results.items()
        if one.outcome is Outcome.FAIL and name not in _MAY_FAIL
    ]
    if failed:
        names = names_in(scene.setup)
        told = [veiled(f"{one.title}: {one.sentence}", names) for one in failed]
        raise NotReady(" ".join(told), veiled(failed[0].remedy, names))
    return {KEY: PASSED}


async def aim(_scene: Scene, _current: Values) -> Aim:
    """They pass, again right before the rest is done."""
    return Aim({KEY: PASSED})


def _unmet(scene: Scene, check: Check, results: dict[str, CheckResult]) -> bool:
    good = (Outcome.PASS, Outcome.WARN)
    for needed in check.needed_for(scene.setup):
        if needed in REQUIRED and (needed not in results or results[needed].outcome not in good):
            return True
    return False
