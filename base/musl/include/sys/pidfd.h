/* pidfd.h - which musl has not */
#pragma once
#include <signal.h>

int pidfd_open(pid_t pid, unsigned int flags);
int pidfd_send_signal(int pidfd, int signal, siginfo_t *info, unsigned int flags);
