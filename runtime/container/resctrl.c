/* resctrl.c - the groups in resctrl that a config asks for; nothing where it does not */
#include "runtime/container/resctrl.h"

#include <fcntl.h>

#include "base/buf.h"
#include "base/file.h"
#include "runtime/linux/rdt.h"

enum { MOUNTINFO_MAX = 64 * 1024 * 1024 };

int resctrl_plan(struct container *container, const char *id, struct error *err)
{
	const struct spec_linux *linux = container->config.linux;
	struct arena *arena = &container->arena;
	auto_buf struct buf mountinfo = { 0 };
	struct spec_rdt *rdt;
	char *root;
	int r;

	if (!linux || !linux->intelRdt)
		return 0;
	r = file_read_at(AT_FDCWD, "/proc/self/mountinfo", MOUNTINFO_MAX, &mountinfo);
	if (r < 0)
		return error_errno(err, r, "read /proc/self/mountinfo");
	r = rdt_find_root(mountinfo.data, arena, &root, err);
	if (r < 0)
		return r;
	rdt = arena_alloc(arena, sizeof(*rdt));
	r = rdt_plan(root, linux->intelRdt, id, arena, rdt, err);
	if (r == 0)
		container->state.intelRdt = rdt;
	return r;
}

int resctrl_make(const struct container *container, struct error *err)
{
	const struct spec_rdt *rdt = container->state.intelRdt;
	int r = rdt ? rdt_make(rdt, container->config.linux->intelRdt, err) : 0;

	if (r < 0)
		rdt_remove(rdt, NULL);
	return r;
}

int resctrl_add(const struct container *container, pid_t pid, struct error *err)
{
	const struct spec_rdt *rdt = container->state.intelRdt;

	return rdt ? rdt_add(rdt, pid, err) : 0;
}

int resctrl_remove(const struct container *container, struct error *err)
{
	const struct spec_rdt *rdt = container->state.intelRdt;

	return rdt ? rdt_remove(rdt, err) : 0;
}
