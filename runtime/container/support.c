/* support.c - what config.json may ask for that is read but not acted on yet */
#include "runtime/container/support.h"

#include <errno.h>
#include <string.h>

#define ASKS(name, condition)                                                                      \
	static bool asks_##name(const struct spec_config *config)                                  \
	{                                                                                          \
		return condition;                                                                  \
	}

ASKS(mount_label, config->linux->mountLabel && *config->linux->mountLabel)

static const struct {
	const char *place;
	bool (*asks)(const struct spec_config *config);
	bool of_linux;
} rows[] = {
	{ "/linux/mountLabel", asks_mount_label, true },
};

int support_check(const struct spec_config *config, struct error *err)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if ((!rows[i].of_linux || config->linux) && rows[i].asks(config))
			return error_set(err, ENOTSUP, "config.json: %s: is not supported yet",
					 rows[i].place);
	return 0;
}
