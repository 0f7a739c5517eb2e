/* self_exe.h - runs gocker from a copy of its program that nobody can write */
#pragma once
#include "base/error.h"

/*
 * A process of the container can open /proc/<pid>/exe of whoever enters the container and, once
 * that one has ended, write to it (CVE-2019-5736). So create, run, exec and mounts call this first:
 * where the program does not run from a sealed place, one is made, from which the process goes on;
 * where the kernel does not let it, that place is executed with the same argv and environment.
 * Needs /proc.
 * Return: 0 in the sealed process, which still has to call self_exe_finish; or -errno of
 * execveat(2), or of what makes the sealed place.
 */
int self_exe_seal(char *const argv[], struct error *err);

/*
 * Before a process is made that enters a container: from here on nobody can change the sealed
 * place. That waits for an RCU grace period of the kernel, 0.1 milliseconds and more on a busy
 * machine. Nothing is done where nothing is left to do.
 */
void self_exe_finish(void);
