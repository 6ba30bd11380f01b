"""A data key that is wrapped anew: the same secret, in the same place, under another key only."""

import json
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connection.errors import SealBroken
from connection.identities import SecretOrigin, SecretRef
from storage.keys import EncryptionKey
from storage.sealing import _associated, rewrap, seal, unseal

OLD, NEW = EncryptionKey(1, b"k" * 32), EncryptionKey(2, b"n" * 32)
SECRET = "wherefore-art-thou~Q8"

words = st.text(max_size=6)
origins = st.builds(SecretOrigin, words, words, words, words)
refs = st.builds(SecretRef, words, words, words, words, origins)


@given(refs, st.text())
def test_what_was_wrapped_anew_opens_with_the_new_key(ref: SecretRef, value: str) -> None:
    before = seal(OLD, ref, value)
    anew = rewrap(OLD, NEW, before, ref)
    assert unseal(NEW, anew, ref) == value
    assert (anew.key_number, anew.body, anew.format) == (2, before.body, before.format)
    assert anew.wrapped_key != before.wrapped_key


@given(refs, st.integers(1, 9), st.text(max_size=3))
def test_what_is_bound_to_a_secret_is_the_same_json_forever(
    ref: SecretRef, version: int, number: str
) -> None:
    place = [ref.workspace, ref.connection_id, ref.field, ref.id]
    given_for = [ref.origin.host, ref.origin.tenant, ref.origin.kind, ref.origin.login]
    expected = json.dumps(["d365bot", "key", version, number, *place, *given_for])
    assert _associated("key", version, number, ref) == expected.encode()


@given(refs)
def test_the_old_key_does_not_open_it_any_more(ref: SecretRef) -> None:
    anew = rewrap(OLD, NEW, seal(OLD, ref, SECRET), ref)
    with pytest.raises(SealBroken):
        unseal(OLD, anew, ref)
    with pytest.raises(SealBroken):
        unseal(NEW, replace(anew, key_number=1), ref)


@given(refs, refs)
def test_another_place_is_refused_before_and_after(ref: SecretRef, other: SecretRef) -> None:
    sealed = seal(OLD, ref, SECRET)
    if other == ref:
        return
    with pytest.raises(SealBroken):
        rewrap(OLD, NEW, sealed, other)
    with pytest.raises(SealBroken):
        unseal(NEW, rewrap(OLD, NEW, sealed, ref), other)


@given(refs, st.sampled_from([f.name for f in fields(SecretOrigin)]), words)
def test_each_part_of_the_origin_still_counts(ref: SecretRef, part: str, new: str) -> None:
    anew = rewrap(OLD, NEW, seal(OLD, ref, SECRET), ref)
    origin = replace(ref.origin, **{part: f"{getattr(ref.origin, part)}{new}x"})
    with pytest.raises(SealBroken):
        unseal(NEW, anew, replace(ref, origin=origin))


@given(refs, st.data())
def test_a_damaged_data_key_is_not_wrapped_anew(ref: SecretRef, data: st.DataObject) -> None:
    sealed = seal(OLD, ref, SECRET)
    stored = bytearray(sealed.wrapped_key)
    stored[data.draw(st.integers(0, len(stored) - 1))] ^= data.draw(st.integers(1, 255))
    for damaged in (bytes(stored), bytes(stored[:8]), b""):
        changes: dict[str, Any] = {"wrapped_key": damaged}
        with pytest.raises(SealBroken):
            rewrap(OLD, NEW, replace(sealed, **changes), ref)


@given(refs, st.lists(st.integers(1, 5), min_size=1, max_size=5))
def test_any_number_of_rotations_keeps_the_secret(ref: SecretRef, numbers: list[int]) -> None:
    key, sealed = OLD, seal(OLD, ref, SECRET)
    for number in numbers:
        newer = EncryptionKey(number, bytes([number]) * 32)
        sealed, key = rewrap(key, newer, sealed, ref), newer
    assert unseal(key, sealed, ref) == SECRET
