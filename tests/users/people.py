"""Made-up users of both sides, and populations of them."""

from itertools import count

from hypothesis import strategies as st

from connection.remote import BcUser, SalesUser

_numbers = count(1)


def a_bc_user(email: str = "", name: str = "", **other: object) -> BcUser:
    """Enabled, with a full licence."""
    user = BcUser(name, "", enabled=True, licence="Full User", email=email)
    return user._replace(**other)  # type: ignore[arg-type]


def a_sales_user(email: str = "", domain_name: str = "", **other: object) -> SalesUser:
    """Enabled and licensed, a person; its id is new."""
    user = SalesUser(
        f"sales-{next(_numbers)}",
        "",
        email,
        domain_name,
        disabled=False,
        licensed=True,
        access_mode=0,
        application_id="",
    )
    return user._replace(**other)  # type: ignore[arg-type]


TEXTS = st.one_of(
    st.sampled_from(
        [
            "",
            " ",
            "ada@x",
            "ADA@x",
            " ada@x",
            "ada@x  ",
            "Ada@X ",
            "bob@x",
            "D\\bob",
            "d\\BOB",
            "zoë@x",
            "ZOË@X",
            "zoe\u0308@x",
            "zoe@x",
            "groß@x",
            "GROSS@X",
            "\u212aim@x",
            "kim@x",
            "ΣΊΣΥΦΟΣ@x",
            "σίσυφος@x",
        ]
    ),
    st.text("aA ßIiİı\u0307éE\u0301", max_size=4),
)
BC_USERS = st.builds(
    a_bc_user,
    TEXTS,
    TEXTS,
    enabled=st.booleans(),
    licence=st.sampled_from(["Full User", "", "Application", "AAD Group", "External User"]),
)
SALES_USERS = st.builds(
    a_sales_user,
    TEXTS,
    TEXTS,
    disabled=st.booleans(),
    licensed=st.booleans(),
    access_mode=st.integers(0, 5),
    application_id=st.sampled_from(["", "", "app"]),
)
