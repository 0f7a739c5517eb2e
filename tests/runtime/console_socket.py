#!/usr/bin/python3
# console_socket.py - takes the master of a terminal at a console socket and copies its output
import array
import os
import socket
import sys

path, output = sys.argv[1:]
listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
listener.bind(path)
listener.listen()
open(output, "wb").close()
connection = listener.accept()[0]
name, control, _, _ = connection.recvmsg(4096, socket.CMSG_SPACE(array.array("i", [0]).itemsize))
master = array.array("i", control[0][2][:4])[0]
with open(output, "ab", buffering=0) as file:
    file.write(b"name=" + name + b"\n")
    while True:
        try:
            data = os.read(master, 4096)
        except OSError:
            break
        if not data:
            break
        file.write(data)
