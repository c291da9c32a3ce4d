"""Databases, one module or package per engine."""
