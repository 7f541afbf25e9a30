"""The families of models. Adding one is one entry here; the contract tests do the rest."""

from __future__ import annotations

from typing import Any

from sklearn.calibration import CalibratedClassifierCV
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.ensemble import (
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.linear_model import ElasticNet, LogisticRegression, Ridge
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.svm import SVC, SVR, LinearSVC
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from core.spec import CLASSIFICATION, Catalog, Model, Needs, Param, Task
from core.transformers import LightGBMClassifier, LightGBMRegressor

REGRESSION: tuple[Task, ...] = ("regression",)
PLAIN = Needs()
DENSE = Needs(dense=True)
TREES = Needs(scaled=False, no_missing=False, numeric_only=False, dense=True)
NATIVE = Needs(scaled=False, no_missing=False, numeric_only=False, native_categories=True, dense=True)
NOTHING = TREES


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


def mlp_regressor(width: int, depth: int, random_state: int, **settings: Any) -> MLPRegressor:
    """A network of ``depth`` layers of ``width`` units that gives numbers."""
    return MLPRegressor(hidden_layer_sizes=(width,) * depth, random_state=random_state, **settings)


LINEAR_C = Param(
    "C", 1.0, 1e-3, 1e3, log=True, help="Freedom of the coefficients: small keeps them near zero."
)
BALANCED = Param(
    "class_weight",
    None,
    options=(None, "balanced"),
    help="Whether rare classes count more. Helps recall, bends probabilities.",
    tune=False,
)
DEPTH = Param(
    "max_depth", 8, 1, 32, help="Most questions in a row. Deep trees remember, shallow ones generalise."
)
LEAF = Param("min_samples_leaf", 5, 1, 100, log=True, help="Fewest rows behind an answer. More is smoother.")
FOREST = (
    Param(
        "n_estimators",
        300,
        50,
        1000,
        log=True,
        help="Number of trees. More is steadier and slower.",
        tune=False,
    ),
    Param("max_features", 0.3, 0.05, 1.0, help="Share of the columns each question may look at."),
    LEAF,
)
HGB = (
    Param("learning_rate", 0.1, 0.005, 0.5, log=True, help="Step of each round. Small needs more rounds."),
    Param("max_leaf_nodes", 31, 4, 255, log=True, help="Leaves of each tree: how fine a pattern may be."),
    Param("min_samples_leaf", 20, 2, 200, log=True, help="Fewest rows behind an answer. More is smoother."),
    Param("l2_regularization", 1e-3, 1e-8, 10.0, log=True, help="Pull of the answers towards zero."),
    Param("max_iter", 500, 20, 2000, log=True, help="Most rounds; it stops early by itself.", tune=False),
)
HGB_FIXED = {"early_stopping": True, "validation_fraction": 0.1, "n_iter_no_change": 20}
LGBM = (
    Param("learning_rate", 0.05, 0.005, 0.5, log=True, help="Step of each round. Small needs more rounds."),
    Param("num_leaves", 31, 4, 255, log=True, help="Leaves of each tree: how fine a pattern may be."),
    Param("min_child_samples", 20, 2, 200, log=True, help="Fewest rows behind an answer. More is smoother."),
    Param("colsample_bytree", 0.9, 0.3, 1.0, help="Share of the columns each tree may use."),
    Param("reg_lambda", 1e-3, 1e-8, 10.0, log=True, help="Pull of the answers towards zero."),
    Param(
        "n_estimators", 1000, 20, 5000, log=True, help="Most rounds; it stops early by itself.", tune=False
    ),
)
NEIGHBOURS = (
    Param("n_neighbors", 25, 1, 200, log=True, help="How many similar rows are asked. More is smoother."),
    Param("weights", "distance", options=("uniform", "distance"), help="Whether nearer rows count more."),
)
BRUTE = {"algorithm": "brute"}
NETWORK = (
    Param("width", 64, 4, 512, log=True, help="Units in a layer."),
    Param("depth", 1, 1, 4, help="Number of layers."),
    Param("alpha", 1e-3, 1e-8, 10.0, log=True, help="Pull of the weights towards zero."),
    Param("learning_rate_init", 1e-3, 1e-5, 0.1, log=True, help="Step of the optimiser.", tune=False),
)
KERNEL = (
    Param("C", 1.0, 1e-2, 1e3, log=True, help="Price of an error: large follows the data closely."),
    Param("gamma", "scale", options=("scale", "auto"), help="Reach of a row: how its width is set."),
)

MODELS: Catalog[Model] = Catalog(
    "model",
    [
        Model(
            "dummy_classifier",
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
        ),
        Model(
            "gaussian_nb",
            "Naive Bayes",
            "Treats the columns as independent bells. Instant; probabilities are often too sure.",
            GaussianNB,
            (Param("var_smoothing", 1e-9, 1e-12, 1.0, log=True, help="Widens the bells: more is smoother."),),
            tasks=CLASSIFICATION,
            needs=DENSE,
            simplicity=2,
        ),
        Model(
            "knn_classifier",
            "Nearest neighbours",
            "Asks the most similar rows. The exported file holds the training rows.",
            KNeighborsClassifier,
            NEIGHBOURS,
            BRUTE,
            tasks=CLASSIFICATION,
            needs=PLAIN,
            simplicity=4,
            cost=3,
            max_rows=20_000,
        ),
        Model(
            "tree_classifier",
            "Decision tree",
            "A tree of yes-or-no questions that can be drawn and read.",
            DecisionTreeClassifier,
            (DEPTH, Param("min_samples_leaf", 20, 1, 200, log=True, help=LEAF.help), BALANCED),
            tasks=CLASSIFICATION,
            needs=TREES,
            simplicity=3,
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
        ),
        Model(
            "hist_gradient_boosting_classifier",
            "Histogram gradient boosting",
            "Trees that correct each other. Often the best on tables; takes gaps and categories as they are.",
            HistGradientBoostingClassifier,
            (*HGB, BALANCED),
            HGB_FIXED,
            tasks=CLASSIFICATION,
            needs=NATIVE,
            simplicity=7,
            cost=2,
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
        ),
        Model(
            "linear_svm_classifier",
            "Linear SVM",
            "The widest gap between two classes, with calibrated probabilities.",
            linear_svm,
            (Param("C", 0.1, 1e-4, 1e2, log=True, help=LINEAR_C.help),),
            tasks=CLASSIFICATION,
            needs=PLAIN,
            simplicity=2,
            cost=2,
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
        Model(
            "dummy_regressor",
            "Baseline",
            "Always gives the mean of the training rows. Every model must beat it.",
            DummyRegressor,
            fixed={"strategy": "mean"},
            tasks=REGRESSION,
            needs=NOTHING,
        ),
        Model(
            "ridge",
            "Ridge regression",
            "A weighted sum of the columns. Quick, steady and easy to explain.",
            Ridge,
            (Param("alpha", 1.0, 1e-3, 1e4, log=True, help="Pull of the coefficients towards zero."),),
            tasks=REGRESSION,
            needs=PLAIN,
            simplicity=1,
        ),
        Model(
            "elastic_net",
            "Elastic net",
            "A weighted sum that sets useless columns to zero.",
            ElasticNet,
            (
                Param("alpha", 0.01, 1e-4, 1e2, log=True, help="Pull of the coefficients towards zero."),
                Param("l1_ratio", 0.5, 0.0, 1.0, help="1 drops columns, 0 only shrinks them."),
            ),
            {"max_iter": 5000},
            tasks=REGRESSION,
            needs=PLAIN,
            simplicity=2,
        ),
        Model(
            "knn_regressor",
            "Nearest neighbours",
            "Averages the most similar rows. The exported file holds the training rows.",
            KNeighborsRegressor,
            NEIGHBOURS,
            BRUTE,
            tasks=REGRESSION,
            needs=PLAIN,
            simplicity=4,
            cost=3,
            max_rows=20_000,
        ),
        Model(
            "tree_regressor",
            "Decision tree",
            "A tree of yes-or-no questions that can be drawn and read.",
            DecisionTreeRegressor,
            (DEPTH, Param("min_samples_leaf", 20, 1, 200, log=True, help=LEAF.help)),
            tasks=REGRESSION,
            needs=TREES,
            simplicity=3,
        ),
        Model(
            "random_forest_regressor",
            "Random forest",
            "Many trees on resampled rows, averaged. Robust with little tuning.",
            RandomForestRegressor,
            FOREST,
            tasks=REGRESSION,
            needs=TREES,
            simplicity=6,
            cost=4,
        ),
        Model(
            "extra_trees_regressor",
            "Extra trees",
            "Like a random forest with random cuts: smoother and quicker.",
            ExtraTreesRegressor,
            FOREST,
            tasks=REGRESSION,
            needs=TREES,
            simplicity=6,
            cost=3,
        ),
        Model(
            "hist_gradient_boosting_regressor",
            "Histogram gradient boosting",
            "Trees that correct each other. Often the best on tables; takes gaps and categories as they are.",
            HistGradientBoostingRegressor,
            HGB,
            HGB_FIXED,
            tasks=REGRESSION,
            needs=NATIVE,
            simplicity=7,
            cost=2,
        ),
        Model(
            "lightgbm_regressor",
            "LightGBM",
            "Trees that correct each other, grown leaf by leaf. Strong and quick on large tables.",
            LightGBMRegressor,
            LGBM,
            tasks=REGRESSION,
            needs=NATIVE,
            simplicity=7,
            cost=2,
        ),
        Model(
            "svm_regressor",
            "Kernel SVM",
            "A smooth curve through a tube around the data. Slow above ten thousand rows.",
            SVR,
            (
                *KERNEL,
                Param("epsilon", 0.1, 1e-3, 10.0, log=True, help="Errors smaller than this cost nothing."),
            ),
            tasks=REGRESSION,
            needs=PLAIN,
            simplicity=5,
            cost=5,
            max_rows=5_000,
        ),
        Model(
            "mlp_regressor",
            "Neural network",
            "Layers of weighted sums. Can learn smooth, joint patterns; needs rows.",
            mlp_regressor,
            NETWORK,
            {"early_stopping": True, "max_iter": 200},
            tasks=REGRESSION,
            needs=PLAIN,
            simplicity=8,
            cost=4,
        ),
    ],
)


def models_for(task: str) -> tuple[Model, ...]:
    """The models that can do a task, in order of display."""
    return tuple(model for model in MODELS if task in model.tasks)


def baseline_for(task: str) -> str:
    """Id of the baseline of a task."""
    return "dummy_regressor" if task == "regression" else "dummy_classifier"
