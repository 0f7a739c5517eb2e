# stuck_fs.py - mounts a FUSE file system on a directory, whose only file "stuck" never answers a read
import ctypes
import errno
import os
import struct
import sys

# The requests that get an answer (linux/fuse.h).
LOOKUP, GETATTR, OPEN, READ, INIT = 1, 3, 14, 15, 26
SILENT = (2, 36, 42)  # FORGET, INTERRUPT, BATCH_FORGET
ROOT, FILE, MODE_DIR, MODE_FILE = 1, 2, 0o40755, 0o100644


def attributes(node):
    mode = MODE_FILE if node == FILE else MODE_DIR
    return struct.pack("<QQQQQQIIIIIIIIII", node, 4096, 8, 0, 0, 0, 0, 0, 0, mode, 1, 0, 0, 0, 4096, 0)


def answer_of(opcode, node, data):
    if opcode == INIT:
        return struct.pack("<IIIIHHIIHHIIIIII", 7, 31, 4096, 0, 1, 1, 4096, 1, 1, 0, 0, 0, 0, 0, 0, 0)
    if opcode == LOOKUP and data == b"stuck\0":
        return struct.pack("<QQQQII", FILE, 0, 60, 60, 0, 0) + attributes(FILE)
    if opcode == GETATTR:
        return struct.pack("<QII", 60, 0, 0) + attributes(node)
    if opcode == OPEN:
        return struct.pack("<QII", 0, 0, 0)
    return None


def main():
    fuse = os.open("/dev/fuse", os.O_RDWR)
    options = f"fd={fuse},rootmode=40755,user_id=0,group_id=0,allow_other"
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mount(b"stuck", sys.argv[1].encode(), b"fuse", 0, options.encode()):
        sys.exit(os.strerror(ctypes.get_errno()))
    while True:
        request = os.read(fuse, 1 << 17)
        _, opcode, unique, node = struct.unpack_from("<IIQQ", request)
        answer = answer_of(opcode, node, request[40:])
        if opcode == READ:
            print("reading", flush=True)
        elif opcode not in SILENT:
            number = 0 if answer is not None else -errno.ENOSYS
            body = answer or b""
            os.write(fuse, struct.pack("<IiQ", 16 + len(body), number, unique) + body)


main()
