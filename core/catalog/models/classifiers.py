"""The models for classes. Adding one is one entry here; the contract tests do the rest."""

from __future__ import annotations

from typing import Any

from sklearn.calibration import CalibratedClassifierCV
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.svm import SVC, LinearSVC
from sklearn.tree import DecisionTreeClassifier

from core.catalog.baselines import BASELINES
from core.catalog.models.params import (
    BALANCED,
    BRUTE,
    DENSE,
    DEPTH,
    FOREST,
    HGB,
    HGB_FIXED,
    KERNEL,
    LEAF,
    LGBM,
    LINEAR_C,
    NATIVE,
    NEIGHBOURS,
    NETWORK,
    NOTHING,
    PLAIN,
    TREES,
)
from core.spec import CLASSIFICATION, Model, Param
from core.standalone.transformers import HistogramClassifier, LightGBMClassifier


def linear_svm(C: float, random_state: int) -> CalibratedClassifierCV:
    """A linear support vector machine with probabilities by Platt's sigmoid on three inner folds."""
    machine = LinearSVC(C=C, random_state=random_state, dual="auto", max_iter=5000)
    return CalibratedClassifierCV(machine, method="sigmoid", cv=3, ensemble=False)


def kernel_svm(C: float, gamma: str, random_state: int) -> CalibratedClassifierCV:
    """A radial-kernel support vector machine with probabilities by Platt's sigmoid on three inner folds."""
    machine = SVC(C=C, gamma=gamma, random_state=random_state)
    return CalibratedClassifierCV(machine, method="sigmoid", cv=3, ensemble=False)


def mlp_classifier(width: int, depth: int, random_state: int, **settings: Any) -> MLPClassifier:
    """A network of ``depth`` layers of ``width`` units that gives class probabilities."""
    return MLPClassifier((width,) * depth, random_state=random_state, **settings)


CLASSIFIERS = [
    Model(
        BASELINES["binary"],
        "Baseline",
        "Always gives the class shares of the training rows. Every model must beat it.",
        DummyClassifier,
        fixed={"strategy": "prior"},
        tasks=CLASSIFICATION,
        needs=NOTHING,
    ),
    Model(
        "logistic_regression",
        "Logistic regression",
        "A weighted sum of the columns. Quick, steady and easy to explain.",
        LogisticRegression,
        (LINEAR_C, BALANCED),
        {"max_iter": 2000},
        tasks=CLASSIFICATION,
        needs=PLAIN,
        simplicity=1,
        family="Linear",
    ),
    Model(
        "gaussian_nb",
        "Naive Bayes",
        "Treats the columns as independent bells. Instant; probabilities are often too sure.",
        GaussianNB,
        (
            Param(
                "var_smoothing",
                1e-9,
                1e-12,
                1.0,
                log=True,
                help="Widens the bells: more is smoother.",
                label="Smoothing",
            ),
        ),
        tasks=CLASSIFICATION,
        needs=DENSE,
        simplicity=2,
    ),
    Model(
        "knn_classifier",
        "Nearest neighbours",
        "Asks the nearest neighbours, the most similar rows. The exported file holds the training rows.",
        KNeighborsClassifier,
        NEIGHBOURS,
        BRUTE,
        tasks=CLASSIFICATION,
        needs=PLAIN,
        simplicity=4,
        cost=3,
        max_rows=20_000,
        family="Neighbours and kernels",
        keeps_rows=True,
    ),
    Model(
        "tree_classifier",
        "Decision tree",
        "A tree of yes-or-no questions that can be drawn and read.",
        DecisionTreeClassifier,
        (
            DEPTH,
            Param(
                "min_samples_leaf",
                20,
                1,
                200,
                log=True,
                help=LEAF.help,
                label="Rows in a leaf",
            ),
            BALANCED,
        ),
        tasks=CLASSIFICATION,
        needs=TREES,
        simplicity=3,
        family="Trees",
    ),
    Model(
        "random_forest_classifier",
        "Random forest",
        "Many trees on resampled rows, averaged. Robust with little tuning.",
        RandomForestClassifier,
        (*FOREST, BALANCED),
        tasks=CLASSIFICATION,
        needs=TREES,
        simplicity=6,
        cost=3,
        family="Trees",
    ),
    Model(
        "extra_trees_classifier",
        "Extra trees",
        "Like a random forest with random cuts: smoother and quicker.",
        ExtraTreesClassifier,
        (*FOREST, BALANCED),
        tasks=CLASSIFICATION,
        needs=TREES,
        simplicity=6,
        cost=3,
        family="Trees",
    ),
    Model(
        "hist_gradient_boosting_classifier",
        "Histogram gradient boosting",
        "Trees that correct each other. Often the best on tables; takes missing values and categories as is.",
        HistogramClassifier,
        (*HGB, BALANCED),
        HGB_FIXED,
        tasks=CLASSIFICATION,
        needs=NATIVE,
        simplicity=7,
        cost=2,
        family="Boosting",
    ),
    Model(
        "lightgbm_classifier",
        "LightGBM",
        "Trees that correct each other, grown leaf by leaf. Strong and quick on large tables.",
        LightGBMClassifier,
        LGBM,
        tasks=CLASSIFICATION,
        needs=NATIVE,
        simplicity=7,
        cost=2,
        family="Boosting",
    ),
    Model(
        "linear_svm_classifier",
        "Linear SVM",
        "The widest gap between two classes, with calibrated probabilities.",
        linear_svm,
        (
            Param(
                "C",
                0.1,
                1e-4,
                1e2,
                log=True,
                help=LINEAR_C.help,
                label="Freedom to fit (C)",
            ),
        ),
        tasks=CLASSIFICATION,
        needs=PLAIN,
        simplicity=2,
        cost=2,
        family="Linear",
    ),
    Model(
        "svm_classifier",
        "Kernel SVM",
        "A curved boundary from the rows that matter. Slow above ten thousand rows.",
        kernel_svm,
        KERNEL,
        tasks=CLASSIFICATION,
        needs=PLAIN,
        simplicity=5,
        cost=5,
        max_rows=5_000,
        family="Neighbours and kernels",
        keeps_rows=True,
    ),
    Model(
        "mlp_classifier",
        "Neural network",
        "Layers of weighted sums. Can learn smooth, joint patterns; needs rows.",
        mlp_classifier,
        NETWORK,
        {"early_stopping": True, "max_iter": 200},
        tasks=CLASSIFICATION,
        needs=PLAIN,
        simplicity=8,
        cost=4,
    ),
]
