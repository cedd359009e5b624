"""Training: fit, objectives, metrics, devices, progress."""
