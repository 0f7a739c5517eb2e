/* counters.c - what the network devices of a process have received and sent */
#include "runtime/net/counters.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/lines.h"

enum {
	FILE_MAX = 1024 * 1024,
	COLUMNS = 16, /* eight about receiving, eight about sending */
};

bool counters_parse(const char *line, struct arena *arena, struct spec_network_stats *device)
{
	const char *name = line + strspn(line, " "), *colon = strchr(name, ':');
	uint64_t columns[COLUMNS];
	char *at;

	if (!colon)
		return false;
	at = (char *)colon + 1;
	for (int i = 0; i < COLUMNS; i++)
		columns[i] = strtoull(at, &at, 10);
	*device = (struct spec_network_stats){
		.Name = arena_strndup(arena, name, (size_t)(colon - name)),
		.RxBytes = columns[0],
		.RxPackets = columns[1],
		.RxErrors = columns[2],
		.RxDropped = columns[3],
		.TxBytes = columns[8],
		.TxPackets = columns[9],
		.TxErrors = columns[10],
		.TxDropped = columns[11],
	};
	return true;
}

int counters_read(pid_t pid, struct arena *arena, struct spec_network_stats **devices)
{
	auto_buf struct buf text = { 0 };
	char path[32], *rest, *line;
	int r, len = 0;

	snprintf(path, sizeof(path), "/proc/%d/net/dev", pid);
	r = file_read_at(AT_FDCWD, path, FILE_MAX, &text);
	if (r < 0)
		return r;
	*devices = arena_array(arena, lines_count(text.data), sizeof(**devices));
	rest = text.data;
	while ((line = strsep(&rest, "\n")))
		len += counters_parse(line, arena, &(*devices)[len]);
	return len;
}
