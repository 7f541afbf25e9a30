"""What may be chosen, as data: a Spec per choice and a Param per parameter of it.

Pages draw their widgets from Params, the tuner reads its search space from them, the compiler calls
``make`` and the contract tests walk every entry.
"""

from core.spec.base import Catalog, Spec
from core.spec.column_kinds import COLUMN_KINDS, PREPARED, WITH_LEVELS, may_join
from core.spec.kinds import (
    FAMILIES,
    Check,
    DriftTest,
    Family,
    Feature,
    Metric,
    Model,
    Needs,
    Search,
    Selector,
    Step,
    always,
)
from core.spec.param import Param
from core.spec.words import CLASSIFICATION, TASKS, Kind, Role, Sensitivity, Task, Value

__all__ = [
    "CLASSIFICATION",
    "COLUMN_KINDS",
    "FAMILIES",
    "PREPARED",
    "TASKS",
    "WITH_LEVELS",
    "Catalog",
    "Check",
    "DriftTest",
    "Family",
    "Feature",
    "Kind",
    "Metric",
    "Model",
    "Needs",
    "Param",
    "Role",
    "Search",
    "Selector",
    "Sensitivity",
    "Spec",
    "Step",
    "Task",
    "Value",
    "always",
    "may_join",
]
