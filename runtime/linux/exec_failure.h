/* exec_failure.h - why a program cannot be executed, in words */
#pragma once
#include "base/arena.h"
#include "base/error.h"

/*
 * Looks for what is wrong with the program at path, seen by the calling process: a loader that is
 * not there, a carriage return behind "#!/bin/sh", another machine's program, a mount without
 * execution ... num is the errno that the kernel gave. The file and all around it may be hostile:
 * nothing but regular files is opened, and they are read in bounded pieces.
 * The sentence has none of the words that engines match; those are in error_name(num).
 * Return: a sentence in the arena; NULL where there is nothing to add.
 */
const char *exec_failure_reason(const char *path, int num, struct arena *arena);

/*
 * Writes the message for an execve(2) of path that has failed with num (of either sign). name is
 * args[0], by which engines recognise their command. Return: -num.
 */
int exec_failure_explain(const char *name, const char *path, int num, struct error *err);
