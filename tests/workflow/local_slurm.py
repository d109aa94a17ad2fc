"""A Slurm with one node on this machine, from Debian's packages, for the time of a test. Needs root."""

import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

PACKAGES = ("slurm-wlm", "munge")
# Where Slurm looks by itself. SLURM_CONF does not reach the steps of jobs: the executor clears what is Slurm's there.
DEFAULT_CONFIGURATION = Path("/etc/slurm/slurm.conf")
CONFIGURATION = """ClusterName=local
SlurmctldHost={host}(127.0.0.1)
SlurmUser=root
AuthType=auth/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
ReturnToService=2
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
MinJobAge=3600
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
NodeName={host} NodeAddr=127.0.0.1 CPUs={cpus} RealMemory={memory_mib} State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""


class CannotStart(Exception):
    """Slurm cannot be started on this machine; the text says why."""


def install():
    if os.geteuid() != 0:
        raise CannotStart("only root can start the daemons of a cluster")
    if all(map(shutil.which, ("slurmctld", "slurmd", "munged"))):
        return
    if os.environ.get("RELAX_SPECTRO_NO_PACKAGES") or not shutil.which("apt-get"):
        raise CannotStart(f"the Debian packages {' '.join(PACKAGES)} are not installed, and may not be")
    print(f"test_workflow: installing the Debian packages {' '.join(PACKAGES)}", file=sys.stderr, flush=True)
    apt = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-y"]
    for command in (["update"], ["install", "--no-install-recommends", *PACKAGES]):
        if subprocess.run([*apt, *command], stdout=sys.stderr, check=False).returncode != 0:
            raise CannotStart(f"apt-get {command[0]} failed")


class LocalSlurm:
    """Started on entry, ended on exit."""

    def __init__(self, folder):
        self.folder = folder
        self.configured = False
        self.daemons = []

    def __enter__(self):
        install()
        if os.path.lexists(DEFAULT_CONFIGURATION):
            raise CannotStart(f"there is a {DEFAULT_CONFIGURATION}: this machine belongs to a cluster")
        try:
            self.start_munge()
            self.start_slurm()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for daemon in reversed(self.daemons):
            daemon.terminate()
            try:
                daemon.wait(timeout=20)
            except subprocess.TimeoutExpired:
                daemon.kill()
        if self.configured:
            DEFAULT_CONFIGURATION.unlink()

    def start(self, *command, **options):
        log = (self.folder / f"{Path(command[0]).name}.out").open("wb")
        self.daemons.append(subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, **options))

    def start_munge(self):
        """Uses the default socket and key, because Slurm's plugin for it looks only there."""
        if subprocess.run(["munge", "-n"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode == 0:
            return
        if not Path("/etc/munge/munge.key").exists():
            subprocess.run(["mungekey", "--create"], check=True)
        for folder in ("/etc/munge", "/run/munge", "/var/log/munge", "/var/lib/munge"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            shutil.chown(folder, "munge", "munge")
        shutil.chown("/etc/munge/munge.key", "munge", "munge")
        self.start("/usr/sbin/munged", "--foreground", user="munge", group="munge", extra_groups=[])
        self.wait_for(["munge", "-n"], lambda said: True, "munged does not answer")

    def start_slurm(self):
        host = socket.gethostname().split(".")[0]
        memory_mib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20 * 3 // 4
        for name in ("state", "spool"):
            (self.folder / name).mkdir()
        (self.folder / "slurm.conf").write_text(
            CONFIGURATION.format(host=host, folder=self.folder, cpus=len(os.sched_getaffinity(0)), memory_mib=memory_mib),
            encoding="ascii")
        DEFAULT_CONFIGURATION.parent.mkdir(parents=True, exist_ok=True)
        DEFAULT_CONFIGURATION.symlink_to(self.folder / "slurm.conf")
        self.configured = True
        self.start("/usr/sbin/slurmctld", "-D", "-c")
        self.start("/usr/sbin/slurmd", "-D")
        self.wait_for(["sinfo", "--noheader", "--format=%T"], lambda said: "idle" in said, "its node does not become idle")

    def wait_for(self, command, holds, what):
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode == 0 and holds(done.stdout):
                return
            time.sleep(0.5)
        logs = "\n".join(f"{log.name}: {log.read_text(errors='replace')[-400:]}" for log in self.folder.glob("*.[ol][uo]*"))
        raise CannotStart(f"{what}\n{logs}")
