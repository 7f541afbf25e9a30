"""The sample tables that ship with the app, one click from a working recipe."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from ui.data import sources
from ui.frame.page_list import place

FOLDER = Path(__file__).resolve().parents[2] / "sample_data"


@dataclass(frozen=True)
class Sample:
    """A table to try the app with: its file, its name, what it is and what is asked of it."""

    file: str
    title: str
    icon: str
    text: str

    @property
    def path(self) -> Path:
        """The file on disk."""
        return FOLDER / self.file


SAMPLES = (
    Sample(
        "churn.csv",
        "Churn",
        ":material/person_off:",
        "5,040 customers: who leaves? Binary, missing values, and one column that knows too much.",
    ),
    Sample(
        "house_prices.csv",
        "House prices",
        ":material/house:",
        "3,000 sales: what is it worth? Regression, with dates, categories and free text.",
    ),
    Sample(
        "product_type.csv",
        "Product type",
        ":material/category:",
        "3,000 parts from a sorting line: which product is it? Multiclass, some classes rare.",
    ),
    Sample(
        "wafer_yield.csv",
        "Wafer yield",
        ":material/memory:",
        "6,000 wafers in time and by lot: which fail? The next quarter is there to monitor.",
    ),
)


def offer() -> None:
    """Draw a card for each sample; a click reads it and leads to the Data page."""
    with st.grid(len(SAMPLES), min_column_width=190, key="samples"):
        for sample in SAMPLES:
            with st.container(border=True, height="stretch", gap="small"):
                st.markdown(f"**{sample.icon} {sample.title}**  \n:small[{sample.text}]")
                if st.button(
                    "Load",
                    key=f"sample.{sample.file}",
                    icon=":material/download:",
                    on_click=sources.load,
                    args=(sample.path,),
                    width="stretch",
                ):
                    st.switch_page(place("data").path)
