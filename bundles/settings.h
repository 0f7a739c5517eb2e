/* settings.h - the texts of the command line that shape config.json, read and checked */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "bundles/networking.h"
#include "bundles/request.h"

enum { SETTINGS_CPU_PERIOD = 100000 }; /* microseconds, the kernel's default */

struct volume {
	char *source; /* absolute */
	char *destination;
	bool readonly;
};

struct settings {
	char **command;       /* NULL-terminated, may be empty */
	char **env;           /* NAME=VALUE, NULL-terminated */
	const char *hostname; /* NULL: not given */
	const char *cwd;      /* NULL: not given */
	struct volume *volumes;
	size_t volumes_len;
	int64_t memory;    /* bytes, 0: no limit */
	int64_t cpu_quota; /* microseconds per SETTINGS_CPU_PERIOD, 0: no limit */
	int64_t pids;
	uint32_t uid, gid;
	uint32_t id_first, id_size; /* of --userns, size 0: no user namespace of root's */
	bool own_id;                /* --userns own: no ids but the caller's */
	int64_t max_size;           /* bytes of the rootfs */
	bool read_only, tty;
	struct networking networking;
};

/*
 * Reads all of them; strings point into the request or the arena. The sources of volumes must be
 * there.
 * Return: 0, or -EINVAL, -ENOENT with the option named.
 */
int settings_read(const struct request *request, struct arena *arena, struct settings *settings,
		  struct error *err);

/* The single ones, each with its option in the message. Return: 0 or -EINVAL, -ENOENT. */
int settings_read_cpus(const char *text, int64_t *quota, struct error *err);
int settings_read_size(const char *option, const char *text, int64_t *bytes, struct error *err);
int settings_read_user(const char *text, uint32_t *uid, uint32_t *gid, struct error *err);
int settings_read_userns(const char *text, uint32_t *first, uint32_t *size, struct error *err);
int settings_read_volume(const char *text, struct arena *arena, struct volume *volume,
			 struct error *err);
