"""The Python environment of the workflow's test: Snakemake and its Slurm executor."""

import subprocess
import sys
import venv
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / ".deps" / "workflow"
REQUIREMENTS = ("snakemake==9.27.1", "snakemake-executor-plugin-slurm==2.8.0", "numpy==2.4.6")


def snakemake():
    """The program; the environment is made the first time."""
    stamp = FOLDER / "requirements.txt"
    wanted = "\n".join(REQUIREMENTS)
    if not stamp.exists() or stamp.read_text(encoding="ascii") != wanted:
        print(f"test_workflow: installing {', '.join(REQUIREMENTS)} into {FOLDER}", file=sys.stderr, flush=True)
        venv.create(FOLDER, with_pip=True, clear=True)
        subprocess.run([FOLDER / "bin" / "python", "-m", "pip", "install", "--quiet", *REQUIREMENTS], check=True)
        stamp.write_text(wanted, encoding="ascii")
    return FOLDER / "bin" / "snakemake"
