/* wait.h - stays with a process in the foreground: its signals, its terminal, its end */
#pragma once
#include <signal.h>

#include "base/error.h"
#include "runtime/container/serve.h"

/*
 * Blocks the signals that will be forwarded; call it before the process is made, so that none that
 * comes early ends gocker alone. Return: a signalfd or -errno of signalfd(2).
 */
int wait_open_signals(struct error *err);

/*
 * Relays the terminal (if serve->master is there) between it and standard input and output,
 * forwards every signal that arrives, tells the host when the program is ready (if serve->notify
 * is there: systemd goes on watching this process, not the program), reaps other children, until
 * the process has ended. The user's terminal is as before on every return.
 * Return: the exit status as a shell gives it (128 + n for signal n), or -errno.
 */
int wait_for_end(struct serve *serve, int signals, struct error *err);
