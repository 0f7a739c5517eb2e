/* redirect.h - which addresses gocker-bundle goes to */
#pragma once
#include <stdbool.h>

/* Return: whether it is an absolute http, https or file address without user and password. */
bool redirect_is_address(const char *url);

/*
 * A mirror may send us to another path of its own, or from http to https; never to another host or
 * port, to a file, or back to http.
 */
bool redirect_is_allowed(const char *from, const char *to);
