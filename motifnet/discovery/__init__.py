"""Motifs from sequences: candidates are searched, a network learns, and what it learnt is judged."""
