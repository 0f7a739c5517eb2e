/* remove.h - the verb "remove": takes a bundle away */
#pragma once
#include <stdio.h>

#include "base/error.h"

/*
 * argv[0] is the verb. The help goes to out. A bundle of which a part could not be removed is still
 * one, so that the call can be repeated.
 * Return: 0 or -errno with err written.
 */
int remove_run(int argc, char **argv, FILE *out, struct error *err);
