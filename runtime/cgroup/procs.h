/* procs.h - the processes of a directory */
#pragma once

/* Return: whether processes are in the directory or below it (1, 0), or -errno of reading them. */
int procs_is_populated(int fd);
