"""The files of a bundle that let its model answer requests."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Mapping

from core.export.code.plan_source import ONE_THREAD

PACKAGES = ("starlette", "uvicorn")
SERVE = '''"""Answers requests over HTTP with the model beside this file, after

    python -m pip install -r requirements-serve.txt

    python serve.py                         on http://127.0.0.1:8080, see /openapi.json
    FOLDLINE_API_KEY=... python serve.py    asks every request for that key (X-API-Key)
"""

from __future__ import annotations

import os
import sys

{threads}

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

from foldline_transformers.serving.serve_command import serve_main

if __name__ == "__main__":
    serve_main(HERE)
'''
DOCKERFILE = """FROM python:{python}-slim
{system}RUN useradd --create-home --uid 10001 model
WORKDIR /home/model
COPY requirements.txt requirements-serve.txt ./
RUN python -m pip install --no-cache-dir -r requirements-serve.txt
COPY . .
USER 10001
EXPOSE 8080
HEALTHCHECK CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8080/v2/health/ready')"]
CMD ["python", "serve.py", "--host", "0.0.0.0"]
"""
OPENMP = """# Debian keeps no older versions, so that a pinned one could not be installed later.
# hadolint ignore=DL3008
RUN apt-get update \\
    && apt-get install --no-install-recommends -y libgomp1 \\
    && rm -rf /var/lib/apt/lists/*
"""
"""What LightGBM needs of the system."""


def service_files(used: Mapping[str, str]) -> dict[str, bytes]:
    """Name -> content of the files.

    Args:
        used: package -> version that the predictions depend on, and ``python``.
    """
    pins = "".join(f"{name}=={importlib.metadata.version(name)}\n" for name in PACKAGES)
    system = OPENMP if "lightgbm" in used else ""
    return {
        "serve.py": SERVE.format(threads=ONE_THREAD).encode(),
        "requirements-serve.txt": f"-r requirements.txt\n{pins}".encode(),
        "Dockerfile": DOCKERFILE.format(python=used["python"], system=system).encode(),
    }
