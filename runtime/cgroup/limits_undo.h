/* limits_undo.h - what files of a cgroup had before they were written */
#pragma once
#include "base/error.h"
#include "runtime/cgroup/cgroup.h"

/*
 * Remembers what the write of text into a file of the directory is going to change. A file that
 * cannot be read has nothing that could be set back. fd and path have to outlive undo.
 */
void limits_undo_remember(struct cgroup_undo *undo, int fd, const char *path, const char *file,
			  const char *text);

/*
 * The text that sets back what the write of text changes in a file that has content: the line for
 * the same device, or all of it; in the arena.
 * Return: the text, NULL where there is nothing to write.
 */
const char *limits_undo_text(const char *file, const char *content, const char *text,
			     struct arena *arena);
