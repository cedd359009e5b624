"""Drawings as SVG, PNG and PDF: logos, trees of motifs, dot-plots, and the axes of charts."""
