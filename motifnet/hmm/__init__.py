"""Hidden Markov models under ties: of motifs in sequences, and of pairs of sequences."""
