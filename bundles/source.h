/* source.h - where a rootfs comes from */
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "bundles/request.h"
#include "bundles/rootfs.h"

/*
 * open gets hold of what the rootfs is made from, before anything is made in the target: *fd is the
 * caller's, *label is what the success message says ("Alpine 3.20.3 for x86_64"), in the arena.
 * fill makes the tree in the empty directory rootfs_fd.
 * Both return 0 or -errno with err written; what fill leaves on failure is removed by the caller.
 */
struct source {
	const char *name;
	const char *help;
	int (*open)(const struct request *request, struct arena *arena, int *fd, char **label,
		    struct error *err);
	int (*fill)(int fd, int rootfs_fd, const struct rootfs_policy *policy, struct error *err);
};

/* A table that ends with { 0 }. */
extern const struct source sources[];

/*
 * Chooses by the request's source and its --rootfs-archive, and refuses options that the source
 * does not know.
 * Return: 0 or -EINVAL.
 */
int source_choose(const struct request *request, const struct source **source, struct error *err);

int alpine_open(const struct request *request, struct arena *arena, int *fd, char **label,
		struct error *err);
int archive_open(const struct request *request, struct arena *arena, int *fd, char **label,
		 struct error *err);
int busybox_open(const struct request *request, struct arena *arena, int *fd, char **label,
		 struct error *err);
int busybox_fill(int fd, int rootfs_fd, const struct rootfs_policy *policy, struct error *err);
