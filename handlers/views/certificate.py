"""A certificate that the bot made: its public half, and the steps to bring it to Entra."""

from connection.secret_pictures import CertificatePicture
from handlers.views.blocks import (
    Attached,
    Message,
    actions,
    button,
    context,
    escape,
    header,
    plain,
    section,
)
from handlers.views.links import Links
from handlers.views.words import slack_day


def certificate_message(picture: CertificatePicture) -> Message:
    """For the one who asked; the file comes with it."""
    name, about = picture.connection.name, picture.about
    title = f"Certificate for {name}"
    file = f"d365bot-{name}-{picture.certificate.expires_at:%Y-%m-%d}.pem"
    app = Links(picture.setup).within(
        "In the Microsoft Entra admin center open App registrations, All applications, the app "
        f"with client ID `{escape(picture.client_id)}`."
    )
    steps = [
        f"1. {app}",
        f"2. Certificates & secrets, Certificates, Upload certificate: choose *{file}*.",
        f"3. Compare the thumbprint: `{picture.certificate.sha1}`.",
        _last_step(picture),
    ]
    kept = (
        f"Valid until {slack_day(picture.certificate.expires_at)}. The private key stays sealed "
        "with the bot. Renew it before; both are valid until you take the old one out of Entra. "
        f"Again: `/d365 secret {name} {about.name} show`, or `d365bot certificate show {name} "
        f"--field {about.name}`."
    )
    blocks = [header(title), section("\n".join(steps)), context(kept)]
    if picture.waiting:
        blocks.append(
            actions(
                button("Use it", "secret_use", picture.waiting.id, primary=True),
                button("Discard", "secret_discard", picture.waiting.id),
            )
        )
    else:
        blocks.append(actions(button("Test", "test", picture.connection.id)))
    return Message(
        plain([title, *steps]),
        tuple(blocks),
        Attached(file, f"Certificate of the app for {name}", picture.certificate.pem),
    )


def _last_step(picture: CertificatePicture) -> str:
    name = picture.connection.name
    if picture.waiting:
        return (
            "4. Press *Use it*: the bot signs in with the new one, and only if that works leaves "
            f"the old one. Or type `/d365 secret {name} use`."
        )
    return f"4. `/d365 test {name}`."
