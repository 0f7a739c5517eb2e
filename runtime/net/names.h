/* names.h - the containers of a bridge by name: the file that is their hosts(5) */
#pragma once
#include "base/error.h"
#include "base/ip.h"

/* The file's name in the directory of a bridge. All containers of the bridge see the same one. */
extern const char names_file[];

/*
 * The directory's lock, bridge_open, is the caller's for all of these. Readers have none, so a line
 * is written at once, and never moves.
 */

/*
 * Adds a line: the address and the names, which are separated by spaces; makes the file where it is
 * missing. Return: 0 or -errno of open(2), write(2).
 */
int names_add(int directory, const struct ip *ip, const char *names, struct error *err);

/* Removes the lines of the address. Return: 0 (also where there is none) or -errno. */
int names_remove(int directory, const struct ip *ip, struct error *err);
