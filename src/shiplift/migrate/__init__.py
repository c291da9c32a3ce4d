"""The engine: reads, plans, locks, runs, records. It knows ports, never an adapter."""
