"""Forward, backward and best path of an HMM whose motifs are chains between stretches of background.

A chain of a motif is passed through from its first state to its last, so the model is a renewal
process: at each point between two bases it either emits one base of the background or a whole
site. With likelihoods relative to that of background alone, the sum over all paths to a point obeys

    forward[t] = forward[t - 1] + sum over motifs and strands of odds[t - width] * forward[t - width]

which costs the same for every width. Here ``odds[s]`` is the weight of a site times the odds of
the bases from ``s`` on. No term is negative: nothing underflows, and what grows is divided by
powers of two, which is exact.

The odds of a window are a product of a few look-ups, of words of four letters in base five: A, C,
G, T and unknown. An unknown base is missing: it has odds 1 in every state, and a site may cover
it. Sites lie wholly inside of their sequence. A base of the background depends on the bases
before it, as far as they are known, whichever states emitted those.
"""
