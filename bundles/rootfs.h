/* rootfs.h - how the files of a rootfs are written */
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct rootfs_policy {
	bool keep_owners;     /* we are root; else all belongs to who runs us */
	bool keep_privileges; /* set-user-ID, set-group-ID and file capabilities */
	uint32_t id_first;    /* is added to every owner and group ... */
	uint32_t id_size;     /* ... which must be below this; 0: owners are written as they are */
	uint64_t max_size;    /* bytes of all files together */
};
