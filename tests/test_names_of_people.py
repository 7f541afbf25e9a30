"""Columns that name people keep their levels at home, in four languages; towns and products are told."""

from __future__ import annotations

import json
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from core.data.read import read
from core.drift.people.called import called
from core.drift.people.named import is_somebody, names_somebody
from core.drift.profile.build import reference_profile
from core.drift.profile.published import published
from core.export.bundle.disclosure import column_text
from core.export.bundle.published import columns_of_names, published_schema, rows_without_names
from core.export.bundle.schema import Schema, SchemaColumn
from core.export.schema_check import conform
from core.spec import WITH_LEVELS
from core.standalone.cells import as_text
from tests.conftest import shared

SURNAMES = {
    "en": "Mills Nash Hopkins Foster Gates Neal Foley Conway Barker Simmons Kirby Webb Pugh Stubbs",
    "de": "Rosenow Schomber Krause Ring Lindner Steckel Vogt Wähner Budig Hentschel Thiel Kranz Köhler",
    "fr": "Guyon Leleu Labbé Courtois Marchal Delannoy Maury Perrot Grondin Besnard Rivière Joubert Tanguy",
    "es": "Noguera Palomo Riba Iglesias Mascaró Perales Cuervo Andrade Vidal Lillo Gaya Morales Jordá Nieto",
}
THINGS = {
    "town": "Ulm Kiel Bonn Essen Mainz Trier Lübeck Fürth Siegen Gera Jena Hof Celle Emden",
    "ville": "Lyon Nantes Lille Rennes Reims Toulon Dijon Angers Nîmes Brest Tours Amiens Metz",
    "ciudad": "Sevilla Málaga Murcia Bilbao Vigo Gijón Cádiz Lugo Huelva Badajoz Palencia Burgos",
    "x": "Alabama Alaska Arizona Arkansas Colorado Delaware Hawaii Idaho Illinois Iowa Kansas Maine",
    "colour": "White Black Green Brown Gray Rose Violet Amber Ruby Olive",
    "day": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "mes": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "make": "Ford Toyota Mercedes Lincoln Dodge Skoda Fiat Opel Seat Volvo Mazda Honda",
    "marital": "Married Single Divorced Widowed Separated",
    "customer_type": "Transient Contract Group",
    "Marke": "Miele Bosch Braun Siemens Bauknecht",
}


@pytest.mark.parametrize("language", list(SURNAMES))
@pytest.mark.parametrize("write", [str, str.lower, str.upper], ids=["as they are", "small", "capital"])
def test_surnames_alone_are_people_whatever_the_column_is_called(language: str, write: type[str]) -> None:
    assert names_somebody("x", [write(name) for name in SURNAMES[language].split()])


@pytest.mark.parametrize("name", list(THINGS))
def test_things_are_told(name: str) -> None:
    assert not names_somebody(name, THINGS[name].split())


@pytest.mark.parametrize(
    ("levels", "somebody"),
    [
        (["Ann Smith", "Bob Jones"], True),
        (["Dr. Weiß", "Prof. Dr. Lang", "Hr. Kurz"], True),
        (["J. Smith", "K. Jones", "L. Evans"], True),
        (["jsmith", "kmiller", "ajones", "bhall2"], True),
        (["j.smith", "anna.weiss", "bob_jones"], True),
        (["msc0123", "abx0044", "kzt1190", "plo0871"], True),
        (["sku0123", "sku0044", "sku1190", "sku0871"], False),
        (["ann@example.org", "bob@example.org", "unknown"], True),
        (["+49 30 1234567", "030 7654321"], True),
        (["737-824", "737-7H4", "A320-232", "717-200"], False),
        (["2024-01-01", "2024-02-01"], False),
        (["Office Manager", "Police Officer", "Fire Officer"], False),
        (["North Lauren", "San Marco", "St. Martin", "Port Olivia"], False),
        (["Smith Ltd", "Jones and Sons", "Müller GmbH"], False),
    ],
)
def test_values_alone_decide_where_the_name_says_nothing(levels: list[str], somebody: bool) -> None:
    assert names_somebody("x", levels) == somebody


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("manager", "person"),
        ("LineManager", "person"),
        ("department_manager", "person"),
        ("manager_department", "thing"),
        ("created_by", "person"),
        ("customer_id", "person"),
        ("customer_type", "thing"),
        ("Mitarbeiter", "person"),
        ("Sachbearbeiterin", "person"),
        ("Kundenberater", "person"),
        ("zuständiger Arzt", "person"),
        ("Mitarbeiternummer", "person"),
        ("responsable", "person"),
        ("médecin traitant", "person"),
        ("type client", "thing"),
        ("vendedor asignado", "person"),
        ("ciudad del cliente", "thing"),
        ("Dueño", "person"),
        ("last name", "name"),
        ("Nachname", "name"),
        ("nom de famille", "name"),
        ("nombre del cliente", "name"),
        ("department_name", "thing"),
        ("E-Mail", "reached"),
        ("x", ""),
    ],
)
def test_what_a_column_is_called_after(name: str, what: str) -> None:
    assert called(name) == what


