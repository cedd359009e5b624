"""Every window of sequences that scores enough with matrices of whole numbers."""
