"""The command line on a real SQLite database, each run a process of its own."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

SRC = str(Path(__file__).parents[2] / "src")
GOOD = {
    "1_books.up.sql": "CREATE TABLE books (id INTEGER PRIMARY KEY, n INT);\nINSERT INTO books VALUES (1, 0);",
    "1_books.down.sql": "DROP TABLE books;",
    "2_more.up.sql": "UPDATE books SET n = n + 1;",
    "2_more.down.sql": "UPDATE books SET n = n - 1;",
}
BAD = {"3_bad.up.sql": "CREATE TABLE a (x);\nINSERT INTO nowhere VALUES (1);\n", "3_bad.down.sql": "DROP TABLE a;"}


class App:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.migrations = folder / "db" / "migrations"
        self.migrations.mkdir(parents=True)
        self.file = folder / "app.db"

    def write(self, files: dict[str, str]) -> None:
        for name, text in files.items():
            (self.migrations / name).write_text(text)

    def start(self, *arguments: str, **environ: str) -> subprocess.Popen[str]:
        env = {"PATH": os.environ["PATH"], "PYTHONPATH": SRC, "DATABASE_URL": f"sqlite://{self.file}", **environ}
        command = [sys.executable, "-m", "shiplift", *arguments]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, cwd=self.folder, env=env, stdout=pipe, stderr=pipe, text=True)

    def run(self, *arguments: str, **environ: str) -> tuple[int, str, str]:
        process = self.start(*arguments, **environ)
        out, err = process.communicate(timeout=60)
        return process.returncode, out, err

    def rows(self, query: str) -> list[tuple[object, ...]]:
        connection = sqlite3.connect(self.file)
        try:
            return connection.execute(query).fetchall()
        finally:
            connection.close()


@pytest.fixture
def app(tmp_path: Path) -> App:
    made = App(tmp_path)
    made.write(GOOD)
    return made


def test_release_then_nothing_to_do(app: App) -> None:
    code, out, err = app.run("release", HEROKU_RELEASE_VERSION="v7")
    assert (code, out.partition(" in ")[0]) == (0, "2 migrations"), err
    assert app.rows("SELECT version, dirty FROM schema_migrations") == [(2, 0)]
    assert app.rows("SELECT version, release_id FROM shiplift_history") == [(1, "v7"), (2, "v7")]
    assert app.run("release")[:2] == (0, "nothing to do: the database is at version 2\n")
    assert app.run("version")[1] == "2\n"


def test_a_failed_release_takes_back_only_its_own(app: App) -> None:
    app.run("up", "1")
    app.write(BAD)
    code, _, err = app.run("release")
    assert code == 1
    assert "at db/migrations/3_bad.up.sql:2:1" in err
    assert "no such table: nowhere" in err
    assert "1 migration(s) of this release were taken back; the database is at version 1" in err
    assert app.rows("SELECT version, dirty FROM schema_migrations") == [(1, 0)]
    assert app.rows("SELECT n FROM books") == [(0,)]
    assert app.rows("SELECT name FROM sqlite_master WHERE name = 'a'") == []
    outcomes = app.rows("SELECT outcome, direction, version FROM shiplift_history ORDER BY id")
    assert outcomes[1:] == [("applied", "up", 2), ("failed", "up", 3), ("applied", "down", 2)]


def test_stop_leaves_what_stands(app: App) -> None:
    app.write(BAD)
    assert app.run("release", "--on-failure", "stop")[0] == 1
    assert app.rows("SELECT version, dirty FROM schema_migrations") == [(2, 0)]


def test_an_older_release_meets_a_newer_database(app: App) -> None:
    app.run("release", SHIPLIFT_RELEASE="v1")
    app.write({"3_c.up.sql": "CREATE TABLE c (x);", "3_c.down.sql": "DROP TABLE c;"})
    app.run("release", SHIPLIFT_RELEASE="v2")
    (app.migrations / "3_c.up.sql").unlink()
    (app.migrations / "3_c.down.sql").unlink()
    code, _, err = app.run("release")
    assert (code, "warning: the database is ahead" in err) == (0, True)
    assert app.run("release", "--if-newer", "fail")[0] == 3
    code, out, _ = app.run("release", "--if-newer", "revert")
    assert (code, "version 3 -> version 2" in out) == (0, True)
    assert app.rows("SELECT name FROM sqlite_master WHERE name = 'c'") == []


def test_rollback_takes_back_one_release(app: App) -> None:
    app.run("up", "1", SHIPLIFT_RELEASE="v1")
    app.run("up", SHIPLIFT_RELEASE="v2")
    assert app.run("rollback")[0] == 0
    assert app.run("version")[1] == "1\n"
    assert app.run("rollback", "--of", "v9")[0] == 3


def test_a_database_of_golang_migrate_is_taken_over(app: App) -> None:
    connection = sqlite3.connect(app.file)
    connection.executescript(
        "CREATE TABLE schema_migrations (version uint64,dirty bool);"
        "CREATE UNIQUE INDEX version_unique ON schema_migrations (version);"
        "INSERT INTO schema_migrations VALUES (1, 0); CREATE TABLE books (id INTEGER PRIMARY KEY, n INT);"
    )
    connection.close()
    assert app.run("up")[0] == 0
    assert app.rows("SELECT outcome, version FROM shiplift_history ORDER BY id") == [("assumed", 1), ("applied", 2)]


def test_many_at_once_apply_each_once(app: App) -> None:
    started = [app.start("release") for _ in range(6)]
    ends = [(process.communicate(timeout=60), process.returncode) for process in started]
    assert [code for _, code in ends] == [0] * 6, ends
    assert app.rows("SELECT n FROM books") == [(1,)]
    assert len(app.rows("SELECT * FROM shiplift_history")) == 2


def test_killed_at_work_leaves_the_old_version_and_no_lock(app: App) -> None:
    app.run("up")
    slow = "WITH RECURSIVE t(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM t) SELECT max(x) FROM t;"
    app.write({"3_slow.up.sql": f"CREATE TABLE a (x);\n{slow}"})
    process = app.start("release")
    assert process.stderr is not None
    assert "3_slow" in process.stderr.readline()
    process.kill()
    process.communicate()
    assert app.run("version")[1] == "2\n"
    app.write({"3_slow.up.sql": "CREATE TABLE a (x);"})
    assert app.run("release")[0] == 0


def test_sigterm_rolls_back_and_says_so(app: App) -> None:
    slow = "WITH RECURSIVE t(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM t) SELECT max(x) FROM t;"
    app.write({"3_slow.up.sql": f"CREATE TABLE a (x);\n{slow}"})
    app.run("up", "2")
    process = app.start("release")
    assert process.stderr is not None
    assert "3_slow" in process.stderr.readline()
    process.terminate()
    _, err = process.communicate(timeout=30)
    assert process.returncode == 143, err
    assert app.rows("SELECT name FROM sqlite_master WHERE name = 'a'") == []


@pytest.mark.parametrize(
    ("environ", "arguments", "code", "said"),
    [
        ({"DATABASE_URL": ""}, ("release",), 3, "DATABASE_URL is empty or missing"),
        ({"DATABASE_URL": ""}, ("release", "--missing-database", "skip"), 0, "skipped"),
        ({"DATABASE_URL": "postgers://u:hunter2@h/d"}, ("up",), 2, "did you mean postgres?"),
        ({"DATABASE_URL": "u:hunter2@h/d"}, ("up",), 2, "unknown database scheme: u\n"),
        ({"DATABASE_URL": "hunter2"}, ("up",), 2, "the database URL can't be read"),
        ({"SHIPLIFT_ONFAILURE": "stop"}, ("up",), 2, "did you mean SHIPLIFT_ON_FAILURE?"),
        ({"SHIPLIFT_IF_NEWER": "maybe"}, ("up",), 2, "one of: ok"),
        ({}, ("up", "--source", "nowhere"), 3, "can't list the migrations folder nowhere"),
        ({}, ("down",), 2, "shiplift down 1"),
        ({}, ("drop",), 2, "shiplift drop --yes"),
        ({}, ("goto", "9"), 3, "nearest: 2_more"),
        ({}, ("status", "--exit-code"), 4, "2 pending"),
    ],
)
def test_refusals(app: App, environ: dict[str, str], arguments: tuple[str, ...], code: int, said: str) -> None:
    found, out, err = app.run(*arguments, **environ)
    assert (found, said in out + err) == (code, True), out + err
    assert "hunter2" not in out + err
    assert not app.file.exists()


def test_another_tools_table_is_refused_and_left(app: App) -> None:
    connection = sqlite3.connect(app.file)
    connection.executescript("CREATE TABLE schema_migrations (version varchar); ")
    connection.close()
    code, _, err = app.run("release")
    assert (code, "another tool's" in err) == (3, True)
    assert app.rows("SELECT name FROM sqlite_master") == [("schema_migrations",)]


def test_nothing_runs_when_a_later_file_is_broken(app: App) -> None:
    app.write({"9_z.up.sql": "SELECT 'x"})
    code, _, err = app.run("release")
    assert (code, "9_z.up.sql:1:8" in err) == (3, True), err
    assert not app.file.exists()


def test_code_migrations_and_down_to_nothing(app: App) -> None:
    code = "def up(db):\n    db.execute('UPDATE books SET n = ?', (40,))\ndef down(db):\n    pass\n"
    app.write({"3_code.up.py": code})
    assert app.run("up")[0] == 0
    assert app.rows("SELECT n FROM books") == [(40,)]
    assert app.run("down", "--all")[0] == 0
    assert app.run("version")[1] == "no version\n"


def test_history_is_replayed_by_its_last_row(app: App) -> None:
    app.run("up")
    app.run("down", "2")
    app.run("up", "1")
    code, out, _ = app.run("status", "--exit-code")
    assert (code, [line.split()[:2] for line in out.splitlines()[:2]]) == (
        4,
        [["applied", "1_books"], ["pending", "2_more"]],
    )


def test_force_makes_history_agree(app: App) -> None:
    assert app.run("force", "2")[0] == 0
    assert app.run("release")[1] == "nothing to do: the database is at version 2\n"
    assert app.run("force", "none")[0] == 0
    assert app.run("plan")[1] == "up    1_books\nup    2_more\n"


def test_a_script_in_parts_goes_on_after_those_that_stand(app: App) -> None:
    app.run("up")
    name = "3_parts.up.sql"
    app.write({name: "UPDATE books SET n = n + 1;\nVACUUM;\nINSERT INTO nowhere VALUES (1);\n"})
    code, _, err = app.run("up")
    assert (code, "2 of 3 parts" in err, f"{name}:3:1" in err) == (1, True, True), err
    assert app.rows("SELECT version, dirty FROM schema_migrations") == [(3, 1)]
    app.write({name: "UPDATE books SET n = n + 9;\nVACUUM;\nINSERT INTO nowhere VALUES (1);\n"})
    assert app.run("up")[0] == 3
    app.write({name: "UPDATE books SET n = n + 1;\nVACUUM;\nUPDATE books SET n = n + 10;\n"})
    code, _, err = app.run("up")
    assert code == 0, err
    assert app.rows("SELECT n FROM books") == [(12,)]
    assert app.rows("SELECT version, dirty FROM schema_migrations") == [(3, 0)]
    assert app.run("status")[1].splitlines()[2].split() == ["applied", "3_parts"]


def test_a_script_in_parts_that_fails_at_once_leaves_nothing(app: App) -> None:
    app.run("up")
    app.write({"3_parts.up.sql": "-- shiplift: transaction=off\nINSERT INTO nowhere VALUES (1);\nVACUUM;\n"})
    code, _, err = app.run("up")
    assert (code, "nothing of db/migrations/3_parts.up.sql stands" in err) == (1, True), err
    assert app.rows("SELECT version, dirty FROM schema_migrations") == [(2, 0)]


def test_a_script_too_large_to_hold_is_streamed_and_its_errors_keep_their_place(app: App) -> None:
    line = "INSERT INTO books (n) VALUES (7); -- " + "x" * 80 + "\n"
    count = 5 * 1024 * 1024 // len(line)
    app.run("up")
    app.write({"3_large.up.sql": line * count + "INSERT INTO nowhere VALUES (1);\n"})
    code, _, err = app.run("up")
    assert (code, f"3_large.up.sql:{count + 1}:1" in err) == (1, True), err
    assert app.rows("SELECT count(*) FROM books") == [(1,)]
    app.write({"3_large.up.sql": line * count})
    assert app.run("up")[0] == 0
    assert app.rows("SELECT count(*) FROM books") == [(count + 1,)]
