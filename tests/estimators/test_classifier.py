"""A network and its motifs as a classifier: on planted and real motifs, and by scikit-learn's own checks."""

import os
import pickle
import warnings
from pathlib import Path

import numpy as np
import pytest
import torch
from sklearn.base import clone
from sklearn.exceptions import DataConversionWarning, NotFittedError
from sklearn.model_selection import GridSearchCV, StratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.utils.estimator_checks import SkipTest, estimator_checks_generator

import motifnet
from motifnet.datasets.simulate import Planted, motif_from_word, simulate
from motifnet.errors import InvalidValue, TooFewSequences, UnknownName
from motifnet.estimators import MotifClassifier
from motifnet.models.baselines import CompositionClassifier, GappedKmerClassifier
from motifnet.motifs.compare import similarity
from motifnet.symbols.background import Background
from motifnet.symbols.given import as_sequences

WORD = "CCGGAAGTGA"
QUICK = {"n_motifs": 1, "n_filters": 2, "filter_width": 12, "max_epochs": 3, "device": "cpu"}


@pytest.fixture(scope="module")
def planted():
    """Texts with the word and without, and their classes."""
    made = simulate(
        [Planted(motif_from_word(WORD), 0.95)],
        Background.from_gc(0.45), n_targets=150, n_controls=200, length=60, seed=3,
    )  # fmt: skip
    texts = [made.targets.text(i) for i in range(150)] + [made.controls.text(i) for i in range(200)]
    return texts, np.repeat(["bound", "a control"], [150, 200])


@pytest.fixture(scope="module")
def fitted(planted):
    X, y = planted
    return MotifClassifier(**QUICK).fit(X, y == "bound")


def test_what_was_planted_is_found_and_told_apart(planted):
    X, y = planted
    scores = cross_val_score(MotifClassifier(**QUICK), X, y == "bound", cv=3, scoring="roc_auc")
    baselines = [
        cross_val_score(one, X, y == "bound", cv=3, scoring="roc_auc").mean()
        for one in (CompositionClassifier(), GappedKmerClassifier())
    ]
    assert scores.mean() > max(0.93, *baselines)
    assert baselines[1] > 0.8 > baselines[0]


def test_motifs_are_those_of_the_second_class(fitted):
    (motif,) = fitted.motifs_
    assert motif.consensus in (WORD, motif_from_word(WORD).reverse_complement().consensus)
    assert similarity(motif.probabilities, motif_from_word(WORD).probabilities, motif.background) > 0.9


def test_classes_have_names_and_probabilities(planted):
    X, y = planted
    named = MotifClassifier(**QUICK).fit(X, y)
    assert named.classes_.tolist() == ["a control", "bound"]
    found = named.predict_proba(X)
    np.testing.assert_allclose(found.sum(1), 1)
    np.testing.assert_array_equal(named.predict(X), named.classes_[found.argmax(1)])
    assert named.score(X, y) == np.mean(named.predict(X) == y) > 0.9
    assert set(named.predict(["ACGT" * 10])) <= set(y)


def test_probabilities_are_of_classes_alike_or_as_frequent_as_they_were(planted, fitted):
    X, y = planted
    as_they_were = clone(fitted).set_params(class_weight=None).fit(X, y == "bound")
    np.testing.assert_allclose(
        as_they_were.decision_function(X) - fitted.decision_function(X), np.log(150 / 200), rtol=1e-5
    )


def test_any_form_of_sequences_gives_the_same(planted, fitted):
    from Bio.Seq import Seq
    from Bio.SeqRecord import SeqRecord

    X = planted[0][:20]
    expected = fitted.predict_proba(X)
    records = [SeqRecord(Seq(text.lower()), id=f"r{i}") for i, text in enumerate(X)]
    for same in (
        np.array(X),
        np.array(X, object),
        records,
        as_sequences(X),
        [as_sequences([text])[0] for text in X],
    ):
        np.testing.assert_array_equal(fitted.predict_proba(same), expected)


def test_a_sequence_is_told_whatever_stands_beside_it(planted, fitted):
    X = planted[0]
    whole, order = fitted.decision_function(X), np.random.default_rng(0).permutation(len(X))
    np.testing.assert_allclose(fitted.decision_function([X[i] for i in order]), whole[order], rtol=1e-5)
    single = np.concatenate([fitted.decision_function([text]) for text in X[:10]])
    np.testing.assert_allclose(single, whole[:10], rtol=1e-4, atol=1e-5)


