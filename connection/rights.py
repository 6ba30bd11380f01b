"""What somebody may do: deny by default, and by nothing that was not read from Slack lately."""

from dataclasses import dataclass
from datetime import datetime

from connection.directory import FRESH_FOR, Standing
from connection.people import Admins, Circle, Grant, Person, Role, covered
from connection.ports import Reading


@dataclass(frozen=True, slots=True)
class Rights:
    """Of one person in one workspace.

    `standing` is None where it has to be read from Slack first. `sure` are the grants that count,
    `unsure` those to groups and channels whose members have to be read first.
    """

    standing: Standing | None
    named: bool
    sure: tuple[Grant, ...]
    unsure: tuple[Grant, ...]

    @property
    def roles(self) -> frozenset[Role]:
        """Held on any connection."""
        if self.standing is not Standing.MEMBER:
            return frozenset()
        named = {Role.ADMIN} if self.named else set()
        return frozenset(named | {grant.role for grant in self.sure})

    def allow(self, needed: Role, connection_id: str) -> bool:
        """True only for a member who is named, or holds a grant that covers `needed` here."""
        return self.standing is Standing.MEMBER and self.given(needed, connection_id)

    def given(self, needed: Role, connection_id: str, *, anywhere: bool = False) -> bool:
        """Whether the role was given to the person, whatever they are in Slack."""
        if self.named:
            return True
        places = {connection_id}
        if anywhere:
            places.update(grant.connection_id for grant in self.sure)
        return any(covered(self.sure, needed, place) for place in places)

    @property
    def may_grow(self) -> bool:
        """Reading groups and channels from Slack may show more rights than these."""
        if self.standing not in (None, Standing.MEMBER) or self.named:
            return False
        return bool(self.unsure)


def rights_of(
    reading: Reading, workspace: str, person: Person, admins: Admins, now: datetime
) -> Rights:
    """Sync, from what is stored; see `connection.knowing` for reading what is missing."""
    since = now - FRESH_FOR
    profile = reading.profile(workspace, person.user, since)
    sure: list[Grant] = []
    unsure: list[Grant] = []
    belongs: dict[str, bool | None] = {}
    for grant in reading.grants_for(workspace, person.user):
        if not isinstance(grant.holder, Circle):
            if grant.holder == person:
                sure.append(grant)
            continue
        circle = grant.holder.id
        if circle not in belongs:
            belongs[circle] = reading.belongs(workspace, circle, person.user, since)
        if belongs[circle] is None:
            unsure.append(grant)
        elif belongs[circle]:
            sure.append(grant)
    standing = profile.standing if profile else None
    return Rights(standing, person in admins, tuple(sure), tuple(unsure))
