#!/usr/bin/python3
"""pty_run.py - runs a command on a terminal of its own, as a user at the keyboard would

	pty_run.py COLUMNSxLINES OUTPUT STEP... -- COMMAND...

What the terminal shows goes to the file OUTPUT, with its escape sequences. The steps are, in their
order: "wait:TEXT" until the text is shown (again), "keys:KEYS", "signal:NAME", "resize:80x24",
"sleep:SECONDS", "run:LINE OF SHELL". The exit status is the command's (128 + n for signal n); 99:
it left the terminal in other modes than it found, 98: a text or its end was waited for in vain.
"""
import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time

PATIENCE = 20


class Terminal:
    def __init__(self, size, output):
        self.master, self.slave = pty.openpty()
        self.resize(size)
        self.modes = termios.tcgetattr(self.slave)
        self.output = open(output, "wb", buffering=0)
        self.shown = b""  # since the last text that was waited for

    def resize(self, size):
        columns, lines = (int(number) for number in size.split("x"))
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def start(self, command):
        def take_terminal():
            os.setsid()
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)

        self.process = subprocess.Popen(command, stdin=self.slave, stdout=self.slave,
                                        stderr=self.slave, preexec_fn=take_terminal)

    def read_until(self, is_reached, patience=PATIENCE):
        end = time.monotonic() + patience
        while not is_reached():
            if time.monotonic() > end:
                sys.stderr.write("gave up, the terminal shows: %r\n" % self.shown[-2000:])
                self.process.kill()
                sys.exit(98)
            if select.select([self.master], [], [], 0.05)[0]:
                data = os.read(self.master, 65536)
                self.output.write(data)
                self.shown += data

    def wait(self, text):
        wanted = text.encode()
        self.read_until(lambda: wanted in self.shown)
        self.shown = self.shown.split(wanted, 1)[1]

    def sleep(self, seconds):
        end = time.monotonic() + float(seconds)
        self.read_until(lambda: time.monotonic() >= end, PATIENCE + float(seconds))

    def step(self, step):
        kind, _, value = step.partition(":")
        if kind == "keys":
            os.write(self.master, value.encode())
        elif kind == "signal":
            self.process.send_signal(getattr(signal, "SIG" + value))
        elif kind == "run":
            subprocess.run(value, shell=True, check=True, stdout=subprocess.DEVNULL)
        else:
            getattr(self, kind)(value)

    def finish(self):
        self.read_until(lambda: self.process.poll() is not None)
        while select.select([self.master], [], [], 0)[0]:
            self.output.write(os.read(self.master, 65536))
        if termios.tcgetattr(self.slave) != self.modes:
            return 99
        status = self.process.returncode
        return status if status >= 0 else 128 - status


size, output = sys.argv[1:3]
end = sys.argv.index("--")
terminal = Terminal(size, output)
terminal.start(sys.argv[end + 1:])
for step in sys.argv[3:end]:
    terminal.step(step)
sys.exit(terminal.finish())