def test_fitting_again_gives_the_same_and_predicting_changes_nothing(planted, fitted):
    X, y = planted
    before = pickle.dumps(fitted.__getstate__()["_weights"])
    again = clone(fitted).fit(X, y == "bound")
    np.testing.assert_array_equal(again.predict_proba(X), fitted.predict_proba(X))
    assert pickle.dumps(fitted.__getstate__()["_weights"]) == before
    assert again.get_params() == fitted.get_params()


@pytest.mark.parametrize("options", [{}, {"strand": "single"}, {"tie": ("palindrome",), "filter_width": 10}])
def test_it_is_pickled_and_copied_by_its_weights(planted, options):
    X, y = planted
    model = MotifClassifier(**(QUICK | {"max_epochs": 1} | options)).fit(X, y == "bound")
    again = pickle.loads(pickle.dumps(model))
    np.testing.assert_array_equal(again.predict_proba(X), model.predict_proba(X))
    assert [one.consensus for one in again.motifs_] == [one.consensus for one in model.motifs_]
    assert not hasattr(clone(again), "network_")
    assert pickle.loads(pickle.dumps(clone(again))).get_params() == model.get_params()


def test_it_stands_in_a_pipeline_and_a_search(planted):
    X, y = planted
    trimmed = FunctionTransformer(lambda texts: [text[5:-5] for text in texts])
    pipeline = make_pipeline(trimmed, MotifClassifier(**QUICK))
    search = GridSearchCV(
        pipeline, {"motifclassifier__filter_width": [8, 12]}, cv=StratifiedKFold(2), scoring="roc_auc"
    ).fit(X, y == "bound")
    assert search.best_score_ > 0.8
    assert search.best_estimator_[-1].motifs_


@pytest.mark.parametrize(
    ("X", "y", "options", "error", "sentence"),
    [
        (["ACGT"] * 4, [0, 1, 0], {}, InvalidValue, "number of labels is 3; expected as many as sequences"),
        (["ACGT"] * 3, [0, 1, 2], {}, InvalidValue, "Only binary classification is supported"),
        (["ACGT"] * 3, [1, 1, 1], {}, InvalidValue, "number of classes is 1"),
        (["ACGT"] * 3, [0.5, 1.2, 0.1], {}, ValueError, "Unknown label type"),
        (["ACGT"] * 3, None, {}, InvalidValue, "requires y to be passed"),
        (["ACGT"] * 3, [0, 0, 1], {}, TooFewSequences, "sequences of a class"),
        (["AC-T"] * 4, [0, 0, 1, 1], {}, InvalidValue, "letter 3 of sequence seq1 is '-'"),
        ("ACGT", [0, 1], {}, InvalidValue, "expected a list of them"),
        (["ACGT"] * 4, [0, 0, 1, 1], {"class_weight": "even"}, InvalidValue, "'balanced' or None"),
        (["ACGT" * 9] * 4, [0, 0, 1, 1], {"family": "wide"}, UnknownName, "no family named 'wide'"),
    ],
)
def test_what_cannot_be_learnt_from_is_said(X, y, options, error, sentence):
    with pytest.raises(error, match=sentence):
        MotifClassifier(**(QUICK | options)).fit(X, y)


def test_what_was_not_fitted_says_so():
    for ask in ("predict", "predict_proba", "decision_function"):
        with pytest.raises(NotFittedError):
            getattr(MotifClassifier(), ask)(["ACGT"])


def test_labels_in_a_column_are_taken_with_a_warning(planted):
    X, y = planted
    with pytest.warns(DataConversionWarning, match="column-vector y was passed"):
        MotifClassifier(**(QUICK | {"max_epochs": 1})).fit(X, (y == "bound")[:, None])


