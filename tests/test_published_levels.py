"""Two values are told as many are: a rare one leaves the house only where it says yes or no."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

from core.drift.profile.build import reference_profile
from core.drift.profile.published import published
from core.export.bundle.published import published_schema
from core.export.bundle.schema import Schema, SchemaColumn
from core.export.schema_check import conform
from core.standalone.rows.learned import learned
from core.standalone.table import typed_column

ROWS = 400


def column_of(common: str, rare: str, rows: int, physical: str) -> pd.Series:
    texts = pd.Series([rare] * rows + [common] * (ROWS - rows), dtype="str", name="x")
    return typed_column(texts, physical, "", (), ".").rename("x")


def schema_of(values: pd.Series, physical: str) -> Schema:
    plain = SchemaColumn.model_validate({"name": "x", "kind": "boolean", "physical": physical})
    levels = learned(plain.trained, values)
    described = plain.model_copy(update={"levels": levels.levels, "complete": levels.complete})
    return published_schema(Schema(target="y", columns=(described,)), values.to_frame())


@pytest.mark.parametrize(
    ("common", "rare", "rows", "physical", "is_told"),
    [
        ("none", "Dr. Viktor Graf", 1, "text", False),
        ("healthy", "HIV", 1, "text", False),
        ("healthy", "HIV", 9, "text", False),
        ("healthy", "HIV", 10, "text", True),
        ("no", "Anna Huber", 2, "text", False),
        ("120", "98765", 1, "number", False),
        ("no", "yes", 1, "text", True),
        ("Nein", "JA", 1, "text", True),
        ("false", "True", 3, "text", True),
        ("0", "1", 1, "number", True),
    ],
)
def test_a_rare_one_of_two_values_is_told_only_where_it_says_yes_or_no(
    common: str, rare: str, rows: int, physical: str, is_told: bool
) -> None:
    values = column_of(common, rare, rows, physical)
    profile = published(reference_profile(values.to_frame(), [SimpleNamespace(name="x", kind="boolean")]))
    schema = schema_of(values, physical)
    (column,) = profile.columns
    assert len(column.levels) == len(schema.columns[0].levels) == 1 + is_told
    assert sum(column.levels.values()) + column.rest == ROWS
    assert (rare in str(profile.to_dict())) == (rare in schema.model_dump_json()) == is_told or rare == "1"
    (issue,) = conform(pd.DataFrame({"x": ["other"] * 5 + [common] * 95}), schema).issues
    assert issue.code == ("NEW_VALUES" if is_told else "RARE_VALUES") and issue.count == 5
