"""Naming rules of tools: file names become migrations."""
