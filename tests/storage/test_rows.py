"""What is put in comes out, and each table keeps its own rule."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from connection.asks import Answer, Audience, Closed, Tone, What
from connection.audit import AuditTag
from connection.connection import Health, Observed, Run, Wanted
from connection.errors import Mistake
from connection.identities import Identity
from connection.people import Grant, Person, Role
from connection.ports import Transaction
from connection.report import CheckResult, Outcome, Report
from connection.revisions import Draft
from storage.database import Database
from tests.storage.samples import ANNA, BERT, NOW, a_connection, a_setup, a_showing, an_ask, record

LATER = NOW + timedelta(minutes=1)


def a_report(number: int = 1, *, finished: bool = True) -> Report:
    """Of the connection contoso."""
    result = CheckResult("dns", "Name", Identity.BOT, Outcome.PASS, "Found.", "", 12, "c", "r")
    return Report(
        id=f"report-{number}",
        workspace="T1",
        connection_id="T1-contoso",
        name="contoso",
        revision=1,
        asked_by=ANNA,
        started_at=NOW,
        finished_at=NOW + timedelta(seconds=number) if finished else None,
        results=(result,),
    )


async def test_an_ask_is_accepted_once_by_its_key(database: Database) -> None:
    first, again = an_ask(1), an_ask(2, dedupe_key="trigger-1")
    assert await database.ledger.run(lambda tx: (tx.accept(first), tx.accept(again))) == (
        True,
        False,
    )
    assert await database.ledger.read(lambda r: (r.ask("ask-1"), r.ask("ask-2"))) == (first, None)


async def test_another_workspace_may_use_the_same_key(database: Database) -> None:
    other = replace(an_ask(2), workspace="T2", dedupe_key="trigger-1")
    assert await database.ledger.run(lambda tx: (tx.accept(an_ask(1)), tx.accept(other))) == (
        True,
        True,
    )


async def test_open_asks_are_the_oldest_first_without_held_and_finished(
    database: Database,
) -> None:
    def work(tx: Transaction) -> None:
        for number in (3, 1, 2, 4):
            tx.accept(an_ask(number), held=number == 4)
        tx.finish("ask-1", NOW)

    await database.ledger.run(work)
    found = await database.ledger.read(lambda r: r.open_asks())
    assert [ask.id for ask in found] == ["ask-2", "ask-3"]


async def test_a_held_ask_is_open_and_waits_for_its_release(database: Database) -> None:
    def work(tx: Transaction) -> list[list[str]]:
        for number in (1, 2):
            tx.accept(an_ask(number), held=True)
        assert tx.ask_is_open("ask-1")
        seen = [tx.open_asks()]
        tx.release("ask-1")
        seen.append(tx.open_asks())
        tx.release_all()
        seen.append(tx.open_asks())
        return [[ask.id for ask in asks] for asks in seen]

    assert await database.ledger.run(work) == [[], ["ask-1"], ["ask-1", "ask-2"]]


async def test_finishing_twice_is_harmless(database: Database) -> None:
    def work(tx: Transaction) -> tuple[bool, bool, bool]:
        tx.accept(an_ask())
        before = tx.ask_is_open("ask-1")
        tx.finish("ask-1", NOW)
        tx.finish("ask-1", LATER)
        return before, tx.ask_is_open("ask-1"), tx.ask_is_open("nobody's")

    assert await database.ledger.run(work) == (True, False, False)


async def test_the_last_answer_stays(database: Database) -> None:
    def work(tx: Transaction) -> tuple[Answer | None, Answer | None]:
        tx.keep_answer("ask-1", Answer(Tone.BROKEN, "no"))
        tx.keep_answer("ask-1", Answer(Tone.DONE, "yes", "next"))
        return tx.answer("ask-1"), tx.answer("ask-2")

    assert await database.ledger.run(work) == (Answer(Tone.DONE, "yes", "next"), None)


async def test_a_connection_comes_back_as_it_was(database: Database) -> None:
    seen = replace(a_connection(), observed=Observed.ENABLED, observed_at=LATER)
    await database.ledger.run(lambda tx: tx.create_connection(seen))
    assert await database.ledger.read(lambda r: r.connection(seen.id)) == seen
    assert await database.ledger.read(lambda r: r.connection_named("T1", "contoso")) == seen


async def test_connections_are_listed_by_name_in_their_workspace(database: Database) -> None:
    def work(tx: Transaction) -> tuple[list[str], list[str]]:
        for name, workspace in (("b", "T1"), ("a", "T1"), ("c", "T2")):
            tx.create_connection(a_connection(name, workspace))
        return [one.name for one in tx.connections("T1")], list(tx.workspaces())

    assert await database.ledger.run(work) == (["a", "b"], ["T1", "T2"])


async def test_a_name_is_unique_in_its_workspace(database: Database) -> None:
    await database.ledger.run(lambda tx: tx.create_connection(a_connection()))
    double = replace(a_connection(), id="another")
    with pytest.raises(Mistake, match="contoso already"):
        await database.ledger.run(lambda tx: tx.create_connection(double))
    await database.ledger.run(lambda tx: tx.create_connection(a_connection("other")))
    with pytest.raises(Mistake, match="contoso already"):
        await database.ledger.run(lambda tx: tx.rename_connection("T1-other", "contoso"))
    await database.ledger.run(lambda tx: tx.create_connection(a_connection("contoso", "T2")))


async def test_a_connection_can_be_renamed_and_its_health_set(database: Database) -> None:
    def work(tx: Transaction) -> None:
        tx.create_connection(a_connection())
        tx.rename_connection("T1-contoso", "prod")
        tx.set_health("T1-contoso", Health.WARNING)

    await database.ledger.run(work)
    found = await database.ledger.read(lambda r: r.connection_named("T1", "prod"))
    assert found == replace(a_connection(), name="prod", health=Health.WARNING)


async def test_what_was_seen_is_as_old_as_its_last_change(database: Database) -> None:
    def work(tx: Transaction) -> list[tuple[str, datetime | None, str]]:
        tx.create_connection(a_connection())
        seen = []
        for observed, at, reason in (
            (Observed.DISABLED, NOW, "ABC"),
            (Observed.DISABLED, LATER, None),
            (Observed.ENABLED, LATER, None),
            (Observed.ENABLED, NOW, ""),
        ):
            tx.set_observed("T1-contoso", observed, at, reason)
            one = tx.connection("T1-contoso")
            assert one is not None
            seen.append((one.observed.value, one.observed_at, one.disable_reason))
        return seen

    assert await database.ledger.run(work) == [
        ("disabled", NOW, "ABC"),
        ("disabled", NOW, "ABC"),
        ("enabled", LATER, "ABC"),
        ("enabled", LATER, ""),
    ]


async def test_what_is_wanted_and_under_way_is_set_for_one_connection(database: Database) -> None:
    def work(tx: Transaction) -> None:
        for name in ("a", "b"):
            tx.create_connection(a_connection(name))
        tx.set_wanted("T1-a", Wanted.ENABLED)
        tx.set_run("T1-a", Run.ENABLING)

    await database.ledger.run(work)
    found = await database.ledger.read(lambda r: r.connections("T1"))
    assert found == [
        replace(a_connection("a"), wanted=Wanted.ENABLED, run=Run.ENABLING),
        a_connection("b"),
    ]


async def test_one_connection_of_a_workspace_is_the_default_one(database: Database) -> None:
    def work(tx: Transaction) -> list[str]:
        tx.create_connection(a_connection("a", default=True))
        tx.create_connection(a_connection("b"))
        tx.create_connection(a_connection("c", "T2", default=True))
        tx.make_default("T1", "T1-b")
        return [one.id for w in tx.workspaces() for one in tx.connections(w) if one.is_default]

    assert await database.ledger.run(work) == ["T1-b", "T2-c"]
    with pytest.raises(LookupError):
        await database.ledger.run(lambda tx: tx.make_default("T1", "T2-c"))
    default = await database.ledger.read(lambda r: r.connection("T1-b"))
    assert default is not None
    assert default.is_default


async def test_each_save_is_a_revision(database: Database) -> None:
    def work(tx: Transaction) -> None:
        tx.create_connection(a_connection())
        tx.save_setup("T1-contoso", a_setup(tenant="one"), ANNA, NOW)
        saved = tx.save_setup("T1-contoso", a_setup(tenant="two"), BERT, LATER)
        assert (saved.revision, tx.setup("T1-contoso")) == (2, saved)
        first = tx.revision("T1-contoso", 1)
        assert first is not None
        assert (first.setup, first.saved_by) == (a_setup(tenant="one"), ANNA)
        assert tx.revision("T1-contoso", 3) is None

    await database.ledger.run(work)


async def test_a_draft_is_replaced(database: Database) -> None:
    first = Draft("d", "T1", ANNA, "C1", "url", "", 0, {}, 0, 0, NOW)
    second = replace(first, typed={"name": "Zoë"}, asked_revision=2, saved_revision=3)

    def work(tx: Transaction) -> tuple[Draft | None, Draft | None, Draft | None]:
        tx.keep_draft(first)
        before = tx.draft("d")
        tx.keep_draft(second)
        return before, tx.draft("d"), tx.draft("e")

    assert await database.ledger.run(work) == (first, second, None)


async def test_a_role_is_given_and_taken_once(database: Database) -> None:
    role = Grant("T1", BERT, Role.OPERATOR, "T1-contoso")

    def work(tx: Transaction) -> list[object]:
        told: list[object] = [tx.grant(role, ANNA, NOW), tx.grant(role, ANNA, LATER)]
        return [*told, list(tx.grants("T1")), tx.revoke(role), tx.revoke(role), tx.grants("T1")]

    assert await database.ledger.run(work) == [True, False, [role], True, False, []]


async def test_a_report_grows_and_is_then_kept_once(database: Database) -> None:
    running, done = a_report(finished=False), a_report()

    def work(tx: Transaction) -> None:
        tx.keep_progress(running)
        assert (tx.report("report-1"), tx.last_report("T1-contoso")) == (running, None)
        tx.keep_report(done)
        tx.keep_report(replace(done, results=()))
        assert (tx.report("report-1"), tx.last_report("T1-contoso")) == (done, done)
        tx.keep_report(a_report(3))
        tx.keep_report(a_report(2))
        assert tx.last_report("T1-contoso") == a_report(3)

    await database.ledger.run(work)


async def test_every_copy_is_due_again_when_its_subject_changed(database: Database) -> None:
    def work(tx: Transaction) -> list[list[str]]:
        for number in (2, 1):
            tx.show(a_showing(number))
        tx.show(a_showing(3, What.REPORT))
        seen = [tx.due_showings(NOW)]
        for number in (1, 2, 3):
            tx.shown(f"showing-{number}", wanted=1, ts="1.1", posted_in="C1")
        seen.append(tx.due_showings(NOW))
        tx.touch(What.STATUS, "T1-contoso", final=True)
        seen.append(tx.due_showings(NOW))
        return [[one.id for one in due] for due in seen]

    assert await database.ledger.run(work) == [
        ["showing-1", "showing-2", "showing-3"],
        [],
        ["showing-1", "showing-2"],
    ]


async def test_what_changed_while_it_was_shown_is_due_again(database: Database) -> None:
    def work(tx: Transaction) -> object:
        tx.show(a_showing())
        tx.show(replace(a_showing(), subject="other"))
        tx.touch(What.STATUS, "T1-contoso", final=False)
        tx.shown("showing-1", wanted=1, ts="1.1", posted_in="D1")
        return tx.due_showings(NOW)

    expected = replace(a_showing(), wanted=2, shown=1, ts="1.1", posted_in="D1", final=False)
    assert await database.ledger.run(work) == [expected]


async def test_of_many_the_oldest_of_everybody_comes_first(database: Database) -> None:
    def work(tx: Transaction) -> None:
        for number in range(50):
            user = "U2" if number in (30, 40) else "U1"
            tx.accept(replace(an_ask(number), person=Person("T1", user)))
            tx.show(replace(a_showing(number), person=Person("T1", user)))
        assert [one.id for one in tx.open_asks(4)] == ["ask-0", "ask-30", "ask-1", "ask-40"]
        due = [one.id for one in tx.due_showings(NOW, 4)]
        assert due == ["showing-0", "showing-30", "showing-1", "showing-40"]

    await database.ledger.run(work)


async def test_homes_that_are_kept_up_to_date_take_nobodys_place(database: Database) -> None:
    """However many are open: a report that runs, and its end, come before them."""

    def work(tx: Transaction) -> None:
        for number in range(40):
            home = replace(
                a_showing(number, What.HOME, "T1"),
                audience=Audience.HOME,
                person=Person("T1", f"U{number}"),
            )
            tx.open_home(home)
            opened = tx.showing(home.id)
            assert opened is not None
            tx.shown(home.id, wanted=opened.wanted, ts="home", posted_in="home")
        tx.show(replace(a_showing(99, What.REPORT), person=Person("T1", "U7")))
        tx.shown("showing-99", wanted=1, ts="1.1", posted_in="C1")
        tx.touch(What.REPORT, "T1-contoso", final=False)
        tx.record(at=NOW, workspace="T1", actor=ANNA, tag=AuditTag.SETUP_SAVED)
        due = [one.id for one in tx.due_showings(NOW, 32)]
        assert due[0] == "showing-99"
        assert len(due) == 32
        assert len(tx.due_showings(NOW, 99, Closed(homes=frozenset({"T1"})))) == 1
        tx.open_home(replace(home, created_at=NOW))
        assert home.id in [one.id for one in tx.due_showings(NOW, 2)]

    await database.ledger.run(work)


async def test_what_may_not_go_takes_nobodys_place(database: Database) -> None:
    def work(tx: Transaction) -> None:
        for number, workspace in enumerate(["T1", "T1", "T1", "T2"]):
            tx.show(replace(a_showing(number), workspace=workspace, subject=f"{number}"))
        for number, final in ((0, False), (1, True)):
            tx.shown(f"showing-{number}", wanted=1, ts="1.1", posted_in="C1")
            tx.touch(What.STATUS, f"{number}", final=final)

        def due(closed: Closed) -> list[str]:
            return [one.id.removeprefix("showing-") for one in tx.due_showings(NOW, 9, closed)]

        one = frozenset({"T1"})
        assert sorted(due(Closed())) == ["0", "1", "2", "3"]
        assert due(Closed(all=one)) == ["3"]
        assert sorted(due(Closed(edits=one))) == ["2", "3"]
        assert sorted(due(Closed(live_edits=one))) == ["1", "2", "3"]

    await database.ledger.run(work)


async def test_at_a_start_nothing_waits_for_its_time(database: Database) -> None:
    def work(tx: Transaction) -> None:
        tx.show(a_showing())
        tx.show_later("showing-1", LATER, attempt=True)
        tx.show_now(NOW)
        assert tx.due_showings(NOW) == [replace(a_showing(), attempts=1)]

    await database.ledger.run(work)


async def test_a_copy_waits_for_its_time(database: Database) -> None:
    def work(tx: Transaction) -> None:
        tx.show(a_showing())
        assert tx.next_showing_at(NOW) is None
        tx.show_later("showing-1", LATER, attempt=True)
        tx.show_later("showing-1", LATER, attempt=False)
        assert (tx.due_showings(NOW), tx.next_showing_at(NOW)) == ([], LATER)
        assert tx.due_showings(LATER) == [replace(a_showing(), attempts=1)]
        tx.give_up_showing("showing-1", "channel_not_found")
        assert (tx.due_showings(LATER), tx.next_showing_at(LATER)) == ([], None)

    await database.ledger.run(work)


async def test_a_change_revives_what_was_given_up_and_the_last_one_is_due_at_once(
    database: Database,
) -> None:
    def work(tx: Transaction) -> None:
        tx.show(a_showing())
        tx.show_later("showing-1", LATER, attempt=True)
        tx.give_up_showing("showing-1", "channel_not_found")
        tx.touch(What.STATUS, "T1-contoso", final=False)
        assert (tx.due_showings(NOW), tx.next_showing_at(NOW)) == ([], LATER)
        tx.touch(What.STATUS, "T1-contoso", final=True)
        assert tx.due_showings(NOW) == [replace(a_showing(), wanted=3)]

    await database.ledger.run(work)


async def test_what_was_shown_waits_for_no_earlier_failure(database: Database) -> None:
    def work(tx: Transaction) -> None:
        tx.show(a_showing())
        tx.show_later("showing-1", LATER, attempt=True)
        tx.shown("showing-1", wanted=1, ts="1.1", posted_in="C1")
        tx.touch(What.STATUS, "T1-contoso", final=False)
        assert [one.attempts for one in tx.due_showings(NOW)] == [0]

    await database.ledger.run(work)


async def test_audit_rows_are_seen_at_once_newest_first(database: Database) -> None:
    def work(tx: Transaction) -> None:
        first, second = record(tx), record(tx, "other")
        record(tx, workspace="T2")
        assert tx.audit_entries("T1", limit=9) == [second, first]
        assert tx.audit_entries("T1", limit=1) == [second]
        assert tx.audit_entries("T1", limit=9, connection="contoso") == [first]

    await database.ledger.run(work)


async def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    naive = NOW.replace(tzinfo=None)
    with pytest.raises(Exception, match="without a zone"):
        await database.ledger.run(lambda tx: tx.accept(replace(an_ask(), received_at=naive)))


async def test_an_answer_with_a_character_that_no_database_takes_is_kept(
    database: Database,
) -> None:
    """Another system's words are in it; JSON allows U+0000, and PostgreSQL does not."""
    await database.ledger.run(
        lambda tx: tx.keep_answer("a1", Answer(Tone.TOLD, "Zo\0e", "Try \0 again."))
    )
    kept = await database.ledger.read(lambda reading: reading.answer("a1"))
    assert kept == Answer(Tone.TOLD, "Zo\N{REPLACEMENT CHARACTER}e", "Try \ufffd again.")
