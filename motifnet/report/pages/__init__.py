"""Whole pages, each one HTML file that opens anywhere, offline, and prints."""
