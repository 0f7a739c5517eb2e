/* mount_label.h - the SELinux label of what is mounted (mountLabel) */
#pragma once
#include "base/arena.h"
#include "base/error.h"

/*
 * type: context, fscontext, defcontext or rootcontext, mount(8); NULL: context.
 * Return: 0 with *option "context=<label>", or NULL where SELinux is off: there no label is wanted;
 * -EINVAL for another type.
 */
int mount_label_compose(const char *label, const char *type, struct arena *arena,
			const char **option, struct error *err);

/*
 * option: as composed, or NULL. Return: data with the option behind it, in the arena, or data
 * itself where file systems of that type have labels of their own.
 */
char **mount_label_add(const char *type, char **data, const char *option, struct arena *arena);

/*
 * For file systems that take no such option but keep labels (mqueue): gives it to the root of the
 * mount. Nothing for others. Return: 0 or -errno of fsetxattr(2).
 */
int mount_label_mark(int mount_fd, const char *type, const char *option, struct error *err);
