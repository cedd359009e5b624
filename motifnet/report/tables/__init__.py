"""Rows of tables: of pages, with their logos, and of tab-separated files for scripts."""
