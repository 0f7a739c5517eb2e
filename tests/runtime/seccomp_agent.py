# seccomp_agent.py - answers the system calls that SCMP_ACT_NOTIFY hands to an agent
#
#	seccomp_agent.py SOCKET DOCUMENTS HOW
#
# Each document that comes with a listener goes to the file DOCUMENTS, a line each, and then
#	errno=N	each call is answered with that errno
#	continue	each call is let through
#	dead	the listener is closed at once
#	silent	nothing is answered
#	slow	each call is let through half a second later
#	quits	ends at the first call, which it has received and not answered
#	acts	mkdir: makes the directory, with another name; mount: EPERM; of open, what has
#		"/from-the-agent" for its path gets a descriptor of the agent's
import array
import errno
import fcntl
import os
import socket
import struct
import sys
import threading
import time

# SECCOMP_IOCTL_NOTIF_*
RECEIVE, SEND, IS_VALID, ADD_FD = 0xC0502100, 0xC0182101, 0x40082102, 0x40182103
CONTINUE, ADD_FD_SEND = 1, 2
# numbers of system calls, and which of their arguments is the path
CALLS = {"x86_64": {83: ("mkdir", 0), 258: ("mkdir", 1), 165: ("mount", 1), 2: ("open", 0),
                    257: ("open", 1)},
         "aarch64": {34: ("mkdir", 1), 40: ("mount", 1), 56: ("open", 1)}}[os.uname().machine]


def read_path(listener, identity, pid, address):
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        memory.seek(address)
        path = memory.read(4096).split(b"\0")[0].decode()
    # as long as it waits, the number and what was read are its own
    fcntl.ioctl(listener, IS_VALID, struct.pack("Q", identity))
    return path


def act(listener, identity, pid, number, arguments):
    """Return: errno, negative, and flags; None: it has been answered."""
    call, index = CALLS[number]
    path = read_path(listener, identity, pid, arguments[index])
    if call == "mkdir":
        os.mkdir(f"/proc/{pid}/root{path}.by-the-agent")
        return 0, 0
    if call == "mount":
        return -errno.EPERM, 0
    if path != "/from-the-agent":
        return 0, CONTINUE
    readable, writable = os.pipe()
    os.write(writable, b"hello\n")
    os.close(writable)
    fcntl.ioctl(listener, ADD_FD, struct.pack("QIIII", identity, ADD_FD_SEND, readable, 0, 0))
    os.close(readable)
    return None


def decide(listener, how, identity, pid, number, arguments):
    if how == "quits":
        os._exit(0)
    if how == "acts":
        return act(listener, identity, pid, number, arguments)
    if how == "slow":
        time.sleep(0.5)
    return (-int(how[6:]), 0) if how.startswith("errno=") else (0, CONTINUE)


def answer(listener, how):
    while True:
        request = bytearray(80)
        try:
            fcntl.ioctl(listener, RECEIVE, request)
            identity, pid, _, number, _, _, *arguments = struct.unpack("QIIiIQ6Q", request)
            decision = decide(listener, how, identity, pid, number, arguments)
            if decision:
                fcntl.ioctl(listener, SEND, struct.pack("QqiI", identity, 0, *decision))
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
