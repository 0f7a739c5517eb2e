/* exe_file.h - runs on from another file, without execve(2) */
#pragma once

/*
 * Makes fd, opened for reading, what /proc/self/exe leads to, and maps it in the place of the
 * present file: nothing of the process leads to that any more. fd must have the same content: the
 * same file behind another mount, or a copy. argv is that of main: the environment that the program
 * was executed with stands behind it. Needs CAP_SYS_ADMIN or CAP_CHECKPOINT_RESTORE.
 * Return: 0; -ENOEXEC where fd has another content; or -errno of mmap(2), mremap(2), prctl(2)
 * PR_SET_MM_MAP. Then the process runs on as before, and can execute fd instead.
 */
int exe_file_replace(int fd, char *const argv[]);
