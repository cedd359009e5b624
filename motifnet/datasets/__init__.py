"""Sequences with labels and parts: targets, their controls, and how they are split."""
