"""The release phase: the steps around the migrations, and their undo."""
