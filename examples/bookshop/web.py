"""The bookshop's web process: lists books and their prices; it needs migration 2."""

import os
import sqlite3
from http.server import BaseHTTPRequestHandler, HTTPServer


class Shop(BaseHTTPRequestHandler):
    """Answers every request with the list."""

    def do_GET(self) -> None:
        """Read the books and send them as text."""
        database = sqlite3.connect(os.environ["DATABASE_URL"].removeprefix("sqlite://"))
        rows = database.execute("SELECT title, price FROM books ORDER BY id").fetchall()
        database.close()
        self.send_response(200)
        self.end_headers()
        self.wfile.write("".join(f"{title}: {price}\n" for title, price in rows).encode())


HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Shop).serve_forever()
