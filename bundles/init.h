/* init.h - the verb "init": makes a bundle */
#pragma once
#include <stdio.h>

#include "base/error.h"

/*
 * argv[0] is the verb. What is to be told goes to out. All or nothing: what was made is removed on
 * failure and after a signal.
 * Return: 0 or -errno with err written.
 */
int init_run(int argc, char **argv, FILE *out, struct error *err);
