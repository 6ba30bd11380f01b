"""The connection service: one method for everything that can be done with a connection.

Commands, buttons, forms and the command line call these and nothing else of the core.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime

from connection import (
    administrators,
    deciding_access,
    encrypting,
    granting,
    handing_over,
    handover_ends,
    keeping_secrets,
    making_certificates,
    past_tests,
    secret_acts,
    setting_up,
    showing,
    sign_in_ends,
    testing,
    typing_secrets,
)
from connection.accepting import accept, settle
from connection.admitting import admit, remembering
from connection.asks import About, Answer, Ask, What
from connection.audit import AuditTag
from connection.changes.service import ChangesService
from connection.connection import Connection
from connection.entry import Terms
from connection.handing_over import Offered
from connection.handover import Handover
from connection.home import open_home
from connection.identities import SecretOrigin
from connection.keeping_secrets import ref_for, secret_field
from connection.knowing import know_again
from connection.making_certificates import Made
from connection.naming import the_connection
from connection.people import Person
from connection.pictures import FormPicture, form_picture
from connection.ports import Ports, Transaction
from connection.report import Report
from connection.saving import Saved
from connection.secrets import SecretFacts
from connection.setting_up import Confirmed, Questions
from connection.sync.showing import show_sync
from connection.typing_secrets import SecretInputs
from connection.users.checking import users


class ConnectionService(ChangesService):
    """Use cases over the ports. Methods that take an `Ask` are carried out by a job."""

    def __init__(self, ports: Ports) -> None:
        super().__init__(ports)
        self._users_turn = asyncio.Semaphore(1)

    async def accept(self, ask: Ask, terms: Terms, about: About = About.NAME) -> Ask | None:
        """See `connection.accepting.accept`."""
        return await accept(self.ports, ask, terms, about)

    async def settle(self, ask: Ask, terms: Terms, patience: float) -> Ask:
        """See `connection.accepting.settle`."""
        return await settle(self.ports, ask, terms, patience)

    async def admit(self, workspace: str, person: Person) -> None:
        """See `connection.admitting.admit`."""
        await admit(self.ports, workspace, person)

    async def open_home(self, workspace: str, person: Person) -> None:
        """See `connection.home.open_home`."""
        await open_home(self.ports, workspace, person)

    async def directory_changed(self, names: Sequence[str], *, members: bool) -> None:
        """Slack says that these people, groups or channels (ids) changed, or only who is in
        them."""
        now = self.ports.clock.now()

        def work(tx: Transaction) -> None:
            for name in names:
                tx.directory_changed(name, now, members=members)

        await self.ports.ledger.run(work)
        self.ports.messenger.nudge()

    async def know_again(self) -> None:
        """See `connection.knowing.know_again`."""
        await know_again(self.ports)

    async def submit_form(
        self,
        draft_id: str,
        person: Person,
        typed: Mapping[str, str],
        answers: Confirmed | None = None,
    ) -> Questions | Saved:
        """See `connection.setting_up.submit`."""
        act = setting_up.submit(self.ports, draft_id, person, typed, answers)
        return await remembering(self.ports, draft_id, person, act)

    async def set_secret(
        self,
        workspace: str,
        name: str,
        field: str,
        value: str,
        person: Person,
        expires_at: datetime | None = None,
    ) -> SecretFacts:
        """See `connection.keeping_secrets.set_secret`."""
        return await keeping_secrets.set_secret(
            self.ports, workspace, name, field, value, person, expires_at
        )

    async def place_of(self, workspace: str, name: str, field: str) -> SecretOrigin:
        """What a secret would be sealed to. Raises `Mistake` and `UnknownConnection`."""
        about, connection = secret_field(field), await self._named(workspace, name)
        return await self.ports.ledger.read(
            lambda reading: ref_for(connection, reading.setup(connection.id).setup, about).origin
        )

    async def link_refused(self, handover: Handover) -> None:
        """See `connection.handing_over.link_refused`."""
        await handing_over.link_refused(self.ports, handover)

    async def keep_typed(self, draft_id: str, person: Person, typed: Mapping[str, str]) -> None:
        """See `connection.setting_up.keep_typed`."""
        act = setting_up.keep_typed(self.ports, draft_id, person, typed)
        await remembering(self.ports, draft_id, person, act)

    async def type_secrets(self, draft_id: str, person: Person, typed: Mapping[str, str]) -> None:
        """See `connection.typing_secrets.type_secrets`."""
        act = typing_secrets.type_secrets(self.ports, draft_id, person, typed)
        await remembering(self.ports, draft_id, person, act)

    async def secret_inputs(self, draft_id: str) -> SecretInputs | None:
        """See `connection.typing_secrets.secret_inputs`."""
        return await typing_secrets.secret_inputs(self.ports, draft_id)

    async def offered(self, token: str) -> Offered:
        """See `connection.handing_over.offered`."""
        return await handing_over.offered(self.ports, token)

    def form_key(self, token: str) -> str:
        """See `connection.ports.Links.form_key`."""
        return self.ports.links.form_key(token)

    async def give(self, token: str, value: str, expires_at: datetime | None) -> Handover:
        """See `connection.handing_over.give`."""
        return await handing_over.give(self.ports, token, value, expires_at)

    async def make_certificate(
        self, workspace: str, name: str, field: str, days: int, person: Person
    ) -> Made:
        """See `connection.making_certificates.make`."""
        connection = await self._named(workspace, name)
        about = secret_field(field)
        return await making_certificates.make(self.ports, connection, about, days, person)

    async def certificate(self, workspace: str, name: str, field: str) -> SecretFacts:
        """See `connection.making_certificates.newest`."""
        connection, about = await self._named(workspace, name), secret_field(field)
        return await self.ports.ledger.read(
            lambda reading: making_certificates.newest(reading, connection, about)
        )

    async def turn_encryption_on(self, workspace: str, person: Person) -> int | None:
        """See `connection.encrypting.turn_on`."""
        return await encrypting.turn_on(self.ports, workspace, person)

    async def end_overdue(self) -> None:
        """What waits for somebody, each in its module, and whose time is over."""
        await handover_ends.end_overdue(self.ports)
        await deciding_access.end_overdue(self.ports)
        await self.end_overdue_requests()

    async def end_overdue_sign_ins(self) -> None:
        """See `connection.sign_in_ends.end_overdue`."""
        await sign_in_ends.end_overdue(self.ports)

    async def cut_sign_ins_off(self) -> None:
        """See `connection.sign_in_ends.cut_off`."""
        await sign_in_ends.cut_off(self.ports)

    async def _named(self, workspace: str, name: str) -> Connection:
        return await self.ports.ledger.read(
            lambda reading: the_connection(reading, workspace, name)
        )

    async def form(self, draft_id: str) -> FormPicture | None:
        """What the setup form of a draft is drawn from."""
        return await self.ports.ledger.read(lambda reading: form_picture(reading, draft_id))

    async def form_opened(self, ask: Ask) -> None:
        """The form is open: the ask is answered."""
        now = self.ports.clock.now()
        await self.ports.ledger.run(lambda tx: tx.finish(ask.id, now))

    async def form_not_opened(self, ask: Ask) -> None:
        """The form could not be opened in time: the ask becomes a job, which offers it."""
        await self.ports.ledger.run(lambda tx: tx.release(ask.id))

    async def turn_down(self, ask: Ask, answer: Answer) -> None:
        """Answer an ask that was never accepted, such as one from a button of another version."""
        now = self.ports.clock.now()

        def work(tx: Transaction) -> None:
            if tx.accept(ask):
                showing.reply(tx, ask, answer, now)

        await self.ports.ledger.run(work)
        self.ports.messenger.nudge()

    async def refuse_secret(self, workspace: str, person: Person, where: str) -> None:
        """Remember that a secret was pasted into `where`, and nothing of the secret."""
        now = self.ports.clock.now()
        await self.ports.ledger.run(
            lambda tx: tx.record(
                at=now,
                workspace=workspace,
                actor=person,
                tag=AuditTag.SECRET_REFUSED,
                details={"where": where},
            )
        )

    async def limited(self, workspace: str, person: Person, what: str) -> None:
        """Remember that somebody floods the bot with `what`."""
        now = self.ports.clock.now()
        await self.ports.ledger.run(
            lambda tx: tx.record(
                at=now,
                workspace=workspace,
                actor=person,
                tag=AuditTag.COMMAND_LIMITED,
                details={"with": what},
            )
        )

    async def offer_form(self, ask: Ask) -> None:
        """Offer the setup form by a button."""
        await showing.offer_form(self.ports, ask)

    async def test(self, ask: Ask) -> None:
        """Test a connection, or show what its last test found."""
        await (past_tests.look_back if ask.rest else testing.test)(self.ports, ask)

    async def test_alone(self, report_id: str, workspace: str, name: str, person: Person) -> Report:
        """See `connection.testing.test_alone`."""
        return await testing.test_alone(self.ports, report_id, workspace, name, person)

    async def show_history(self, ask: Ask) -> None:
        """Show the last tests, and what changed since it last worked, to the channel."""
        await past_tests.show_history(self.ports, ask)

    async def users(self, ask: Ask) -> None:
        """Show who of Business Central is who in Sales."""
        await users(self.ports, self._users_turn, ask)

    async def show_sync(self, ask: Ask) -> None:
        """Show the synchronisation beside its defaults to the one who asks."""
        await show_sync(self.ports, ask)

    async def show_status(self, ask: Ask) -> None:
        """Show the state of a connection to the channel."""
        await showing.show_status(self.ports, ask)

    async def show_list(self, ask: Ask) -> None:
        """Show every connection to the one who asks."""
        await showing.show_to_person(self.ports, ask, What.LIST)

    async def show_audit(self, ask: Ask) -> None:
        """Show the newest acts to the one who asks."""
        await showing.show_to_person(self.ports, ask, What.AUDIT)

    async def show_help(self, ask: Ask) -> None:
        """Show the commands to the one who asks."""
        await showing.show_to_person(self.ports, ask, What.HELP)

    async def change_access(self, ask: Ask) -> None:
        """Show, give or take roles."""
        await granting.change_access(self.ports, ask)

    async def secret(self, ask: Ask) -> None:
        """Show, ask for, or decide about a connection's secrets."""
        await secret_acts.secret(self.ports, ask)

    async def encryption(self, ask: Ask) -> None:
        """Show the bot's own encryption, or turn it on."""
        await encrypting.encryption(self.ports, ask)

    async def sign_in(self, ask: Ask) -> None:
        """Sign an administrator in with a device code, or end that."""
        await administrators.sign_in(self.ports, ask)
