"""Holdfast: Python environments whose links hold."""

__version__ = "0.1.0"
