"""Codes as RFC 6238 gives them, and a drawing of QR codes compared with known ones."""

from __future__ import annotations

import datetime as dt
import hashlib
from base64 import b32encode

import pytest

from app.kernel import totp
from app.kernel.qr import QUIET, code_of, path_of

SEED = b32encode(b"12345678901234567890").decode()
VECTORS = {  # RFC 6238, appendix B, SHA-1
    59: "94287082",
    1111111109: "07081804",
    1111111111: "14050471",
    1234567890: "89005924",
    2000000000: "69279037",
    20000000000: "65353130",
}
# SHA-256 of the modules as another encoder lays them: versions 1, 2, 8, 9 and 10, filled wholly.
CODES = {
    14: "01a97165dffe314a",
    26: "4dfdda106a14ba56",
    152: "ffd41dc11bf2009a",
    180: "ae652f1700ed9d62",
    213: "92627d4e24fd2fa2",
}


@pytest.mark.parametrize(("seconds", "code"), VECTORS.items())
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    step = totp.step_of(dt.datetime.fromtimestamp(seconds, dt.UTC))
    assert totp.code_at(SEED, step, digits=8) == code
    assert totp.code_at(SEED, step) == code[2:]


def test_a_code_fits_one_step_around_and_only_after_the_last_one() -> None:
    for drift, fits in ((-2, False), (-1, True), (0, True), (1, True), (2, False)):
        code = totp.code_at(SEED, 1000 + drift)
        assert totp.matching(SEED, code, 1000, 0) == (1000 + drift if fits else None)
        assert totp.matching(SEED, code, 1000, 1000 + drift) is None, "it was used"
    for wrong in ("", "1", "abcdef", "١٢٣٤٥٦", "0" * 100):
        assert totp.matching(SEED, wrong, 1000, 0) is None


def test_recovery_codes_are_told_however_they_are_typed() -> None:
    codes = totp.new_recovery_codes()
    assert len(set(codes)) == totp.RECOVERY_CODES
    kept = totp.hashed(7, codes)
    assert totp.hashed(7, [codes[3].upper().replace("-", " ")])[0] == kept[3]
    assert totp.hashed(8, codes) != kept, "another account's are others"
    assert not any(code in "".join(kept) for code in codes)


@pytest.mark.parametrize(("length", "digest"), CODES.items())
def test_a_code_is_drawn_as_others_draw_it(length: int, digest: str) -> None:
    text = ("otpauth://totp/x?secret=ABCDEFGHIJKLMNOP&issuer=%D0%9F" * 6)[: length - 1] + "z"
    drawn = "\n".join("".join("#" if dark else "." for dark in row) for row in code_of(text))
    assert hashlib.sha256(drawn.encode()).hexdigest()[:16] == digest


def test_a_text_that_is_too_long_is_refused_and_the_drawing_has_a_margin() -> None:
    with pytest.raises(ValueError, match="214"):
        code_of("x" * 214)
    side, path = path_of("x")
    assert side == 21 + 2 * QUIET
    assert path.startswith(f"M{QUIET} {QUIET}h1v1h-1z")
