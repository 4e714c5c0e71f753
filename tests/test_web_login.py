"""Users, sessions and the brake on guessing, by themselves."""

from pathlib import Path

import pytest

from communique.errors import InputError
from communique.web.pages.login import own_path
from communique.web.sessions import Attempts, Sessions
from communique.web.users import read_users, right_password, set_password


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_password_is_kept_as_an_argon2_hash_that_only_the_owner_reads(tmp_path: Path) -> None:
    file = tmp_path / "users"
    set_password(file, "ada", "correct horse battery")
    set_password(file, "luis", "another long one")
    assert "correct horse" not in file.read_text()
    assert file.stat().st_mode & 0o077 == 0
    users = read_users(file)
    assert right_password(users, "ada", "correct horse battery")
    assert not right_password(users, "ada", "another long one")
    assert not right_password(users, "nobody", "nobody has this password")


@pytest.mark.parametrize(
    ("name", "password"), [("a:b", "long enough password"), ("ada", "short"), ("", "long enough password")]
)
def test_names_that_would_break_the_file_and_short_passwords_are_refused(
    tmp_path: Path, name: str, password: str
) -> None:
    with pytest.raises(InputError):
        set_password(tmp_path / "users", name, password)


def test_a_broken_users_file_is_named_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "users"
    file.write_text("# people\nada:plain-text-password\n")
    with pytest.raises(InputError, match=r"users:2"):
        read_users(file)


def test_a_session_ends_when_its_time_is_over_and_at_logging_out() -> None:
    clock = Clock()
    sessions = Sessions(100, clock)
    kept, left = sessions.start("ada"), sessions.start("luis")
    sessions.end(left.id)
    assert sessions.get(left.id) is None
    assert sessions.get(kept.id) == kept
    clock.now = 101
    assert sessions.get(kept.id) is None


def test_a_form_token_serves_its_own_session_only() -> None:
    sessions = Sessions(100)
    ada, luis = sessions.start("ada"), sessions.start("luis")
    assert sessions.right_token(ada, sessions.token(ada))
    assert not sessions.right_token(luis, sessions.token(ada))
    assert not sessions.right_token(ada, "")
    assert not sessions.right_token(ada, "ö" * 80)
    assert sessions.token(ada) != sessions.token(ada)


def test_five_wrong_passwords_close_the_door_for_five_minutes() -> None:
    clock = Clock()
    attempts = Attempts(clock=clock)
    assert [attempts.begin("ada", f"10.0.0.{n}") for n in range(5)] == [0] * 5
    assert attempts.begin("ada", "10.0.0.9") == 300
    assert attempts.begin("luis", "10.0.0.1") == 0
    clock.now = 300.1
    assert attempts.begin("ada", "10.0.0.1") == 0


def test_a_right_password_clears_the_name_and_takes_back_its_own_try_only() -> None:
    attempts = Attempts(clock=Clock(), most_by_address=3)
    for name in ("ada", "ada", "luis"):
        assert attempts.begin(name, "10.0.0.1") == 0
    attempts.succeeded("luis", "10.0.0.1")
    assert attempts.begin("luis", "10.0.0.1") == 0
    assert attempts.begin("luis", "10.0.0.1") > 0


def test_asking_for_the_login_page_again_and_again_logs_nobody_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("communique.web.sessions._MOST_SESSIONS", 3)
    sessions = Sessions(100)
    ada, first = sessions.start("ada"), sessions.start(None)
    for _ in range(3):
        sessions.start(None)
    assert sessions.get(ada.id) == ada
    assert sessions.get(first.id) is None


def test_many_names_from_one_address_are_slowed_too() -> None:
    attempts = Attempts(clock=Clock())
    assert [attempts.begin(f"user{n}", "10.0.0.1") for n in range(20)] == [0] * 20
    assert attempts.begin("fresh", "10.0.0.1") > 0
    assert attempts.begin("fresh", "10.0.0.2") == 0


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "",
        "/a\nb",
    ],
)
def test_after_logging_in_one_stays_on_this_page(elsewhere: str) -> None:
    assert own_path(elsewhere) == "/"


def test_after_logging_in_one_returns_to_where_one_was() -> None:
    assert own_path("/documents/a/b?layers=events#s1") == "/documents/a/b?layers=events#s1"
