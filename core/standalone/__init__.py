"""What travels with a model: the app runs these modules, a bundle carries them, a script inlines them.

A bundle holds byte-identical copies as the package ``foldline_transformers``. So nothing here may import the
rest of Foldline: only the standard library, numpy, pandas, scikit-learn, LightGBM and, by relative imports,
each other; ``predict_command`` also skops. Tables are pandas frames with three physical types: float64
numbers, ``str`` texts with NaN for missing, and datetime64[us] without a zone.
"""

from __future__ import annotations

import importlib
import sys
from typing import Any

MODULE = "foldline_transformers"
"""Where model files say that our transformers are; in the app it is another name of this package."""
sys.modules.setdefault(MODULE, sys.modules[__name__])


def __getattr__(name: str) -> Any:
    """A transformer by its name; they are imported late, because they bring scikit-learn with them."""
    if name.startswith("_"):
        raise AttributeError(name)
    return getattr(importlib.import_module(".transformers", __name__), name)
