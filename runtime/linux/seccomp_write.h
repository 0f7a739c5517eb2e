/* seccomp_write.h - a graph of questions becomes a program */
#pragma once
#include "runtime/linux/seccomp_graph.h"

/* Adds the program that asks what stands at root and behind it to an empty buf. */
void seccomp_write(struct seccomp_graph *graph, size_t root, struct buf *program);
