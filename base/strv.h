/* strv.h - NULL-terminated arrays of strings, as execve(2) takes them */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/* strv may be NULL everywhere: the empty array. */
size_t strv_len(char *const *strv);
bool strv_contains(char *const *strv, const char *text);

/* Appends a copy; the array and its strings are from malloc. */
void strv_add(char ***strv, const char *text);

/* Return: the value of the last "name=value", or NULL. */
const char *strv_env_get(char *const *env, const char *name);

/*
 * Leaves of every name the last "name=value" only, in order: getenv(3) finds the first. Changes the
 * array, whose strings stay.
 */
void strv_env_unique(char **env, struct arena *arena);

void strv_free(char ***strv);

#define auto_strv __attribute__((cleanup(strv_free)))

void free_string(char **text);

#define auto_string __attribute__((cleanup(free_string)))
