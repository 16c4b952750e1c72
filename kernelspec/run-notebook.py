"""Runs a notebook on the kernel `tessera` and writes it with its outputs: run-notebook.py INPUT OUTPUT FOLDER."""

import os
import sys

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError


def main(source, target, folder):
    notebook = nbformat.read(source, as_version=4)
    client = NotebookClient(
        notebook,
        kernel_name="tessera",
        timeout=600,
        # The times of day of each cell are no result, nor are views that nobody looked at.
        record_timing=False,
        store_widget_state=False,
        resources={"metadata": {"path": folder}},
    )
    failure = None
    try:
        client.execute()
    except CellExecutionError as error:
        failure = error
    # Also a notebook that failed is written: it shows where.
    partial = f"{target}.partial-{os.getpid()}"
    nbformat.write(notebook, partial)
    os.replace(partial, target)
    if failure is not None:
        sys.exit(f"{source} failed; see {target}\n{failure}")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
