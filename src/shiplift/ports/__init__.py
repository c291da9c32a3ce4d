"""What plugs in: one protocol per file. Ports are dumb; the engine above them is smart."""
