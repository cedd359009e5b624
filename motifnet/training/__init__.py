"""Training: fit, kinds of targets, held-out scores, metrics, devices."""
