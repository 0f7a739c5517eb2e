/* rootfs.h - how the files of a rootfs are written */
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct rootfs_policy {
	bool keep_owners;     /* we are root, if of a user namespace; else all belongs to us */
	bool keep_privileges; /* set-user-ID, set-group-ID and file capabilities */
	bool keep_capabilities;  /* those of files, where privileges are kept */
	const char *owners_lost; /* why owners are not kept */
	uint32_t id_first;    /* is added to every owner and group ... */
	uint32_t id_size;     /* ... which must be below this; 0: any */
	uint64_t max_size;    /* bytes of all files together */
};
