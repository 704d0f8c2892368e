"""Restricted texts: sealed to their row, opened by every key that was current once."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

import pytest

from app.kernel.record import new_uid
from app.kernel.sealing import Unreadable, cipher_of

if TYPE_CHECKING:
    from app.kernel.sealing import Cipher

OLD, NEW, INDEX = (b64encode(bytes([number]) * 32).decode() for number in (1, 2, 3))
SNILS = "11223344595"


@pytest.fixture
def cipher() -> Cipher:
    return cipher_of(f"a={OLD} index={INDEX}")


def test_a_sealed_text_shows_nothing_and_opens_again(cipher: Cipher) -> None:
    row = new_uid()
    stored = cipher.seal("snils", SNILS, row)
    assert SNILS not in stored
    opened = cipher.unseal("snils", stored)
    assert opened == SNILS
    assert opened.uid == row
    assert cipher.seal("snils", SNILS, row) != stored, "equal texts look different"


def test_a_text_moved_to_another_row_or_column_or_changed_does_not_open(cipher: Cipher) -> None:
    row, other = new_uid(), new_uid()
    stored = cipher.seal("snils", SNILS, row)
    key, _, text = stored.split(":")
    for forged in (f"{key}:{other}:{text}", f"{key}:{row}:{text[:-6]}AAAA==", "", "a:b", "x"):
        with pytest.raises(Unreadable):
            cipher.unseal("snils", forged)
    with pytest.raises(Unreadable):
        cipher.unseal("document_number", stored)


def test_an_old_key_opens_and_only_the_first_one_seals() -> None:
    row = new_uid()
    before = cipher_of(f"a={OLD} index={INDEX}").seal("snils", SNILS, row)
    both = cipher_of(f"b={NEW} a={OLD} index={INDEX}")
    assert both.unseal("snils", before) == SNILS
    assert both.seal("snils", SNILS, row).startswith("b:")
    with pytest.raises(Unreadable):
        cipher_of(f"b={NEW} index={INDEX}").unseal("snils", before)


def test_equal_texts_are_found_by_their_fingerprint(cipher: Cipher) -> None:
    found = cipher.fingerprint("snils", SNILS)
    assert found == cipher_of(f"b={NEW} index={INDEX}").fingerprint("snils", SNILS)
    others = {
        cipher.fingerprint("document_number", SNILS),
        cipher.fingerprint("snils", "08765430300"),
        cipher_of(f"a={OLD} index={NEW}").fingerprint("snils", SNILS),
    }
    assert found not in others
    assert SNILS not in found


@pytest.mark.parametrize(
    "keys", ["", f"a={OLD}", f"index={INDEX}", f"a=AAAA index={INDEX}", "a=% index=%", "a b"]
)
def test_keys_that_are_none_are_refused(keys: str) -> None:
    with pytest.raises(ValueError, match=r"keys|base64|Non-base64|padding|Only"):
        cipher_of(keys)
