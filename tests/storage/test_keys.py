"""Encryption keys: where they are found, and what is refused."""

import base64
import errno
import os
import stat
from pathlib import Path

import pytest

from connection.errors import EncryptionOff, NotReady
from storage.audit_key import read_audit_key
from storage.key_files import create_key_file
from storage.keys import EncryptionKeys, key_numbers, key_path, new_key

ONE, TWO = (base64.b64encode(bytes([n]) * 32).decode() for n in (1, 2))


def test_new_keys_are_numbered_and_for_their_owner_only(tmp_path: Path) -> None:
    assert [new_key(tmp_path / "keys"), new_key(tmp_path / "keys")] == [1, 2]
    assert key_numbers(tmp_path / "keys") == [2, 1]
    assert stat.S_IMODE(key_path(tmp_path / "keys", 2).stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    keys = EncryptionKeys(tmp_path / "keys")
    assert keys.newest().number == 2
    assert keys.numbered(1).value != keys.numbered(2).value


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to somebody else")
def test_a_key_that_root_makes_belongs_to_the_owner_of_the_folder(tmp_path: Path) -> None:
    """Else the bot could not read the key that all secrets were moved to."""
    (tmp_path / "keys").mkdir(mode=0o700)
    os.chown(tmp_path / "keys", 65534, 65534)
    new_key(tmp_path / "keys")
    made = key_path(tmp_path / "keys", 1).stat()
    assert (made.st_uid, made.st_gid) == (65534, 65534)
    assert stat.S_IMODE(made.st_mode) == 0o600


def test_a_key_is_made_where_no_file_has_two_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Patched, because such a share cannot be mounted here."""

    def refuse(*_args: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    assert [new_key(tmp_path), new_key(tmp_path)] == [1, 2]
    EncryptionKeys(tmp_path).check()
    with pytest.raises(FileExistsError):
        create_key_file(key_path(tmp_path, 1))
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "encryption-1.key",
        "encryption-2.key",
    ]


def test_a_key_is_never_overwritten(tmp_path: Path) -> None:
    first = create_key_file(tmp_path / "audit.key")
    with pytest.raises(FileExistsError):
        create_key_file(tmp_path / "audit.key")
    assert read_audit_key(tmp_path) == first


def test_the_tenth_key_is_newer_than_the_ninth(tmp_path: Path) -> None:
    for number in (9, 10):
        create_key_file(key_path(tmp_path, number))
    assert EncryptionKeys(tmp_path).newest().number == 10
    assert new_key(tmp_path) == 11


def test_without_a_key_the_way_to_get_one_is_told(tmp_path: Path) -> None:
    keys = EncryptionKeys(tmp_path / "absent")
    assert not keys.exist()
    with pytest.raises(EncryptionOff) as caught:
        keys.newest()
    assert "d365bot keys new" in caught.value.hint


def test_keys_made_later_are_found_without_a_restart(tmp_path: Path) -> None:
    keys = EncryptionKeys(tmp_path)
    assert not keys.exist()
    new_key(tmp_path)
    assert keys.exist()
    assert keys.newest().number == 1
    new_key(tmp_path)
    assert keys.newest().number == 2


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660])
def test_a_key_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    new_key(tmp_path)
    key_path(tmp_path, 1).chmod(mode)
    with pytest.raises(NotReady, match="may be read by others") as caught:
        EncryptionKeys(tmp_path).newest()
    assert "chmod 600" in caught.value.hint


@pytest.mark.parametrize("mode", [0o750, 0o705, 0o711, 0o755])
def test_a_key_folder_that_others_may_enter_is_refused(tmp_path: Path, mode: int) -> None:
    new_key(tmp_path)
    tmp_path.chmod(mode)
    with pytest.raises(NotReady, match="is open to others") as caught:
        EncryptionKeys(tmp_path).newest()
    assert "chmod 700" in caught.value.hint
    with pytest.raises(NotReady, match="is open to others"):
        new_key(tmp_path)
    assert key_numbers(tmp_path) == [1]


def test_every_key_can_be_checked_before_it_is_needed(tmp_path: Path) -> None:
    for _ in range(2):
        new_key(tmp_path)
    EncryptionKeys(tmp_path).check()
    key_path(tmp_path, 1).write_text("rubbish")
    with pytest.raises(NotReady, match=r"encryption-1\.key is not a key"):
        EncryptionKeys(tmp_path).check()


def test_a_folder_in_place_of_a_key_is_told(tmp_path: Path) -> None:
    key_path(tmp_path, 1).mkdir(mode=0o700)
    with pytest.raises(NotReady, match="is a folder, where a key file is needed"):
        EncryptionKeys(tmp_path).newest()


def test_keys_in_the_settings_come_newest_first_and_files_are_not_looked_at(
    tmp_path: Path,
) -> None:
    new_key(tmp_path)
    keys = EncryptionKeys(tmp_path, f" 3:{TWO}, 2:{ONE} ")
    assert keys.newest().number == 3
    assert keys.numbered(2).value == bytes([1]) * 32
    with pytest.raises(NotReady, match="key 1 is not in D365BOT_ENCRYPTION_KEYS"):
        keys.numbered(1)


@pytest.mark.parametrize("text", [ONE, f"1:{ONE},1:{TWO}", f"1:{ONE},", "1:abc", f"0:{ONE}", "1:é"])
def test_wrong_keys_in_the_settings_are_refused_without_being_shown(
    tmp_path: Path, text: str
) -> None:
    with pytest.raises(NotReady) as caught:
        EncryptionKeys(tmp_path, text)
    assert ONE not in f"{caught.value} {caught.value.hint}"


def test_a_damaged_key_file_is_refused(tmp_path: Path) -> None:
    new_key(tmp_path)
    key_path(tmp_path, 1).write_text("cut o")
    with pytest.raises(NotReady, match=r"encryption-1\.key is not a key"):
        EncryptionKeys(tmp_path).newest()


def test_a_key_never_shows_itself(tmp_path: Path) -> None:
    key = EncryptionKeys(tmp_path, f"1:{ONE}").newest()
    assert repr(key) == "EncryptionKey(number=1)"
