"""Charts of whole results as inline SVG: curves, histograms, positions and spacings of sites."""