@pytest.mark.parametrize(
    ("name", "levels", "somebody"),
    [
        ("manager", ["Zyx", "Qwv"], True),
        ("manager", ["yes", "no"], False),
        ("contact", ["cellular", "telephone", "unknown"], False),
        ("boss", ["smith", "jones"], True),
        ("name", ["Delta Air Lines Inc.", "JetBlue Airways", "Mesa Airlines Inc."], False),
        ("customer_id", [str(n) for n in range(1000, 1020)], True),
        ("children", ["0", "1", "2", "3"], False),
    ],
)
def test_who_is_named_by_a_role(name: str, levels: list[str], somebody: bool) -> None:
    assert names_somebody(name, levels) == somebody


def test_a_person_among_categories_is_not_told_alone() -> None:
    assert is_somebody("x", "Anna Huber") and is_somebody("x", "anna@example.org")
    assert not is_somebody("x", "in progress")


FRAME = pd.DataFrame({"boss": SURNAMES["en"].split() * 12}).assign(
    y=lambda rows: np.resize(["a", "b"], len(rows))
)


@pytest.mark.parametrize("told", [(), ("boss",)])
def test_who_is_named_stays_out_of_profile_schema_and_sample_until_somebody_says_it_is_nobody(
    told: tuple[str, ...],
) -> None:
    frame = FRAME.astype("str")
    columns = [SimpleNamespace(name=name, kind="categorical") for name in ("boss", "y")]
    profile = published(reference_profile(frame, columns), frame, None, told)
    levels = tuple(SURNAMES["en"].split())
    plain = SchemaColumn(name="boss", kind="categorical", physical="text", levels=levels, complete=True)
    schema = published_schema(Schema(target="y", columns=(plain,)), frame, None, told)
    hidden = columns_of_names(schema, frame, told)
    sample = rows_without_names(frame.head(20), hidden)
    texts = json.dumps(profile.to_dict()) + schema.model_dump_json() + sample.to_json()
    assert any(name in texts for name in levels) == bool(told)
    assert (hidden == ("boss",)) != bool(told)
    assert ("name somebody" in column_text(profile.columns[0])) != bool(told)
    (issue,) = conform(pd.DataFrame({"boss": ["Other"] * 5 + ["Mills"] * 15}), schema).issues
    assert issue.code == ("NEW_VALUES" if told else "NOT_KEPT")


TABLES = ("adult", "german_credit", "titanic", "hotel_bookings", "telco_churn", "ames_housing")


@pytest.mark.parametrize("table", TABLES)
def test_ordinary_categories_of_real_tables_are_told(table: str) -> None:
    path = shared(f"data/{table}.csv")
    reading = read(path, path.name)
    categories = [column.name for column in reading.columns if column.kind in WITH_LEVELS]
    levels = {name: as_text(reading.frame[name].dropna()).unique().tolist() for name in categories}
    assert [name for name, known in levels.items() if names_somebody(name, known)] == []
