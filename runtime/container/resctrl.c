/* resctrl.c - the groups in resctrl that a config asks for; nothing where it does not */
#include "runtime/container/resctrl.h"

#include "runtime/linux/mountinfo.h"
#include "runtime/linux/rdt.h"

int resctrl_plan(struct container *container, const char *id, struct error *err)
{
	const struct spec_linux *linux = container->config.linux;
	struct arena *arena = &container->arena;
	struct mountinfo mounts;
	struct spec_rdt *rdt;
	const char *root;
	int r;

	if (!linux || !linux->intelRdt)
		return 0;
	r = mountinfo_read(arena, &mounts, err);
	if (r == 0)
		r = rdt_find_root(&mounts, &root, err);
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
