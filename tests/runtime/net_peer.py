#!/usr/bin/env python3
"""net_peer.py - answers over the network, and asks

    net_peer.py serve FILE PROTOCOL:PORT[-PORT]...   answers who asks with his address and the port
                                                     that he has asked; when it is ready, the
                                                     number of its process is in the file
    net_peer.py ask PROTOCOL ADDRESS PORT            prints the answer; status 1: there is none
    net_peer.py reach ADDRESS...                     status 0: all are there, and answer at a port
                                                     where nobody listens, too
"""
import os
import selectors
import socket
import sys

TIMEOUT = 3  # seconds
KINDS = {"tcp": socket.SOCK_STREAM, "udp": socket.SOCK_DGRAM}


def text_of(peer, port):
    address = peer[0]
    return f"{address.removeprefix('::ffff:')} {port}\n".encode()


def listen(word):
    """The sockets of PROTOCOL:PORT[-PORT], for both families."""
    protocol, ports = word.split(":")
    first, _, last = ports.partition("-")
    for port in range(int(first), int(last or first) + 1):
        sock = socket.socket(socket.AF_INET6, KINDS[protocol])
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(("::", port))
        if protocol == "tcp":
            sock.listen()
        yield sock, protocol, port


def answer(sock, protocol, port):
    if protocol == "tcp":
        connection, peer = sock.accept()
        with connection:
            connection.sendall(text_of(peer, port))
    else:
        _, peer = sock.recvfrom(1000)
        sock.sendto(text_of(peer, port), peer)


def serve(ready, words):
    selector = selectors.DefaultSelector()
    for word in words:
        for entry in listen(word):
            selector.register(entry[0], selectors.EVENT_READ, entry)
    with open(ready, "w", encoding="ascii") as file:
        file.write(f"{os.getpid()}\n")
    while True:
        for key, _ in selector.select():
            try:
                answer(*key.data)
            except OSError:
                pass


def ask(protocol, address, port):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, KINDS[protocol]) as sock:
        sock.settimeout(TIMEOUT)
        sock.connect((address, int(port)))
        if protocol == "udp":
            sock.send(b"?")
        text = sock.recv(1000).decode()
    print(text, end="")
    return 0 if text else 1


def reach(addresses):
    for address in addresses:
        try:
            ask("tcp", address, 1)
        except ConnectionRefusedError:
            continue
        except OSError as error:
            return f"{address}: {error}"
    return 0


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(sys.argv[2], sys.argv[3:])
    if sys.argv[1] == "reach":
        sys.exit(reach(sys.argv[2:]))
    try:
        sys.exit(ask(*sys.argv[2:]))
    except OSError as error:
        sys.exit(str(error))
