"""The Python environment of the benchmark: the published packages, on the LibTorch of relax-spectro."""

import os
import subprocess
import sys
import venv
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / ".deps" / "bench"
# torch has the version that scripts/setup installs, so that all packages use the same library.
REQUIREMENTS = ("torch==2.15.0", "torchvision==0.29.2", "numpy==2.4.6", "soundfile==0.14.0", "relax-xai==0.0.5",
                "captum==0.9.0", "quantus==0.6.0", "openvino==2026.4.1")


def enter():
    """Continues in the environment. The first call creates it (about 8 GB, because this torch includes CUDA)."""
    environment = FOLDER / "venv"
    python = environment / "bin" / "python"
    if Path(sys.prefix) == environment:
        return
    stamp = environment / "requirements.txt"
    wanted = "\n".join(REQUIREMENTS)
    if not stamp.exists() or stamp.read_text() != wanted:
        print(f"bench: installing {', '.join(REQUIREMENTS)} into {environment}", file=sys.stderr)
        venv.create(environment, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *REQUIREMENTS], check=True)
        stamp.write_text(wanted)
    os.execv(python, [str(python), *sys.argv])
