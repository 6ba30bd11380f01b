"""An administrator's sign-in, for that person alone."""

from slack_sdk.models.blocks import Block

from connection.secret_pictures import SignInPicture
from connection.signing_in import SignInState
from handlers.views.blocks import (
    Message,
    actions,
    button,
    context,
    escape,
    paragraphs,
    plain,
    section,
)
from handlers.views.words import slack_time


def sign_in_message(picture: SignInPicture) -> Message:
    """As of one state."""
    return _MESSAGES.get(picture.state, _over)(picture)


def _waiting(picture: SignInPicture) -> Message:
    code, one = picture.code, picture.sign_in
    if code is None:
        text = f"The code for {picture.connection} is over. Begin again with `/d365 sign-in`."
        return Message(plain([text]), (section(text),))
    text = (
        f"To sign in for *{picture.connection}*, open <{code.address}> and enter the code "
        f"*{escape(code.code)}*. Enter it only if you began this yourself."
    )
    return Message(
        plain([f"Open {code.address} and enter the code {escape(code.code)}."]),
        (
            section(text),
            actions(button("Cancel", "sign_in_cancel", one.id)),
            context(
                f"Until {slack_time(code.ends_at)}. The sign-in is kept in memory only, for you "
                f"and this connection. Or type `/d365 sign-in {picture.connection} cancel`."
            ),
        ),
    )


def _asked(picture: SignInPicture) -> Message:
    one = picture.sign_in
    text = (
        f"You signed in as *{escape(one.account)}*, and the integration user is "
        f"*{escape(picture.integration_user)}*: they appear to be from different domains. Are you "
        "sure that the account is right?"
    )
    return Message(
        plain([text]),
        (
            section(text),
            actions(
                button("Yes, it is right", "sign_in_yes", one.id),
                button("No, forget it", "sign_in_no", one.id),
            ),
            context(f"Or type `/d365 sign-in {picture.connection} yes|no`."),
        ),
    )


def _signed_in(picture: SignInPicture) -> Message:
    one = picture.sign_in
    text = (
        f"Signed in for *{picture.connection}* as *{escape(one.account)}*, until "
        f"{slack_time(one.ends_at)}. {escape(one.detail)}"
    )
    return Message(
        plain([text]),
        (
            *paragraphs(text),
            actions(button("Sign out", "sign_in_out", one.id)),
            context(
                "The token is in the bot's memory only; a restart forgets it. Or type "
                f"`/d365 sign-in {picture.connection} out`."
            ),
        ),
    )


def _failed(picture: SignInPicture) -> Message:
    text = f"The sign-in for *{picture.connection}* did not work: {escape(picture.sign_in.detail)}"
    return Message(plain([text]), (*paragraphs(text), _again(picture)))


def _cut_off(picture: SignInPicture) -> Message:
    text = (
        f"The bot was restarted while you signed in for *{picture.connection}*. The code is worth "
        "nothing any more."
    )
    return Message(plain([text]), (*paragraphs(text), _again(picture)))


def _over(picture: SignInPicture) -> Message:
    text = f"The sign-in for *{picture.connection}* is over: {picture.state.value}."
    return Message(plain([text]), (section(text),))


def _again(picture: SignInPicture) -> Block:
    return actions(button("Begin again", "sign_in", picture.sign_in.connection_id))


_MESSAGES = {
    SignInState.WAITING: _waiting,
    SignInState.ASKED: _asked,
    SignInState.SIGNED_IN: _signed_in,
    SignInState.FAILED: _failed,
    SignInState.CUT_OFF: _cut_off,
}
