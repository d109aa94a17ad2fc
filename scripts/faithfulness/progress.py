"""Progress and remaining time, on a terminal only."""

import sys
import time


class Progress:
    def __init__(self, total):
        self.total = total
        self.done = 0
        self.begin = time.monotonic()
        self.shown = sys.stderr.isatty()

    def show(self, underway=0):
        done = self.done + underway
        if not self.shown or done == 0:
            return
        left_s = (time.monotonic() - self.begin) / done * (self.total - done)
        left = f"{left_s / 60:.0f} min" if left_s >= 90 else f"{left_s:.0f} s"
        print(f"\r\033[K{done} of {self.total} maps, {left} left", end="", file=sys.stderr, flush=True)

    def add(self, count):
        self.done += count
        self.show()

    def clear(self):
        if self.shown:
            print("\r\033[K", end="", file=sys.stderr, flush=True)

    def say(self, text):
        self.clear()
        print(text, file=sys.stderr, flush=True)
