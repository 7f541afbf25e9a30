"""The log of a deployment: everything that happened, who did it, and whether the log is whole."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.deployment.folder import DeploymentFolder
from core.deployment.log import Reading
from core.deployment.words import entry_words
from core.standalone.counts import counted
from ui.widgets.text import label, visible

MOST = 200


def draw(folder: DeploymentFolder, reading: Reading) -> None:
    """Draw the newest entries and the file to take away."""
    for fault in reading.faults:
        st.warning(label(fault.text, 300), icon=":material/link_off:")
    entries = list(reversed(reading.entries))
    rows = [
        {
            "When": one.at[:19].replace("T", " "),
            "Who": visible(one.by, 40),
            "What": visible(entry_words(one), 300),
        }
        for one in entries[:MOST]
    ]
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        column_config={
            "When": st.column_config.TextColumn("When (UTC)", width=150),
            "Who": st.column_config.TextColumn(width=110),
            "What": st.column_config.TextColumn(width=700),
        },
        alt=f"{counted(len(rows), 'entry')} of the log, the newest first",
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            "log.jsonl",
            folder.log.read_bytes,
            file_name="log.jsonl",
            icon=":material/download:",
            key="deployments.log.file",
        )
        st.caption(
            f"{counted(len(entries), 'entry')}. Nothing in it is ever changed: each line "
            "names the hash of the line before, so that an edit is found."
        )
