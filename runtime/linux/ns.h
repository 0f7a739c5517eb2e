/* ns.h - namespaces: opened by their paths, joined, made where clone3(2) does not make them */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"
#include "spec/config.h"

/* A namespace that is joined. */
struct ns {
	int type; /* CLONE_NEW* */
	const char *path; /* NULL: made by this process or the one before */
	int fd; /* -1: joined already */
};

/*
 * Opens the namespace at path, an nsfs file such as /proc/1/ns/net or a bind mount of it.
 * Return: a close-on-exec descriptor; -EINVAL where it is no namespace or one of another type;
 * -errno of open(2).
 */
int ns_open(const char *path, int type, struct error *err);

/* Whether this process is in the namespace. Return: 1, 0, -errno of stat(2). */
int ns_is_own(int fd, int type);

/* Return: whether process 1 is in the namespace, and this process may see that. */
bool ns_is_of_first(int fd, int type);

/* Whether pid and this process are in the same. Return: 1, 0, -errno of stat(2). */
int ns_is_shared(pid_t pid, int type);

/*
 * Enters them all, in an order that works whoever owns them: those that only the present
 * user namespace may join before the user namespace among them, the others after it. A pid
 * namespace is that of the children from then on. The root and the working directory are those of a
 * mount namespace that is joined. Joined ones are closed, on failure some are.
 * Return: 0; -EPERM, with a hint; -errno of setns(2).
 */
int ns_join(struct ns *list, size_t len, struct error *err);

/*
 * Takes root's ids in the user namespace that was entered or has been mapped: until then files
 * would belong to the overflow ids (user_namespaces(7)).
 * Return: 0; -EINVAL where the maps have no 0; -errno of setresgid(2), setresuid(2).
 */
int ns_become_root(struct error *err);

/*
 * Where namespaces of these types (0: none) could not be made, says why that may be. err has the
 * failure already. Return: num.
 */
int ns_explain_making(uint64_t types, int num, struct error *err);

/*
 * Makes a time namespace with these clocks (NULL: those of the present one) and enters it, in a
 * process with one thread.
 * Return: 0; -ERANGE for a clock that would be negative; -errno of unshare(2), write(2), setns(2).
 */
int ns_make_time(const struct spec_time_offsets *offsets, struct error *err);
