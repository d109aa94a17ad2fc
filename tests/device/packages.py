"""Gathers what a build needs beyond a compiler, CMake, Ninja and torch, and unpacks it elsewhere without installing it."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.parse
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
# What a machine with a compiler has, and what only the tests need.
LEFT_OUT = re.compile(r"(g\+\+|gcc|cpp|cmake|ninja-build|ccache|catch2|unzip|binutils|perl|python|libpython|libc6|libc-|libgcc|"
                      r"libstdc\+\+|lib[alt]?san|libubsan|libtsan|libgomp|libquadmath|linux-libc|dpkg|debconf|tar|media-types|"
                      r"libcrypt|libselinux|libsqlite|libreadline|libdb|libtirpc|libnsl|fonts-|x11-common|tzdata)")
RELAX_XAI = "relax-xai==0.0.5"


def listed():
    """The Debian packages of scripts/setup."""
    text = (SOURCE / "scripts/setup").read_text(encoding="utf-8")
    rows = re.search(r"^debian_packages=\((.*?)^\)", text, re.DOTALL | re.MULTILINE).group(1)
    names = [name for row in rows.splitlines() for name in row.partition("#")[0].split()]
    return [name for name in names if not LEFT_OUT.match(name)]


def prepare(folder):
    """Downloads the packages with all that they depend on, and relax-xai."""
    folder.mkdir(parents=True, exist_ok=True)
    # Empty places: everything counts as missing, also what this machine has.
    with tempfile.TemporaryDirectory() as empty:
        (Path(empty) / "partial").mkdir()
        command = ["apt-get", "-o", "Dir::State::status=/dev/null", "-o", f"Dir::Cache::archives={empty}", "install", "-qq",
                   "--no-install-recommends", "--print-uris", *listed()]
        wanted = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    files = [urllib.parse.unquote(row.split()[1]) for row in wanted.splitlines() if row.startswith("'")]
    names = [file.partition("_")[0] for file in files if not LEFT_OUT.match(file)]
    subprocess.run(["apt-get", "download", "-qq", *names], cwd=folder, check=True)
    subprocess.run([sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--disable-pip-version-check", "-d", folder,
                    RELAX_XAI], check=True)
    sizes = [file.stat().st_size for file in folder.iterdir()]
    print(f"{folder}: {len(sizes)} packages, {sum(sizes) / 2**20:.0f} MiB")


def unpack(folder, root):
    """Unpacks the Debian packages below `root`. Returns the environment in which they are found."""
    for package in sorted(folder.glob("*.deb")):
        subprocess.run(["dpkg", "-x", package, root], check=True)
    libraries = next((root / "usr/lib").glob("*-linux-gnu"))
    if (old := root / "lib" / libraries.name).is_dir() and not old.is_symlink():
        shutil.copytree(old, libraries, symlinks=True, dirs_exist_ok=True)
    for link in libraries.iterdir():
        if link.is_symlink() and link.readlink().is_absolute():
            target = libraries / link.readlink().name
            link.unlink()
            if target.exists() and target != link:
                link.symlink_to(target.name)
    paths = {"CMAKE_PREFIX_PATH": root / "usr", "LD_LIBRARY_PATH": libraries, "PATH": root / "usr/bin"}
    found = {name: f"{path}{os.pathsep}{os.environ.get(name, '')}".rstrip(os.pathsep) for name, path in paths.items()}
    return {**os.environ, **found, "PKG_CONFIG_SYSROOT_DIR": str(root),
            "PKG_CONFIG_LIBDIR": f"{libraries}/pkgconfig:{root}/usr/share/pkgconfig"}
