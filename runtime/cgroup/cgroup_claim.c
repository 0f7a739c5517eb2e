/* cgroup_claim.c - whose a cgroup is: a mark that lasts, and a lock while it is made or removed */
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/xattr.h>

#include "base/deadline.h"
#include "base/log.h"
#include "runtime/cgroup/driver.h"

enum { LOCK_SECONDS = 1 };

/*
 * The first is root's alone, so that no container removes it from a cgroup that it may write to;
 * v1 takes no other. The second is for those who are not root of the host (xattr(7)).
 */
static const char *const names[] = { "trusted.gocker.owner", "user.gocker.owner" };

enum { NAMES = sizeof(names) / sizeof(*names) };

int cgroup_read_mark(int fd, char mark[CGROUP_MARK_SIZE])
{
	for (size_t i = 0; fd >= 0 && i < NAMES; i++) {
		ssize_t len = fgetxattr(fd, names[i], mark, CGROUP_MARK_SIZE - 1);

		if (len >= 0) {
			mark[len] = 0;
			return 1;
		}
	}
	return 0;
}

/* Behind the owner is his home, and marks of earlier versions have none. */
static enum cgroup_claim claim_read(const struct cgroup_hierarchy *hierarchy, const char *owner)
{
	char mark[CGROUP_MARK_SIZE];
	size_t len = strlen(owner);

	if (!cgroup_read_mark(hierarchy->fd, mark))
		return CGROUP_CLAIM_NONE;
	return !strncmp(mark, owner, len) && (!mark[len] || mark[len] == CGROUP_MARK_HOME) ?
		       CGROUP_CLAIM_OURS : CGROUP_CLAIM_OTHERS;
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

static bool mark_one(const struct cgroup_hierarchy *hierarchy, const char *mark)
{
	for (size_t i = 0; hierarchy->fd >= 0 && i < NAMES; i++)
		if (!fsetxattr(hierarchy->fd, names[i], mark, strlen(mark), 0))
			return true;
	return false;
}

void cgroup_write_claim(const struct cgroup *cgroup)
{
	char mark[CGROUP_MARK_SIZE];
	bool is_marked = true;

	snprintf(mark, sizeof(mark), "%s%c%s", cgroup->owner, CGROUP_MARK_HOME, cgroup->home);
	for (size_t i = 0; i < cgroup->len; i++)
		is_marked = mark_one(&cgroup->hierarchies[i], mark) && is_marked;
	if (!is_marked)
		log_debug("the cgroup cannot be marked as the container's own");
}

void cgroup_drop_claim(const struct cgroup *cgroup)
{
	for (size_t i = 0; i < cgroup->len; i++)
		for (size_t k = 0; k < NAMES && cgroup->hierarchies[i].fd >= 0; k++)
			fremovexattr(cgroup->hierarchies[i].fd, names[k]);
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
