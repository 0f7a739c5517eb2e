/* placeholder.h - a process that does nothing but be somewhere until another one is there */
#pragma once
#include <sys/types.h>

#include "base/error.h"

struct placeholder {
	pid_t pid;
	int pidfd; /* -1: there is none */
};

#define PLACEHOLDER_NONE { .pid = -1, .pidfd = -1 }

/*
 * Makes it, a child that dies with this process and has no descriptors.
 * Return: 0 or -errno of clone3(2).
 */
int placeholder_start(struct placeholder *placeholder, struct error *err);

/* Ends it, if there is one, and reaps it. */
void placeholder_end(struct placeholder *placeholder);
