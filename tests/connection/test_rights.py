"""Deny by default: nothing counts that was not given, or that Slack did not tell lately."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import cast

from hypothesis import given
from hypothesis import strategies as st

from connection.directory import FRESH_FOR, Profile, Roster, Standing
from connection.people import Admins, Circle, Grant, Person, Role
from connection.ports import Reading
from connection.rights import rights_of

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
PERSON, OTHER = Person("T1", "U1"), Person("T1", "U2")
GROUP, CHANNEL = Circle("S1"), Circle("C1")


@dataclass
class Known:
    """The part of the database that rights are read from."""

    given: Sequence[Grant]
    profiles: Sequence[Profile]
    rosters: Sequence[Roster]

    def grants(self, workspace: str) -> list[Grant]:
        return [grant for grant in self.given if grant.workspace == workspace]

    def grants_for(self, workspace: str, user: str) -> list[Grant]:
        return [
            grant
            for grant in self.grants(workspace)
            if isinstance(grant.holder, Circle) or grant.holder.user == user
        ]

    def belongs(self, workspace: str, holder: str, user: str, since: datetime) -> bool | None:
        roster = self.roster(workspace, holder, since)
        return None if roster is None else roster.usable and user in roster.members

    def profile(self, workspace: str, user: str, since: datetime) -> Profile | None:
        return next(
            (
                one
                for one in self.profiles
                if (one.workspace, one.user) == (workspace, user) and one.read_at >= since
            ),
            None,
        )

    def roster(self, workspace: str, holder: str, since: datetime) -> Roster | None:
        return next(
            (
                one
                for one in self.rosters
                if (one.workspace, one.id) == (workspace, holder) and one.read_at >= since
            ),
            None,
        )


ages = st.sampled_from([timedelta(), FRESH_FOR, FRESH_FOR + timedelta(seconds=1)])
workspaces = st.sampled_from(["T1", "T2"])
grants = st.builds(
    Grant,
    workspaces,
    st.sampled_from([PERSON, OTHER, Person("T2", "U1"), GROUP, CHANNEL]),
    st.sampled_from(Role),
    st.sampled_from(["", "c1", "c2"]),
)
profiles = st.builds(
    lambda workspace, user, standing, age: Profile(workspace, user, standing, NOW - age),
    workspaces,
    st.sampled_from(["U1", "U2"]),
    st.sampled_from(Standing),
    ages,
)
rosters = st.builds(
    lambda workspace, circle, usable, members, age: Roster(
        workspace, circle.id, "", usable, frozenset(members), NOW - age
    ),
    workspaces,
    st.sampled_from([GROUP, CHANNEL]),
    st.booleans(),
    st.sets(st.sampled_from(["U1", "U2"])),
    ages,
)
known = st.builds(
    Known,
    st.lists(grants, max_size=6),
    st.lists(profiles, max_size=3, unique_by=lambda one: (one.workspace, one.user)),
    st.lists(rosters, max_size=3, unique_by=lambda one: (one.workspace, one.id)),
)
admins = st.builds(
    Admins,
    st.frozensets(st.sampled_from([PERSON, OTHER])),
    st.frozensets(st.sampled_from(["U2"])),
)


def _counts(stored: Known, grant: Grant) -> bool:
    """Said again from the other side: which grants are this person's own in T1."""
    if grant.workspace != "T1":
        return False
    if grant.holder == PERSON:
        return True
    return any(
        roster.workspace == "T1"
        and isinstance(grant.holder, Circle)
        and roster.id == grant.holder.id
        and roster.usable
        and "U1" in roster.members
        and NOW - roster.read_at <= FRESH_FOR
        for roster in stored.rosters
    )


@given(known, admins, st.sampled_from(Role), st.sampled_from(["", "c1", "c2"]))
def test_only_a_member_with_a_covering_grant_may(
    stored: Known, named: Admins, needed: Role, connection: str
) -> None:
    rights = rights_of(cast(Reading, stored), "T1", PERSON, named, NOW)
    member = any(
        (one.workspace, one.user, one.standing) == ("T1", "U1", Standing.MEMBER)
        and NOW - one.read_at <= FRESH_FOR
        for one in stored.profiles
    )
    given_here = any(
        grant.connection_id in ("", connection)
        and (grant.role in (needed, Role.ADMIN) or needed is Role.VIEWER)
        for grant in stored.given
        if _counts(stored, grant)
    )
    assert rights.allow(needed, connection) == (member and (PERSON in named or given_here))


@given(known, admins)
def test_more_may_be_found_only_where_something_was_not_read(stored: Known, named: Admins) -> None:
    rights = rights_of(cast(Reading, stored), "T1", PERSON, named, NOW)
    fresh = {
        one.id for one in stored.rosters if one.read_at >= NOW - FRESH_FOR and one.workspace == "T1"
    }
    unread = [
        grant
        for grant in stored.given
        if grant.workspace == "T1"
        and isinstance(grant.holder, Circle)
        and grant.holder.id not in fresh
    ]
    if rights.may_grow:
        assert unread
    elif rights.standing in (None, Standing.MEMBER) and PERSON not in named:
        assert not unread
