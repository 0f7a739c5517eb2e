/* cgroup_claim.c - whose a cgroup is: a mark that lasts, and a lock while it is made or removed */
#include <string.h>
#include <sys/file.h>
#include <sys/xattr.h>

#include "base/deadline.h"
#include "base/log.h"
#include "runtime/cgroup/driver.h"

enum { OWNER_MAX = 512, LOCK_SECONDS = 1 };

/*
 * The first is root's alone, so that no container removes it from a cgroup that it may write to;
 * v1 takes no other. The second is for those who are not root of the host (xattr(7)).
 */
static const char *const names[] = { "trusted.gocker.owner", "user.gocker.owner" };

enum { NAMES = sizeof(names) / sizeof(*names) };

static enum cgroup_claim claim_read(const struct cgroup_hierarchy *hierarchy, const char *owner)
{
	char text[OWNER_MAX];

	for (size_t i = 0; hierarchy->fd >= 0 && i < NAMES; i++) {
		ssize_t len = fgetxattr(hierarchy->fd, names[i], text, sizeof(text));

		if (len >= 0)
			return (size_t)len == strlen(owner) && !memcmp(text, owner, (size_t)len) ?
				       CGROUP_CLAIM_OURS : CGROUP_CLAIM_OTHERS;
	}
	return CGROUP_CLAIM_NONE;
}

enum cgroup_claim cgroup_find_claim(const struct cgroup *cgroup)
{
	enum cgroup_claim claim = CGROUP_CLAIM_NONE;

	for (size_t i = 0; claim == CGROUP_CLAIM_NONE && i < cgroup->len; i++)
		claim = claim_read(&cgroup->hierarchies[i], cgroup->owner);
	return claim;
}

/* Return: the hierarchy that stands for all: the first one; NULL: none is open. */
static const struct cgroup_hierarchy *claim_hierarchy(const struct cgroup *cgroup)
{
	for (size_t i = 0; i < cgroup->len; i++)
		if (cgroup->hierarchies[i].fd >= 0)
			return &cgroup->hierarchies[i];
	return NULL;
}

void cgroup_write_claim(const struct cgroup *cgroup)
{
	const struct cgroup_hierarchy *first = claim_hierarchy(cgroup);

	for (size_t i = 0; first && i < NAMES; i++)
		if (!fsetxattr(first->fd, names[i], cgroup->owner, strlen(cgroup->owner), 0))
			return;
	log_debug("the cgroup cannot be marked as the container's own");
}

void cgroup_drop_claim(const struct cgroup *cgroup)
{
	const struct cgroup_hierarchy *first = claim_hierarchy(cgroup);

	for (size_t i = 0; first && i < NAMES; i++)
		fremovexattr(first->fd, names[i]);
}

bool cgroup_try_lock(const struct cgroup *cgroup)
{
	const struct cgroup_hierarchy *first = claim_hierarchy(cgroup);

	return !first || !flock(first->fd, LOCK_EX | LOCK_NB);
}

bool cgroup_lock(const struct cgroup *cgroup)
{
	struct deadline deadline = deadline_start(LOCK_SECONDS);
	bool locked = cgroup_try_lock(cgroup);

	/* Whoever makes a container in it may take long, but says soon that it is his. */
	while (!locked && cgroup_find_claim(cgroup) != CGROUP_CLAIM_OTHERS &&
	       deadline_wait(&deadline))
		locked = cgroup_try_lock(cgroup);
	return locked;
}

void cgroup_unlock(const struct cgroup *cgroup)
{
	const struct cgroup_hierarchy *first = claim_hierarchy(cgroup);

	if (first)
		flock(first->fd, LOCK_UN);
}

void cgroup_disown(struct cgroup *cgroup)
{
	cgroup_close(cgroup);
	cgroup->disowned = true;
}
