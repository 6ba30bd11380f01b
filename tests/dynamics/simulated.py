"""The whole room against the simulated world, through its proxy."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from connection.identities import Access, Identity, SecretOrigin, SecretRef, origin_of
from dynamics.gateway import Dynamics, DynamicsSettings
from tests.simulator.conftest import Visitor

INTEGRATION = "integration@adventure-example.onmicrosoft.com"
WITHOUT_SECRET = ("workload_identity", "managed_identity")


@asynccontextmanager
async def dynamics(
    visitor: Visitor,
    secret: str = "",
    *,
    allowed: tuple[str, ...] = (),
    assertion_file: Path | None = None,
    identity_endpoint: str = "",
    solution_dir: Path | None = None,
    held: Mapping[str, str] = MappingProxyType({}),
) -> AsyncIterator[Dynamics]:
    """Whatever secret is asked for is `secret`, but for those that are `held` by their ids."""
    settings = DynamicsSettings(
        allowed_hosts=allowed,
        ca_file=Path(visitor.ready["ca_file"]),
        proxy=visitor.ready["proxy"],
        assertion_file=assertion_file,
        identity_endpoint=identity_endpoint,
        solution_dir=solution_dir,
    )

    async def open_secret(ref: SecretRef, _: SecretOrigin) -> str:
        return held.get(ref.id, secret)

    room = Dynamics(settings, open_secret)
    try:
        yield room
    finally:
        await room.aclose()


def access_to(visitor: Visitor, credential: str, **changes: str) -> Access:
    """The bot's to the simulated Sales, or with `user_name` a user's through the public app."""
    ready = visitor.ready
    as_user = "user_name" in changes
    access = Access(
        identity=Identity.INTEGRATION if as_user else Identity.BOT,
        sales_url=ready["sales_url"],
        tenant=ready["tenant"],
        client_id=ready["apps"]["admin" if as_user else "bot"]["client_id"],
        credential=credential,
        secret=None,
        bc_environment=ready["bc"]["environment"],
        bc_company=ready["bc"]["company"],
    )
    return sealed(replace(access, **changes))  # type: ignore[arg-type]


def on_premises(visitor: Visitor, **changes: str) -> Access:
    """The Business Central user's, with the access key."""
    bc = visitor.ready["bc"]
    access = Access(
        identity=Identity.BUSINESS_CENTRAL,
        sales_url="",
        tenant="",
        client_id="",
        credential="access_key",
        secret=None,
        bc_company=bc["company"],
        user_name=bc["on_premises_user"],
        bc_url=bc["on_premises_url"],
    )
    return sealed(replace(access, **changes))  # type: ignore[arg-type]


def sealed(access: Access) -> Access:
    """With a secret that was given for where it leads, if it takes one."""
    if access.credential in WITHOUT_SECRET:
        return access
    return replace(access, secret=SecretRef("s1", "T1", "c1", "a_field", origin_of(access)))
