# seccomp_agent.py - answers the system calls that SCMP_ACT_NOTIFY hands to an agent
#
#	seccomp_agent.py SOCKET DOCUMENTS HOW
#
# Each document that comes with a listener goes to the file DOCUMENTS, a line each, and then
#	errno=N	each call is answered with that errno
#	continue	each call is let through
#	dead	the listener is closed at once
#	silent	nothing is answered
import array
import fcntl
import os
import socket
import struct
import sys
import threading

RECEIVE, SEND = 0xC0502100, 0xC0182101  # SECCOMP_IOCTL_NOTIF_*
CONTINUE = 1


def answer(listener, how):
    while True:
        request = bytearray(80)
        try:
            fcntl.ioctl(listener, RECEIVE, request)
            identity = struct.unpack_from("Q", request)[0]
            number, flags = (0, CONTINUE) if how == "continue" else (-int(how[6:]), 0)
            fcntl.ioctl(listener, SEND, struct.pack("QqiI", identity, 0, number, flags))
        except OSError:
            return  # the process is gone


def take(connection, path, how):
    fds = array.array("i")
    text, control, _, _ = connection.recvmsg(65536, socket.CMSG_SPACE(4))
    for _, _, data in control:
        fds.frombytes(data)
    while more := connection.recv(65536):
        text += more
    with open(path, "ab") as out:
        out.write(text + b"\n")
    if how == "dead":
        os.close(fds[0])
    elif how != "silent":
        threading.Thread(target=answer, args=(fds[0], how), daemon=True).start()


def main():
    path, documents, how = sys.argv[1:]
    server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    server.bind(path + ".new")
    server.listen()
    os.rename(path + ".new", path)
    while True:
        connection, _ = server.accept()
        take(connection, documents, how)
        connection.close()


main()
