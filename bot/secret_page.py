"""The pages behind a one-time link: plain HTML, no script, nothing from elsewhere."""

import base64
import hashlib
from html import escape

from starlette.responses import HTMLResponse

from connection.handing_over import Offered
from connection.handover import Handover
from connection.secret_rules import LONGEST, LONGEST_CERTIFICATE
from connection.setup_fields import SecretKind

STYLE = """
:root { color-scheme: light dark; --ink: #1b1f24; --quiet: #57606a; --line: #d0d7de;
  --paper: #ffffff; --ground: #f3f6f8; --act: #0b556a; --act-ink: #ffffff; --wrong: #b42318; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --quiet: #9aa5b1; --line: #3a434d;
  --paper: #161b22; --ground: #0d1117; --act: #58b7d0; --act-ink: #06222b; --wrong: #ff8a7a; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink);
  font: 16px/1.5 system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif; }
main { max-width: 36rem; margin: 8vh auto; padding: 2rem; background: var(--paper);
  border: 1px solid var(--line); border-radius: 12px; }
h1 { margin: 0 0 .5rem; font-size: 1.35rem; line-height: 1.3; }
p { margin: .75rem 0; }
dl { margin: 1rem 0; display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; }
dt { color: var(--quiet); } dd { margin: 0; overflow-wrap: anywhere; }
label { display: block; margin: 1.25rem 0 .25rem; font-weight: 600; }
.hint { margin: .25rem 0 0; color: var(--quiet); font-size: .9rem; }
.wrong { border-left: 4px solid var(--wrong); padding-left: .75rem; color: var(--wrong); }
input, textarea { width: 100%; padding: .6rem .7rem; font: inherit; color: inherit;
  background: var(--paper); border: 1px solid var(--quiet); border-radius: 8px; }
textarea { font-family: ui-monospace, Consolas, monospace; font-size: .85rem; }
input[type=date] { max-width: 14rem; }
input:focus, textarea:focus, button:focus { outline: 3px solid var(--act); outline-offset: 2px; }
button { margin-top: 1.5rem; padding: .65rem 1.4rem; font: inherit; font-weight: 600; border: 0;
  border-radius: 8px; background: var(--act); color: var(--act-ink); cursor: pointer; }
code { font-size: 1.15rem; letter-spacing: .08em; padding: .1rem .4rem; border: 1px solid
  var(--line); border-radius: 6px; }
@media (max-width: 30rem) { main { margin: 0; border: 0; border-radius: 0; padding: 1.25rem; }
  dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .5rem; } }
"""
_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
HEADERS = {
    "Cache-Control": "no-store, max-age=0",
    "Pragma": "no-cache",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def form_page(offered: Offered, form_key: str, wrong: str = "", expires: str = "") -> HTMLResponse:
    """The form, with what was wrong with what was sent, and the end that was typed; a secret is
    never put into a page."""
    about, origin = offered.about, offered.handover.origin
    told = f'<p class="wrong" role="alert">{escape(wrong)}</p>' if wrong else ""
    rows = [("Connection", offered.connection), ("Used at", origin.host), ("As", origin.login)]
    if origin.tenant:
        rows.insert(2, ("Tenant", origin.tenant))
    facts = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in rows)
    body = (
        f"<p>{escape(about.help)}</p>{told}<dl>{facts}</dl>"
        f'<form method="post" autocomplete="off">'
        f'<input type="hidden" name="form_key" value="{form_key}">'
        f'<label for="value">{escape(about.label)}</label>{_input(about.secret)}'
        f"{_expiry(about.secret, expires)}"
        '<button type="submit">Give it to the bot</button></form>'
        '<p class="hint">It is used only after you have confirmed it in Slack. This page works '
        f"once, until {offered.handover.ends_at:%H:%M} UTC.</p>"
    )
    return _page(about.label, body, 422 if wrong else 200)


def _input(kind: SecretKind | None) -> str:
    if kind is SecretKind.CERTIFICATE:
        return (
            f'<textarea id="value" name="value" rows="10" maxlength="{LONGEST_CERTIFICATE}" '
            'required spellcheck="false" autocapitalize="off"></textarea>'
        )
    return (
        f'<input id="value" name="value" type="password" maxlength="{LONGEST}" required autofocus '
        'autocomplete="new-password" spellcheck="false">'
    )


def _expiry(kind: SecretKind | None, typed: str) -> str:
    if kind is SecretKind.CERTIFICATE:
        return ""
    return (
        '<label for="expires">It ends on (optional)</label>'
        f'<input id="expires" name="expires" type="date" value="{escape(typed[:10])}">'
        '<p class="hint">Then the bot warns in time.</p>'
    )


def given_page(handover: Handover, connection: str) -> HTMLResponse:
    """What was given waits; the ending of its fingerprint is to be compared in Slack."""
    body = (
        "<p>One step is left: go back to Slack, compare the fingerprint, and press "
        "<strong>Confirm</strong>.</p>"
        f"<p>The fingerprint ends <code>{escape(handover.fingerprint_end)}</code></p>"
        '<p class="hint">No message in Slack? Type '
        f"/d365 secret {escape(connection)} confirm there. You can close this page.</p>"
    )
    return _page("It was given, and waits for your word in Slack", body, 200)


def refusal_page(title: str, hint: str, status: int) -> HTMLResponse:
    """Why nothing can be given here."""
    return _page(title, f"<p>{escape(hint)}</p>" if hint else "", status)


def _page(title: str, body: str, status: int) -> HTMLResponse:
    text = (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>"
        f"<body><main><h1>{escape(title)}</h1>{body}</main></body></html>"
    )
    return HTMLResponse(text, status, HEADERS)
