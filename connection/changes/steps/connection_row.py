"""What Business Central tells Sales about itself: its row in `nav_connections`.

Up to version 25 it is the first row, from 26 on the one that is named after the company (facts of
table 5368). The access key beside the OData user is written and never read.
"""

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from connection.changes.plan import Act, Values
from connection.changes.remote import NavRow
from connection.changes.scene import Scene
from connection.changes.step import Aim
from connection.checks.availability import A_JOB_FROM
from connection.checks.published_pages import ITEM_AVAILABILITY, WEB_CLIENT
from connection.errors import NotFound, NotReady
from connection.setup import Hosting
from connection.setup_features import YES, ImportSolution

WEB, ODATA_URL, ODATA_USER, ODATA_KEY = (
    "Web client URL",
    "OData URL",
    "OData user",
    "OData access key",
)
COLUMNS = {
    WEB: "nav_dynamicsnavurl",
    ODATA_URL: "nav_dynamicsnavodataurl",
    ODATA_USER: "nav_dynamicsnavodatausername",
}
NONE, UNREAD, HELD = "none", "not read", "the one that the bot holds"
NAME = "nav_name"
NAMED_FROM = 26
ROW = "Connection row in Sales"
THERE = "there"
REMOVE = "remove-row"
"""The word behind `disable` that asks for it."""


async def look(scene: Scene) -> Values:
    """Nothing is there while the solution is not."""
    row = await _row(scene)
    columns = row.columns if row else {}
    seen = {key: columns.get(column) or NONE for key, column in COLUMNS.items()}
    return {**seen, ODATA_KEY: UNREAD}


async def _row(scene: Scene) -> NavRow | None:
    try:
        rows = await scene.ports.sales_changes.nav_rows(scene.bot)
    except NotFound:
        return None
    return _own(rows, scene.setup.bc_company, await scene.bc_major()) if rows else None


def _own(rows: Sequence[NavRow], company: str, major: int | None) -> NavRow | None:
    """The one that this version takes. Raises `NotReady` where nothing says which that is."""
    if major is not None and major < NAMED_FROM:
        return rows[0]
    named = [row for row in rows if row.columns.get(NAME) == company and company]
    if major is not None:
        return next(iter(named), None)
    free = [row for row in rows if not row.columns.get(NAME)]
    found = next(iter([*named, *free]), None)
    if found is None:
        raise NotReady(
            "Which row of nav_connections is this company's depends on the version of Business "
            "Central, and nothing says it.",
            "Name the Business Central environment and company with /d365 setup, then ask anew.",
        )
    return found


async def aim(scene: Scene, current: Values) -> Aim | None:
    """Of enabling, of the web client URL alone, or of item availability alone."""
    if scene.setup.import_solution == ImportSolution.NO:
        return None
    wanted: dict[str, str] = {}
    if scene.act in (Act.ENABLE, Act.WEB_CLIENT_URL):
        wanted |= _web_client(scene, current)
    if scene.act is Act.WEB_CLIENT_URL:
        wanted |= await _reset_address(scene) | {ODATA_USER: NONE}
        note = "Business Central's Reset Web Client URL empties the OData user and key as well."
        return Aim({**wanted, ODATA_KEY: NONE}, note=note, again=(ODATA_KEY,))
    availability = _availability(scene)
    again = (ODATA_KEY,) if ODATA_KEY in availability else ()
    wanted |= availability
    return Aim(wanted, again=again) if wanted else None


def _web_client(scene: Scene, current: Values) -> Values:
    """As the setup says, else Business Central's own; that of a server on-premises nobody knows."""
    setup = scene.setup
    if setup.web_client_url:
        return {WEB: setup.web_client_url}
    if setup.hosting == Hosting.ON_PREMISES or not setup.bc_environment:
        return {}
    place = "/".join(quote(part, safe="") for part in (setup.tenant, setup.bc_environment))
    own = f"{WEB_CLIENT}/{place}/"
    here = current.get(WEB, NONE)
    leads_there = here.lower().startswith((own.lower(), own.lower().rstrip("/") + "?"))
    return {WEB: here if leads_there else own}


async def _reset_address(scene: Scene) -> dict[str, str]:
    """Up to version 17 the address of the service, or none where it is not published."""
    major = await scene.bc_major()
    if major is None or major >= A_JOB_FROM:
        return {}
    if ITEM_AVAILABILITY.page not in await scene.services():
        return {ODATA_URL: NONE}
    return {ODATA_URL: scene.setup.odata_url} if scene.setup.odata_url else {}


def _availability(scene: Scene) -> dict[str, str]:
    setup = scene.setup
    on = scene.words != "off" if scene.act is Act.AVAILABILITY else True
    if not on:
        return {ODATA_URL: NONE, ODATA_USER: NONE, ODATA_KEY: NONE}
    if setup.item_availability != YES:
        return {}
    wanted = {ODATA_URL: setup.odata_url} if setup.odata_url else {}
    if setup.odata_user_name:
        wanted[ODATA_USER] = setup.odata_user_name
        if scene.secret("odata_access_key"):
            wanted[ODATA_KEY] = HELD
    return wanted


async def put(scene: Scene, changes: Mapping[str, str]) -> None:
    """In one call; the row is inserted where there is none."""
    row = await _row(scene)
    columns = {
        COLUMNS[key]: "" if value == NONE else value
        for key, value in changes.items()
        if key in COLUMNS
    }
    if row is None and (await scene.bc_major() or 0) >= NAMED_FROM:
        columns[NAME] = scene.setup.bc_company
    held = scene.needed_secret("odata_access_key") if changes.get(ODATA_KEY) == HELD else None
    blank = changes.get(ODATA_KEY) == NONE
    written = NavRow(row.id if row else "", columns)
    await scene.as_whoever_may(
        lambda access: scene.ports.sales_changes.put_nav_row(access, written, held, blank_key=blank)
    )


async def look_for_row(scene: Scene) -> Values:
    """Whether there is one at all, where it is to go: disabling asks nothing else of Sales."""
    if scene.words != REMOVE:
        return {}
    return {ROW: THERE if await _row(scene) else NONE}


async def aim_at_removal(scene: Scene, _current: Values) -> Aim | None:
    """Only where it was asked for; Business Central leaves it (from version 26 on it does not)."""
    if scene.words != REMOVE:
        return None
    return Aim({ROW: NONE}, note="Its OData access key is gone with it.")


async def remove(scene: Scene, _changes: Mapping[str, str]) -> None:
    """Harmless where it is gone."""
    row = await _row(scene)
    if row is not None:
        await scene.as_whoever_may(
            lambda access: scene.ports.sales_changes.delete_nav_row(access, row.id)
        )
