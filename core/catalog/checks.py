"""The checks of a table: what may spoil a model before it is trained."""

from __future__ import annotations

from core.checks import columns as check_columns
from core.checks import rows as check_rows
from core.checks.leakage import leakage
from core.checks.near_copies import near_copies
from core.checks.spelling import levels, numbers, stand_ins
from core.spec import Catalog, Check, Param

CHECKS: Catalog[Check] = Catalog(
    "check",
    [
        Check(
            id="leakage",
            label="Target leakage",
            help="Looks for columns that alone tell the target, such as one filled in afterwards.",
            make=leakage,
            params=(
                Param(
                    "error",
                    0.975,
                    0.5,
                    1.0,
                    step=0.005,
                    help="From this strength (Gini, or R²) on the column is almost surely a leak.",
                    label="Almost surely a leak from",
                ),
                Param(
                    "warn",
                    0.85,
                    0.5,
                    1.0,
                    step=0.005,
                    help="From this strength (Gini, or R²) on the column deserves a look.",
                    label="Deserves a look from",
                ),
            ),
            code="LEAKAGE",
        ),
        Check(
            id="target_missing",
            label="Rows without a target",
            help="Counts the rows that cannot be learned from.",
            make=check_rows.target_missing,
            code="TARGET_MISSING",
        ),
        Check(
            id="target_constant",
            label="A target that never varies",
            help="Finds a target with one value only.",
            make=check_rows.target_constant,
            code="TARGET_CONSTANT",
        ),
        Check(
            id="target_id",
            label="A target that is a key",
            help="Finds targets with so many classes that there is nothing to learn.",
            make=check_rows.target_id,
            of_roles=True,
            params=(
                Param(
                    "classes",
                    500,
                    2,
                    10_000,
                    help="More classes than this look like a key.",
                    label="A key above, classes",
                ),
                Param(
                    "many",
                    50,
                    2,
                    10_000,
                    help="More classes than this deserve a look.",
                    label="Deserves a look above, classes",
                ),
            ),
            code="TARGET_ID",
        ),
        Check(
            id="lookalike",
            label="Values written in two ways",
            help="Finds levels that differ only in case, blanks or a stop, and yes and no in several words.",
            make=levels.lookalike_levels,
            code="LOOKALIKE",
            of_roles=True,
        ),
        Check(
            id="tiny_class",
            label="Tiny classes",
            help="Finds classes with too few rows to be split and judged.",
            make=check_rows.tiny_class,
            params=(
                Param("rows", 10, 2, 1000, help="Fewer rows than this are too few.", label="Fewest rows"),
            ),
            code="TINY_CLASS",
        ),
        Check(
            id="imbalance",
            label="Imbalance",
            help="Finds a majority class so large that accuracy says little.",
            make=check_rows.imbalance,
            params=(
                Param(
                    "share",
                    0.8,
                    0.5,
                    1.0,
                    help="Share of the largest class from which it counts.",
                    label="Share of the largest class",
                ),
            ),
            code="IMBALANCE",
        ),
        Check(
            id="time_shuffled",
            label="Time ignored",
            help="Finds a date column while rows are split at random.",
            make=check_rows.time_shuffled,
            code="TIME_SHUFFLED",
        ),
        Check(
            id="grouped",
            label="Rows that belong together",
            help="Finds a column that names what rows belong to, such as a lot or a patient.",
            make=check_rows.grouped,
            params=(
                Param(
                    "rows",
                    3,
                    2,
                    1000,
                    help="Fewer different values than this are ordinary levels.",
                    label="Fewest different values",
                ),
            ),
            code="GROUPED",
            of_roles=True,
        ),
        Check(
            id="duplicates",
            label="Duplicates",
            help="Counts duplicates: rows that repeat an earlier one, ids not compared.",
            make=check_rows.duplicates,
            code="DUPLICATES",
        ),
        Check(
            id="near_copies",
            label="Near-duplicates",
            help="Finds rows that nearly repeat another one, such as copies with a little noise.",
            make=near_copies,
            params=(
                Param(
                    "share",
                    0.1,
                    0.01,
                    1.0,
                    help="Share of such rows from which scores would mislead.",
                    label="A problem from, share of rows",
                ),
            ),
            code="NEAR_DUPLICATES",
        ),
        Check(
            id="mixed_types",
            label="Numbers or dates read as text",
            help="Finds text columns that are numbers or dates but for a few values, or for signs and units.",
            make=numbers.mixed_types,
            params=(
                Param(
                    "share",
                    0.95,
                    0.5,
                    1.0,
                    help="Share of numbers from which it counts.",
                    label="Share of numbers",
                ),
            ),
            code="MIXED_TYPES",
        ),
        Check(
            id="disguised_missing",
            label="Disguised missing values",
            help="Finds values such as -999 or ? that stand for no value, in the target too.",
            make=stand_ins.disguised_missing,
            code="DISGUISED_MISSING",
            of_roles=True,
        ),
        Check(
            id="mixed_units",
            label="Mixed units",
            help="Finds columns of units that are not the same in all rows.",
            make=levels.mixed_units,
            code="MIXED_UNITS",
        ),
        Check(
            id="high_missing",
            label="Mostly missing",
            help="Finds columns with few values.",
            make=check_columns.high_missing,
            params=(
                Param(
                    "share",
                    0.5,
                    0.05,
                    1.0,
                    help="Share of rows without a value above which it counts.",
                    label="Share of missing values",
                ),
            ),
            code="HIGH_MISSING",
            of_roles=True,
        ),
        Check(
            id="id_like",
            label="Row names",
            help="Finds columns that name the row, which a model would learn by heart.",
            make=check_columns.id_like,
            params=(
                Param(
                    "share",
                    0.95,
                    0.5,
                    1.0,
                    help="Share of different values from which it counts.",
                    label="Share of different values",
                ),
            ),
            code="ID_LIKE",
        ),
        Check(
            id="constant",
            label="Constant columns",
            help="Finds columns with one value or none.",
            make=check_columns.constant,
            code="CONSTANT",
        ),
        Check(
            id="correlated",
            label="Columns that say the same",
            help="Finds columns whose values follow those of an earlier column.",
            make=check_columns.repeated_columns,
            code="CORRELATED",
        ),
    ],
)
