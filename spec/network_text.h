/* network_text.h - our annotations on the network as text: lists, and places for messages */
#pragma once
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"

/*
 * Cuts a list with commas into its items, at least one and at most max, in the arena.
 * Return: how many; -EINVAL where one is empty or there are more.
 */
int network_text_split(const char *text, size_t max, struct arena *arena, char ***items,
		       struct error *err);

/* Puts the place of that interface's key in front of a message. Return: -err->num. */
int network_text_place(unsigned int number, const char *key, struct error *err);
