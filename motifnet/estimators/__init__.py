"""A trained network and its motifs as an estimator of scikit-learn."""

from motifnet.estimators.classifier import MotifClassifier

__all__ = ["MotifClassifier"]
