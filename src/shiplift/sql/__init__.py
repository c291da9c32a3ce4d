"""SQL as text: bytes in, statements out. No I/O but reading the stream given."""
