"""What an engine can do, as data: the engine and the tests ask these, never a database's name."""

from __future__ import annotations

from typing import NamedTuple


class Capabilities(NamedTuple):
    """Flags of a database adapter.

    ``transactional_ddl``: a transaction takes DDL back. ``session_lock``: the run lock belongs to the
    connection and goes with it. ``cross_process_lock``: the run lock keeps other processes out.
    ``copy_from_stdin``: ``COPY ... FROM stdin`` data can be sent. ``durable``: it outlives the process.
    ``statement_timeout`` and ``lock_timeout``: the server can be told.
    """

    transactional_ddl: bool = True
    session_lock: bool = True
    cross_process_lock: bool = True
    copy_from_stdin: bool = False
    durable: bool = True
    statement_timeout: bool = False
    lock_timeout: bool = False
