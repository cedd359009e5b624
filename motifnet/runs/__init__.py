"""Runs: from files to a run folder, resumable, with a record of all that went in."""
