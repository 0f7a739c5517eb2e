#!/usr/bin/env python3
"""fake_systemd.py SOCKET WHAT - answers on a socket as systemd's manager does, or not quite

WHAT is one of:
  silent     takes connections and says nothing
  hang       knows itself, but does not answer to StartTransientUnit
  no-job     makes a job, of which nothing is heard any more
  refuse     answers StartTransientUnit with an error
  exists     a unit of any name runs already
  fail       the job of StartTransientUnit fails
  elsewhere  the job is done, but no process has been moved
Each method that is called, but for looking at properties, is a line on standard output.
"""
import os
import signal
import socket
import struct
import sys

PATH, INTERFACE, MEMBER, ERROR, REPLY_SERIAL, SENDER, SIGNATURE = 1, 2, 3, 4, 5, 7, 8
CALL, RETURN, FAILURE, SIGNAL = 1, 2, 3, 4
MANAGER = "org.freedesktop.systemd1.Manager"
JOB = "/org/freedesktop/systemd1/job/1"


def pad(data, to):
    return data + b"\0" * (-len(data) % to)


def string(text):
    return struct.pack("<I", len(text)) + text.encode() + b"\0"


def signature(text):
    return bytes([len(text)]) + text.encode() + b"\0"


def message(kind, serial, fields, types="", body=b""):
    header = b""
    if types:
        fields = fields + [(SIGNATURE, "g", types)]
    for code, kind_of, value in fields:
        header = pad(header, 8) + bytes([code]) + signature(kind_of)
        if kind_of == "g":
            header += signature(value)
        elif kind_of == "u":
            header = pad(header, 4) + struct.pack("<I", value)
        else:
            header = pad(header, 4) + string(value)
    start = struct.pack("<cBBBIII", b"l", kind, 0, 1, len(body), serial, len(header))
    return pad(start + header, 8) + body


def read_fields(data):
    """The header's fields that are strings, and where the body begins."""
    end, at, fields = 16 + struct.unpack_from("<I", data, 12)[0], 16, {}
    while at < end:
        at += -at % 8
        code, kind = data[at], chr(data[at + 2])
        at += 4
        if kind == "g":
            at += data[at] + 2
            continue
        at += -at % 4
        size = struct.unpack_from("<I", data, at)[0]
        at += 4
        if kind != "u":
            fields[code] = data[at:at + size].decode()
            at += size + 1
    return fields, end + -end % 8


class Connection:
    def __init__(self, sock, what):
        self.sock, self.what, self.serial, self.data = sock, what, 0, b""

    def receive(self, size):
        while len(self.data) < size:
            more = self.sock.recv(65536)
            if not more:
                raise EOFError
            self.data += more

    def take(self, size):
        self.receive(size)
        taken, self.data = self.data[:size], self.data[size:]
        return taken

    def send(self, kind, fields, types="", body=b""):
        self.serial += 1
        self.sock.sendall(message(kind, self.serial, fields, types, body))

    def authenticate(self):
        while b"BEGIN\r\n" not in self.data:
            self.receive(len(self.data) + 1)
        self.data = self.data.split(b"BEGIN\r\n", 1)[1]
        self.sock.sendall(b"DATA\r\nOK " + b"0" * 32 + b"\r\nAGREE_UNIX_FD\r\n")

    def finish_job(self, unit, result):
        body = struct.pack("<I", 1) + string(JOB)
        body = pad(pad(body, 4) + string(unit), 4) + string(result)
        self.send(SIGNAL, [(PATH, "o", "/org/freedesktop/systemd1"), (INTERFACE, "s", MANAGER),
                           (MEMBER, "s", "JobRemoved")], "uoss", body)

    def property(self, reply, name):
        values = {"Version": "252", "Result": "resources", "ActiveState":
                  "active" if self.what == "exists" else "inactive"}
        body = pad(signature("s"), 4) + string(values.get(name, ""))
        self.send(RETURN, reply, "v", body)

    def fail(self, reply, name, text):
        self.send(FAILURE, reply + [(ERROR, "s", "org.freedesktop." + name)], "s", string(text))

    def start(self, reply, unit):
        if self.what == "hang":
            return
        if self.what == "refuse":
            self.fail(reply, "systemd1.BadUnitSetting", "No such luck.")
            return
        # The signal comes before the answer: nobody may have to wait for it from then on.
        if self.what != "no-job":
            self.finish_job(unit, "failed" if self.what == "fail" else "done")
        self.send(RETURN, reply, "o", string(JOB))

    def answer(self):
        head = self.take(16)
        body_size, serial, fields_size = struct.unpack_from("<III", head, 4)
        rest = (fields_size + -fields_size % 8) + body_size
        data = head + self.take(rest)
        fields, at = read_fields(data)
        member, reply = fields.get(MEMBER), [(REPLY_SERIAL, "u", serial)]
        body = data[at:]
        first = body[4:4 + struct.unpack_from("<I", body)[0]].decode() if body else ""
        if member == "Get":
            at = 4 + len(first) + 1
            at += -at % 4
            size = struct.unpack_from("<I", body, at)[0]
            self.property(reply, body[at + 4:at + 4 + size].decode())
            return
        print(member, first, flush=True)
        if member == "StartTransientUnit":
            self.start(reply, first)
        elif member == "StopUnit":
            self.fail(reply, "systemd1.NoSuchUnit", "Unit " + first + " not loaded.")
        else:
            self.send(RETURN, reply)


def serve(sock, what):
    if what == "silent":
        sock.recv(1)
        signal.pause()
        return
    connection = Connection(sock, what)
    try:
        connection.authenticate()
        while True:
            connection.answer()
    except (EOFError, ConnectionError):
        sock.close()


def main():
    path, what = sys.argv[1:]
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path + ".new")
    listener.listen()
    os.rename(path + ".new", path)
    while True:
        serve(listener.accept()[0], what)


main()
