/* steps.h - a sequence of named steps, undone backwards when one fails */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/*
 * The table of steps is the documentation of a sequence, its debug log and the context of its
 * errors. A step that fails has undone its own part itself; undo may be NULL.
 */
struct step {
	const char *name;
	bool tells_place; /* its errors say where by themselves: name is for the log only */
	int (*run)(void *context, struct error *err);
	void (*undo)(void *context);
};

/* Return: 0, or what the failing step returned, after the undo of those before it. */
int steps_run(const struct step *steps, size_t len, void *context, struct error *err);
