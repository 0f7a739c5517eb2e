/* id_pattern.h - one command for all containers whose ids match a regular expression */
#pragma once
#include "base/error.h"
#include "runtime/cli/cli.h"

/*
 * Calls act for every id that matches the POSIX extended expression, regex(7), also after failures,
 * which are warnings. data is for act.
 * Return: 0; -EINVAL for a bad expression; the last failure, with how many there were.
 */
int id_pattern_apply(int store, const char *pattern,
		     int (*act)(int store, const char *id, const void *data, struct error *err),
		     const void *data, struct error *err);