MATRIX = "hands over a matrix of numbers, whose rows are no sequences; its sequence version is a test above"
CANNOT_APPLY = {
    **dict.fromkeys(
        [
            "check_classifier_data_not_an_array", "check_classifiers_classes", "check_classifiers_train",
            "check_complex_data", "check_decision_proba_consistency", "check_dict_unchanged",
            "check_dont_overwrite_parameters", "check_dtype_object", "check_estimator_sparse_array",
            "check_estimator_sparse_matrix", "check_estimators_dtypes",
            "check_estimators_empty_data_messages", "check_estimators_fit_returns_self",
            "check_estimators_nan_inf", "check_estimators_overwrite_params", "check_estimators_pickle",
            "check_f_contiguous_array_estimator", "check_fit2d_1feature", "check_fit2d_1sample",
            "check_fit2d_predict1d", "check_fit_check_is_fitted", "check_fit_idempotent",
            "check_fit_score_takes_y", "check_methods_sample_order_invariance",
            "check_methods_subset_invariance", "check_pipeline_consistency",
            "check_positive_only_tag_during_fit", "check_readonly_memmap_input", "check_supervised_y_2d",
        ],
        MATRIX,
    ),
    "check_n_features_in": "sequences have no columns to count",
    "check_n_features_in_after_fitting": "sequences have no columns to count",
    "check_class_weight_classifiers": "weights of classes are 'balanced' or those of the data",
    "check_classifiers_one_label": "of one class alone, there is nothing that motifs are enriched against",
}  # fmt: skip


class OfNumbers(MotifClassifier):
    """The same, of which scikit-learn believes that it takes numbers, so that it runs all of its checks."""

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array, tags.no_validation = True, False
        return tags


def test_scikit_learns_own_checks_pass_where_they_can_apply():
    OfNumbers.__name__ = "MotifClassifier"
    passed, failed = set(), {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # checks warn of what they skip
        for estimator, check in estimator_checks_generator(OfNumbers(**QUICK)):
            name = getattr(check, "func", check).__name__
            try:
                check(estimator)
                passed.add(name)
            except SkipTest:
                pass
            except Exception as error:  # noqa: BLE001 - whatever a check raises, it has failed
                failed[name] = error
    assert failed.keys() <= CANNOT_APPLY.keys(), {
        name: str(error) for name, error in failed.items() if name not in CANNOT_APPLY
    }
    assert len(passed) >= 17
    assert all(reason for reason in CANNOT_APPLY.values())


def test_it_is_offered_by_the_package():
    assert motifnet.MotifClassifier is MotifClassifier


@pytest.mark.real
@pytest.mark.skipif("MOTIFNET_DATA" not in os.environ, reason="MOTIFNET_DATA names no folder of real data")
def test_the_motif_of_a_factor_is_learnt_from_its_peaks():
    """Peaks of NF-E2 in lymphoblasts, most of which hold the E-box of USF, against regions of equal GC."""
    folder = Path(os.environ["MOTIFNET_DATA"])
    bound = motifnet.read_fasta(folder / "tf" / "NFE2_GM12878_lsgkm.fa.gz")
    free = motifnet.read_fasta(folder / "tf_neg" / "NFE2_GM12878_lsgkm.neg.fa.gz")
    n = 300
    X = [one.text(i) for one in (bound, free) for i in range(n)]
    y = np.repeat([1, 0], n)
    model = MotifClassifier(n_motifs=3, n_filters=8, max_epochs=10, device="cpu")
    scores = cross_val_score(model, X, y, cv=3, scoring="roc_auc")
    words = cross_val_score(GappedKmerClassifier(), X, y, cv=3, scoring="roc_auc")
    assert scores.mean() > max(0.85, words.mean())
    known = motif_from_word("GTCACGTGAC")
    motifs = model.fit(X, y).motifs_
    alike = [similarity(one.probabilities, known.probabilities, one.background) for one in motifs]
    assert alike[0] == max(alike) > 0.4


@pytest.mark.parametrize(
    ("options", "told"),
    [({"n_filters": -1}, "n_filters"), ({"strand": "x"}, "strand"), ({"random_state": "seed"}, "seed")],
)
def test_an_option_that_cannot_be_is_told_by_its_name(options, told):
    with pytest.raises(ValueError, match=told) as error:
        MotifClassifier(**options).fit(["ACGTACGT"] * 8, [0, 1] * 4)
    assert "pydantic" not in str(error.value)


def test_the_random_numbers_of_the_caller_go_on():
    torch.manual_seed(11)
    expected = torch.rand(3)
    torch.manual_seed(11)
    X, y = ["TTGATAAGTTCC", "CCGTATAGCCAA"] * 10, [0, 1] * 10
    quick = {"n_motifs": 1, "n_filters": 1, "filter_width": 8, "max_epochs": 1, "device": "cpu"}
    MotifClassifier(**quick, random_state=3).fit(X, y)
    torch.testing.assert_close(torch.rand(3), expected)
    MotifClassifier(**quick, random_state=np.random.RandomState(1)).fit(X, y)
