"""Runs notebooks cell by cell; a cell that fails is named with its error."""

import pathlib
import sys

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

folder = pathlib.Path(sys.argv[1])
notebooks = sorted(folder.glob("*.ipynb"))
assert notebooks, f"no notebooks in {folder}"
wrong = 0
for path in notebooks:
    notebook = nbformat.read(path, as_version=4)
    if any(cell.get("outputs") for cell in notebook.cells):
        print(f"WRONG  {path.name}: it is kept with output; clear it")
        wrong += 1
        continue
    client = NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(folder)}})
    try:
        client.execute()
    except CellExecutionError as fault:
        print(f"WRONG  {path.name}: {fault}")
        wrong += 1
        continue
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    pictures = sum(
        any("vega" in kind or "vegaEmbed" in str(value) for kind, value in output.get("data", {}).items())
        for cell in code
        for output in cell.outputs
    )
    print(f"ok     {path.name}: {len(code)} cells, {pictures} pictures")
print(f"{len(notebooks) - wrong} passed, {wrong} failed")
sys.exit(1 if wrong else 0)
