"""What people may read of requests and answers has no secret in it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dynamics.masking import LONGEST_ANSWER, LONGEST_URL, MASK, masked_answer, masked_url

SECRET = "Sw0rdf1sh-not-real"
NAMES = [
    "password",
    "client_secret",
    "clientSecret",
    "access_token",
    "refresh_token",
    "id_token",
    "client_assertion",
    "assertion",
    "access_key",
    "accessKey",
    "api-key",
    "WebServiceAccessKey",
    "Server_Connection_String",
    "nav_odatapassword",
    "sig",
    "signature",
    "device_code",
    "Authorization",
    "private_key",
    "AccountKey",
    "Ocp-Apim-Subscription-Key",
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("value", [SECRET, [SECRET], {"inner": SECRET}, 4711471147])
def test_what_is_named_a_secret_is_masked(name: str, value: object) -> None:
    said = masked_answer(json.dumps({"value": [{"id": "1", "deep": {name: value}}]}))
    assert SECRET not in said
    assert "4711471147" not in said
    assert MASK in said


@pytest.mark.parametrize("name", NAMES)
def test_a_query_tells_no_secret(name: str) -> None:
    said = masked_url(f"https://contoso.example/a?{name}={SECRET}&$select=fullname")
    assert SECRET not in said
    assert said == f"https://contoso.example/a?{name}={MASK}&$select=fullname"


@pytest.mark.parametrize(
    "text",
    [
        f"Bearer {SECRET}",
        f"The password={SECRET} is wrong.",
        f"client_secret: '{SECRET}'",
        "a token eyJhbGciOiJub25l.eyJzdWIiOiJub2JvZHki.c2lnbmF0dXJl stands here",
        f"-----BEGIN PRIVATE KEY-----\n{SECRET}\n-----END PRIVATE KEY-----",
        f"-----BEGIN RSA PRIVATE KEY-----\n{SECRET}",
        "xoxb-1-" + SECRET,
        f"AuthType=Office365; Password=my own {SECRET} words; Url=https://x.example",
        f"AuthType=Office365; Password=my own {SECRET}",
        f"The password='my own {SECRET}' is wrong.",
        f"The password='it''s {SECRET}' is wrong.",
        f"Pwd=a, {SECRET};User=x",
        f"<r><a:Password>{SECRET}</a:Password></r>",
        f"<html><body><password>{SECRET}</password></body></html>",
        f"https://files.example/a?sv=1&sig={SECRET}&x=1",
        f"https://someone:{SECRET}@h.example/x",
        f"Authorization: {SECRET}",
        f"Set-Cookie: SESSION=0; AUTH={SECRET}; path=/",
        f"NTLM TlRMTVNTUAABAAAA{SECRET.replace('-', '')}",
        f"<html><script>var token = '{SECRET}'</script><body>Sign in</body></html>",
    ],
)
@pytest.mark.parametrize("wrap", [lambda text: text, lambda text: json.dumps({"message": text})])
def test_what_looks_like_a_secret_is_masked_wherever_it_stands(text: str, wrap: object) -> None:
    assert callable(wrap)
    said = masked_answer(wrap(text))
    assert SECRET not in said
    assert "eyJzdWIiOiJub2JvZHki" not in said


@pytest.mark.parametrize(
    "answer",
    [
        {"error": {"code": "0x80040220", "message": "Principal user is missing prvReadUser."}},
        {"token_type": "Bearer", "expires_in": 3599},
        {"token_endpoint": "https://login.example/token"},
        {"error_codes": [7000222]},
    ],
)
def test_what_helps_is_not_masked(answer: object) -> None:
    assert masked_answer(json.dumps(answer)) == json.dumps(answer)


def test_a_value_is_a_secret_by_the_name_beside_it() -> None:
    said = masked_answer(json.dumps({"name": "Password", "value": SECRET, "code": "x"}))
    assert said == json.dumps({"name": "Password", "value": MASK, "code": "x"})


@pytest.mark.parametrize(
    "url",
    [
        f"https://h.example/x?code={SECRET}",
        f"https://h.example/x?back=https%3A%2F%2Ff.example%3Fsv%3D1%26sig%3D{SECRET}",
        f"https://someone:{SECRET}@[h.example/x",
    ],
)
def test_no_address_tells_a_secret(url: str) -> None:
    assert SECRET not in masked_url(url)


@pytest.mark.parametrize("code", ["TlRMTVNTUAABAAAA", "x"])
def test_words_around_a_secret_stay(code: str) -> None:
    said = masked_answer(f"The password={code} is wrong, try another one. See the sign-in log.")
    assert said == f"The password={MASK} is wrong, try another one. See the sign-in log."


def test_a_user_in_an_address_is_left_out() -> None:
    assert masked_url(f"https://someone:{SECRET}@h.example:8443/x") == "https://h.example:8443/x"


def test_long_lists_are_cut() -> None:
    said = masked_answer(json.dumps({"value": [{"n": n} for n in range(10)]}))
    assert said == '{"value": [{"n": 0}, {"n": 1}, {"n": 2}, "and 7 more"]}'


def test_a_page_is_read_as_its_words() -> None:
    page = "<html><head><style>b{}</style></head><body><h1>Sign in</h1>\n to continue</body></html>"
    assert masked_answer(page, "text/html") == "Sign in to continue"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=5),
    max_leaves=20,
)


@given(JSON, st.sampled_from(NAMES))
def test_no_json_tells_a_secret(value: object, name: str) -> None:
    said = masked_answer(json.dumps([value, {name: SECRET}]))
    assert SECRET not in said
    assert len(said) <= LONGEST_ANSWER


@given(st.text(), st.text())
def test_any_text_is_shown_and_short(text: str, kind: str) -> None:
    assert len(masked_answer(text, kind)) <= LONGEST_ANSWER
    assert len(masked_url(text)) <= LONGEST_URL


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 50_000, "[" * 5_000 + "]" * 5_000])
def test_an_answer_that_is_too_deep_is_shown_too(text: str) -> None:
    assert masked_answer(text)


@pytest.mark.parametrize("before", range(270, 300, 3))
def test_no_part_of_a_secret_is_left_where_a_long_text_is_cut(before: int) -> None:
    """Spelled as .NET spells it, so that it is found only once the JSON is read."""
    secret = "Some&Secret&Or&Other"
    escaped = secret.replace("&", "\\u0026")
    said = masked_answer(f'{{"error_description": "{"x" * before} {escaped}"}}', "", [secret])
    assert "Some" not in said
    assert "Secret" not in said


@pytest.mark.parametrize("text", ['{"a": "\\ud800 x"}', '"\\udfff"', '{"\\ud83d": 1}', "\ud800"])
def test_what_is_shown_can_be_sent(text: str) -> None:
    """Half of a surrogate pair is legal in JSON and in nothing else."""
    assert masked_answer(text).encode()
