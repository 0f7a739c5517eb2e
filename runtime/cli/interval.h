/* interval.h - the times between two lines or tables */
#pragma once
#include "base/error.h"

/*
 * A duration as Go writes it: numbers with the units ms, s, m, h, such as "1m30s". NULL is
 * normally.
 * Return: milliseconds; -EINVAL where it is none or less than one.
 */
int interval_parse(const char *text, const char *normally, struct error *err);

/*
 * A timer that can be read after first milliseconds, and then after every interval.
 * Return: a timerfd or -errno.
 */
int interval_open(int first, int interval, struct error *err);

/* Takes what the timer has to say: how often it rang does not matter. */
void interval_read(int timer);
