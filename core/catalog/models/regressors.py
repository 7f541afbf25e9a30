"""The models for numbers. Adding one is one entry here; the contract tests do the rest."""

from __future__ import annotations

from typing import Any

from sklearn.compose import TransformedTargetRegressor
from sklearn.dummy import DummyRegressor
from sklearn.ensemble import ExtraTreesRegressor, RandomForestRegressor
from sklearn.linear_model import ElasticNet, Ridge
from sklearn.neighbors import KNeighborsRegressor
from sklearn.neural_network import MLPRegressor
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVR
from sklearn.tree import DecisionTreeRegressor

from core.catalog.baselines import BASELINES
from core.catalog.models.params import (
    BRUTE,
    DEPTH,
    FOREST,
    HGB,
    HGB_FIXED,
    KERNEL,
    LEAF,
    LGBM,
    NATIVE,
    NEIGHBOURS,
    NETWORK,
    NOTHING,
    PLAIN,
    TREES,
)
from core.spec import Model, Param, Task
from core.standalone.transformers import HistogramRegressor, LightGBMRegressor

REGRESSION: tuple[Task, ...] = ("regression",)


def on_standard_target(model: Any) -> TransformedTargetRegressor:
    """Hyperparameters mean the same whatever the unit of the target: the model learns (y - mean) / sd."""
    return TransformedTargetRegressor(model, transformer=StandardScaler())


def elastic_net(alpha: float, l1_ratio: float, random_state: int) -> TransformedTargetRegressor:
    """A weighted sum with coefficients that may be zero."""
    return on_standard_target(
        ElasticNet(alpha=alpha, l1_ratio=l1_ratio, max_iter=5000, random_state=random_state)
    )


def kernel_svr(C: float, gamma: str, epsilon: float) -> TransformedTargetRegressor:
    """A smooth curve from a radial kernel; epsilon is in standard deviations of the target."""
    return on_standard_target(SVR(C=C, gamma=gamma, epsilon=epsilon))


def mlp_regressor(width: int, depth: int, random_state: int, **settings: Any) -> TransformedTargetRegressor:
    """A network of ``depth`` layers of ``width`` units that gives numbers."""
    return on_standard_target(
        MLPRegressor(hidden_layer_sizes=(width,) * depth, random_state=random_state, **settings)
    )


REGRESSORS = [
    Model(
        BASELINES["regression"],
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
        (
            Param(
                "alpha",
                1.0,
                1e-3,
                1e4,
                log=True,
                help="Pull of the coefficients towards zero.",
                label="Penalty (alpha)",
            ),
        ),
        tasks=REGRESSION,
        needs=PLAIN,
        simplicity=1,
        family="Linear",
    ),
    Model(
        "elastic_net",
        "Elastic net",
        "A weighted sum that sets useless columns to zero.",
        elastic_net,
        (
            Param(
                "alpha",
                0.01,
                1e-4,
                1e1,
                log=True,
                help="Pull of the coefficients towards zero.",
                label="Penalty (alpha)",
            ),
            Param(
                "l1_ratio",
                0.5,
                0.0,
                1.0,
                help="1 drops columns, 0 only shrinks them.",
                label="Share of L1 penalty",
            ),
        ),
        tasks=REGRESSION,
        needs=PLAIN,
        simplicity=2,
        family="Linear",
    ),
    Model(
        "knn_regressor",
        "Nearest neighbours",
        "Averages the nearest neighbours, the most similar rows. The exported file holds the training rows.",
        KNeighborsRegressor,
        NEIGHBOURS,
        BRUTE,
        tasks=REGRESSION,
        needs=PLAIN,
        simplicity=4,
        cost=3,
        max_rows=20_000,
        family="Neighbours and kernels",
        keeps_rows=True,
    ),
    Model(
        "tree_regressor",
        "Decision tree",
        "A tree of yes-or-no questions that can be drawn and read.",
        DecisionTreeRegressor,
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
        ),
        tasks=REGRESSION,
        needs=TREES,
        simplicity=3,
        family="Trees",
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
        family="Trees",
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
        family="Trees",
    ),
    Model(
        "hist_gradient_boosting_regressor",
        "Histogram gradient boosting",
        "Trees that correct each other. Often the best on tables; takes missing values and categories as is.",
        HistogramRegressor,
        HGB,
        HGB_FIXED,
        tasks=REGRESSION,
        needs=NATIVE,
        simplicity=7,
        cost=2,
        family="Boosting",
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
        family="Boosting",
    ),
    Model(
        "svm_regressor",
        "Kernel SVM",
        "A smooth curve through a tube around the data. Slow above ten thousand rows.",
        kernel_svr,
        (
            *KERNEL,
            Param(
                "epsilon",
                0.1,
                1e-3,
                1.0,
                log=True,
                help="Errors smaller than this cost nothing; in standard deviations of the target.",
            ),
        ),
        tasks=REGRESSION,
        needs=PLAIN,
        simplicity=5,
        cost=5,
        max_rows=5_000,
        family="Neighbours and kernels",
        keeps_rows=True,
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
]
