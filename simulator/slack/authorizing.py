"""`/oauth/v2/authorize`: the page where a person lets the app into a workspace.

Rules: docs.slack.dev/authentication/installing-with-oauth. How the page words an error is inferred.
"""

from collections.abc import Mapping
from html import escape
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from simulator.slack.naming import Json
from simulator.slack.oauth import BadInstallation, Wish, wish_in
from simulator.slack.people import Person
from simulator.slack.refusals import Mistake
from simulator.slack.state import App, State

PATH = "/oauth/v2/authorize"
PAGE = """<!DOCTYPE html><html lang="en"><head><title>{title}</title></head><body><h1>{title}</h1>
{body}</body></html>"""
FORM = """<p>The app asks for: {scopes}</p><form method="post">
<label>Workspace <select name="team">{teams}</select></label>
<label>Person <input name="person"></label>
<label><input type="checkbox" name="enterprise" value="true">The whole organisation</label>
<button name="allow" value="true">Allow</button><button name="allow" value="false">Cancel</button>
</form>"""


class Authorizing:
    def __init__(self, app: App) -> None:
        self._app = app

    async def page(self, request: Request) -> Response:
        try:
            wish = self._wish(dict(request.query_params))
            if request.method == "POST":
                form = dict(parse_qsl((await request.body()).decode(errors="replace")))
                form.setdefault("team", request.query_params.get("team", ""))
                return RedirectResponse(self._decided(wish, form), 302)
        except (BadInstallation, Mistake) as no:
            body = f"<p>{escape(str(no))}</p>"
            return HTMLResponse(PAGE.format(title="Something went wrong", body=body), 400)
        except NotImplementedError as no:
            return PlainTextResponse(f"{no}\n", 501)
        return HTMLResponse(PAGE.format(title="Permission", body=self._form(wish, request)))

    def _wish(self, asked: Mapping[str, str]) -> Wish:
        client_id = self._app.first.workspace.identity.client_id
        return wish_in(asked, client_id, self._app.manifest)

    def _form(self, wish: Wish, request: Request) -> str:
        preset = request.query_params.get("team")
        teams = "".join(
            f"<option value={name!r}{' selected' if preset in (name, _id(state)) else ''}>{name}"
            "</option>"
            for name, state in self._app.states.items()
        )
        return FORM.format(scopes=escape(", ".join(wish.scopes)), teams=teams)

    async def install(self, asked: Mapping[str, object]) -> Json:
        """The same without a browser: `url`, `person`, `team`, `enterprise`, `allow`."""
        try:
            query = dict(parse_qsl(urlsplit(str(asked.get("url", ""))).query))
        except ValueError as error:
            raise Mistake(f"url cannot be read: {error}") from error
        choice = {key: str(value) for key, value in asked.items() if key != "url"}
        choice.setdefault("allow", "true")
        choice.setdefault("team", query.get("team", ""))
        try:
            wish = self._wish(query)
        except (BadInstallation, NotImplementedError) as no:
            raise Mistake(str(no)) from no
        return {"redirect": self._decided(wish, choice)}

    def _decided(self, wish: Wish, choice: Mapping[str, str]) -> str:
        """Where the browser is sent."""
        state = self._app.state_of(choice.get("team", ""))
        person = state.workspace.actor(choice.get("person"))
        enterprise = choice.get("enterprise", "").lower() == "true"
        self._refuse(state, person, enterprise)
        if choice.get("allow", "").lower() != "true":
            answer = {"error": "access_denied"}
        else:
            code = self._app.codes.issue(wish, state.name, person.id, enterprise=enterprise)
            answer = {"code": code}
        joint = "&" if urlsplit(wish.redirect_uri).query else "?"
        return f"{wish.redirect_uri}{joint}{urlencode({**answer, 'state': wish.state})}"

    def _refuse(self, state: State, person: Person, enterprise: bool) -> None:
        if person.guest or person.external or person.bot:
            raise Mistake(f"{person.name} may not install apps")
        if enterprise and state.workspace.identity.enterprise_id is None:
            raise Mistake(f"{state.name} belongs to no organisation")
        if enterprise and not self._app.manifest.org_deploy:
            raise Mistake("the app's manifest does not allow it in a whole organisation")


def _id(state: State) -> str:
    return state.workspace.identity.team_id
