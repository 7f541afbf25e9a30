"""What families of models share: their needs and hyperparameters, which a page shows and a search changes."""

from __future__ import annotations

from core.spec import Needs, Param

PLAIN = Needs()
DENSE = Needs(dense=True)
TREES = Needs(scaled=False, no_missing=False, numeric_only=False, dense=True)
NATIVE = Needs(scaled=False, no_missing=False, numeric_only=False, native_categories=True, dense=True)
NOTHING = TREES

LINEAR_C = Param(
    "C",
    1.0,
    1e-3,
    1e3,
    log=True,
    help="Freedom of the coefficients: small keeps them near zero.",
    label="Freedom to fit (C)",
)
BALANCED = Param(
    "class_weight",
    None,
    options=(None, "balanced"),
    help="Whether rare classes count more. Helps recall, bends probabilities.",
    tune=False,
    label="Weight of classes",
)
DEPTH = Param(
    "max_depth",
    8,
    1,
    32,
    help="Most questions in a row. Deep trees remember, shallow ones generalise.",
    label="Depth of a tree",
)
LEAF = Param(
    "min_samples_leaf",
    5,
    1,
    100,
    log=True,
    help="Fewest rows behind an answer. More is smoother.",
    label="Rows in a leaf",
)
FOREST = (
    Param(
        "n_estimators",
        300,
        50,
        1000,
        log=True,
        help="Number of trees. More is steadier and slower.",
        tune=False,
        label="Trees",
    ),
    Param(
        "max_features",
        0.3,
        0.05,
        1.0,
        help="Share of the columns each question may look at.",
        label="Share of columns a split",
    ),
    LEAF,
)
HGB = (
    Param("learning_rate", 0.1, 0.005, 0.5, log=True, help="Step of each round. Small needs more rounds."),
    Param(
        "max_leaf_nodes",
        31,
        4,
        255,
        log=True,
        help="Leaves of each tree: how fine a pattern may be.",
        label="Leaves of a tree",
    ),
    Param(
        "min_samples_leaf",
        20,
        2,
        200,
        log=True,
        help="Fewest rows behind an answer. More is smoother.",
        label="Rows in a leaf",
    ),
    Param(
        "l2_regularization",
        1e-3,
        1e-8,
        10.0,
        log=True,
        help="Pull of the answers towards zero.",
        label="Penalty (L2)",
    ),
    Param(
        "max_iter",
        500,
        20,
        2000,
        log=True,
        help="Most rounds; it stops early by itself.",
        tune=False,
        label="Most rounds",
    ),
)
HGB_FIXED = {"early_stopping": True, "validation_fraction": 0.1, "n_iter_no_change": 20}
LGBM = (
    Param("learning_rate", 0.05, 0.005, 0.5, log=True, help="Step of each round. Small needs more rounds."),
    Param(
        "num_leaves",
        31,
        4,
        255,
        log=True,
        help="Leaves of each tree: how fine a pattern may be.",
        label="Leaves of a tree",
    ),
    Param(
        "min_child_samples",
        20,
        2,
        200,
        log=True,
        help="Fewest rows behind an answer. More is smoother.",
        label="Rows in a leaf",
    ),
    Param(
        "colsample_bytree",
        0.9,
        0.3,
        1.0,
        help="Share of the columns each tree may use.",
        label="Share of columns a tree",
    ),
    Param(
        "reg_lambda",
        1e-3,
        1e-8,
        10.0,
        log=True,
        help="Pull of the answers towards zero.",
        label="Penalty (L2)",
    ),
    Param(
        "n_estimators",
        1000,
        20,
        5000,
        log=True,
        help="Most rounds; it stops early by itself.",
        tune=False,
        label="Trees",
    ),
)
NEIGHBOURS = (
    Param(
        "n_neighbors",
        25,
        1,
        200,
        log=True,
        help="How many neighbours are asked. More is smoother.",
        label="Neighbours",
    ),
    Param("weights", "distance", options=("uniform", "distance"), help="Whether nearer rows count more."),
)
BRUTE = {"algorithm": "brute"}
NETWORK = (
    Param(
        "width",
        64,
        4,
        512,
        log=True,
        help="Units in a layer.",
        label="Neurons a layer",
    ),
    Param(
        "depth",
        1,
        1,
        4,
        help="Number of layers.",
        label="Hidden layers",
    ),
    Param(
        "alpha",
        1e-3,
        1e-8,
        10.0,
        log=True,
        help="Pull of the weights towards zero.",
        label="Penalty (alpha)",
    ),
    Param(
        "learning_rate_init",
        1e-3,
        1e-5,
        0.1,
        log=True,
        help="Step of the optimiser.",
        tune=False,
        label="Learning rate",
    ),
)
KERNEL = (
    Param(
        "C",
        1.0,
        1e-2,
        1e3,
        log=True,
        help="Price of an error: large follows the data closely.",
        label="Freedom to fit (C)",
    ),
    Param(
        "gamma",
        "scale",
        options=("scale", "auto"),
        help="Reach of a row: how its width is set.",
        label="Reach (gamma)",
    ),
)
