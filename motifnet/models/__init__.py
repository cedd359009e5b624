"""Networks: from sequences to one logit a task.

Every family is one file of :mod:`motifnet.models.families` that registers a
:class:`~motifnet.models.network.Network` in :data:`~motifnet.models.network.MODELS`;
:func:`~motifnet.models.build.build` makes one from the options. A network takes codes, uint8
``(batch, length)``, padded at the end, and true lengths, int64 ``(batch,)``. What is kept of a trained
one is a :class:`~motifnet.models.saved.TrainedModel`.
"""
