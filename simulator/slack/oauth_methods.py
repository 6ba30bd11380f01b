"""The Web API methods that give and take away tokens.

Rules: docs.slack.dev/reference/methods/oauth.v2.access, auth.revoke and apps.uninstall; the events
tokens_revoked and app_uninstalled.
"""

from simulator.slack.arguments import Arguments
from simulator.slack.grants import LIFE_SECONDS, Grant
from simulator.slack.naming import Json
from simulator.slack.oauth import Code
from simulator.slack.refusals import Refusal
from simulator.slack.state import App, State


def access(state: State, arguments: Arguments) -> Json:
    """A code or a refresh token, and the client's secret in the body or as HTTP Basic."""
    app = state.app
    _refuse_strange_client(state, arguments)
    kind = arguments.text("grant_type") or "authorization_code"
    if kind == "refresh_token":
        return granted(app, app.grants.rotate(arguments.text("refresh_token") or ""))
    if kind != "authorization_code":
        raise Refusal("invalid_grant_type")
    redirect_uri = arguments.text("redirect_uri") or ""
    code = app.codes.spend(arguments.text("code") or "", redirect_uri)
    grant = app.grants.issue(
        _places(app, code),
        code.wish.scopes,
        enterprise=code.enterprise,
        rotates=app.manifest.token_rotation,
    )
    return {**granted(app, grant), "authed_user": {"id": code.person_id}}


def _refuse_strange_client(state: State, arguments: Arguments) -> None:
    identity = state.workspace.identity
    client_id, secret = arguments.text("client_id"), arguments.text("client_secret")
    if arguments.basic is not None:
        client_id, secret = arguments.basic
    if client_id != identity.client_id:
        raise Refusal("invalid_client_id")
    if secret != identity.client_secret:
        raise Refusal("bad_client_secret")


def _places(app: App, code: Code) -> tuple[str, ...]:
    if not code.enterprise:
        return (code.place,)
    enterprise = app.states[code.place].workspace.identity.enterprise_id
    return tuple(
        name
        for name, state in app.states.items()
        if state.workspace.identity.enterprise_id == enterprise
    )


def granted(app: App, grant: Grant) -> Json:
    """A grant as `oauth.v2.access` answers it; that of an organisation names no team."""
    identity = app.states[grant.places[0]].workspace.identity
    enterprise = {"id": identity.enterprise_id, "name": identity.enterprise_name}
    body: Json = {
        "access_token": grant.token,
        "token_type": "bot",
        "scope": grant.provided,
        "bot_user_id": identity.bot_user_id,
        "app_id": identity.app_id,
        "team": None if grant.enterprise else {"id": identity.team_id, "name": identity.team_name},
        "enterprise": enterprise if identity.enterprise_id else None,
        "is_enterprise_install": grant.enterprise,
    }
    if grant.expires is not None:
        body |= {"expires_in": LIFE_SECONDS, "refresh_token": grant.refresh_token}
    return body


def revoke(state: State, arguments: Arguments) -> Json:
    """The last token of a workspace takes the app with it."""
    if not arguments.flag("test"):
        remove_app(state)
    return {"revoked": not arguments.flag("test")}


def uninstall(state: State, arguments: Arguments) -> Json:
    _refuse_strange_client(state, arguments)
    remove_app(state)
    return {}


def remove_app(state: State) -> None:
    """Out of the workspace, or of every workspace of the organisation that let it in."""
    app = state.app
    gone = app.grants.revoke(state.name)
    places = {place: each for each in gone for place in each.places}
    for name, grant in places.items():
        left = app.states[name]
        bot = left.workspace.identity.bot_user_id
        app.announce(left, {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [bot]}}, grant)
        app.announce(left, {"type": "app_uninstalled"}, grant)
