"""Every option, declared once: type, bounds, default and one sentence.

A module for each command holds its groups of options and, last, the
:class:`~motifnet.config.stage.Config` of them all; :mod:`motifnet.config.reading` holds the groups that
several commands have. From these models come the command-line options, the JSON schema of the workflow, the
option reference in the docs and the record that is saved with a run.
"""
