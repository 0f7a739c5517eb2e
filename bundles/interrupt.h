/* interrupt.h - SIGINT, SIGTERM and SIGHUP as errors, so that everything made is taken back */
#pragma once
#include <stdbool.h>

#include "base/error.h"

/* From here on the signals are only noted; system calls that wait end with EINTR. */
void interrupt_catch(void);

bool interrupt_is_pending(void);

/* Return: 0, or -EINTR where one of the signals has come. */
int interrupt_check(struct error *err);

/* Waits. Return: 0, or -EINTR as soon as one of the signals comes. */
int interrupt_sleep(unsigned int milliseconds, struct error *err);

/* Ends the program by the signal that was noted, as if it had not been caught; else: nothing. */
void interrupt_finish(void);
