"""A stage's program with LibTorch already loaded, which runs commands in forks of itself (fork_server.cpp)."""

import atexit
import os
import socket
import struct
import subprocess
import tempfile

LONGEST_RUN_S = 120


class ForkServer:
    def __init__(self, program, library, environment):
        self.socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.socket.settimeout(LONGEST_RUN_S)
        # With large pages, a fork copies fewer of them.
        own = {"LD_PRELOAD": library, "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}
        with theirs:
            self.process = subprocess.Popen([program], stdin=theirs, env={**environment, **own})
        atexit.register(self.close)

    def close(self):
        self.socket.close()
        self.process.wait()

    def run(self, arguments, folder):
        """Like subprocess.run of the driver with these arguments and an empty stdin."""
        with tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:
            words = [os.fsencode(word) + b"\0" for word in (folder, *arguments)]
            socket.send_fds(self.socket, [b"".join(words)], [stdout.fileno(), stderr.fileno()])
            status, = struct.unpack("i", self.socket.recv(4))
            said = []
            for file in (stdout, stderr):
                file.seek(0)
                said.append(file.read().decode())
        return subprocess.CompletedProcess(arguments, os.waitstatus_to_exitcode(status), *said)
