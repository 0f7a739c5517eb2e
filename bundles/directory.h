/* directory.h - directories that are taken away again where the work fails */
#pragma once
#include <sys/types.h>

/*
 * Makes the directory (mode) and those above it that are not there (parents_mode).
 * Return: how many were made (0: it was there), or -errno of mkdir(2), and nothing is made.
 */
int directory_make(const char *path, mode_t parents_mode, mode_t mode);

/* Removes the last components that directory_make made, as far as they are empty. */
void directory_unmake(const char *path, int made);
