/* networking.c - the options that say on which network the container is */
#include "bundles/networking.h"

#include <errno.h>
#include <linux/sched.h>
#include <string.h>

#include "base/buf.h"
#include "base/table.h"
#include "spec/defaults.h"
#include "spec/network.h"

enum mode { BRIDGE, NONE, HOST };

static const struct name_value modes[] = {
	{ "bridge", BRIDGE },
	{ "none", NONE },
	{ "host", HOST },
	{ 0 },
};

/* The keys that options give a value to. */
static const struct {
	const char *key, *option;
} rows[] = {
	{ "address", "ip" },
	{ "dns", "dns" },
	{ "ports", "publish" },
};

static int read_mode(const char *text, bool rootless, enum mode *mode, struct error *err)
{
	const struct name_value *row = table_find_name(modes, text);

	if (!row)
		return error_set(err, EINVAL,
				 "option --network: \"%s\" is none of bridge, none and host", text);
	if (row->value == BRIDGE && rootless)
		return error_set(err, EINVAL,
				 "option --network: bridge needs root: without it there are host "
				 "and none, and pasta (gocker-config(5), "
				 "run.gocker.network.user)");
	*mode = (enum mode)row->value;
	return 0;
}

/* "8080:80" and "53:53/udp" become "8080:80,53:53/udp". Return: NULL: there are none. */
static char *join(char *const *texts, struct arena *arena)
{
	auto_buf struct buf joined = { 0 };

	if (!texts || !*texts)
		return NULL;
	for (char *const *text = texts; *text; text++)
		buf_printf(&joined, "%s%s", text == texts ? "" : ",", *text);
	return arena_strdup(arena, joined.data);
}

static void add(struct networking *networking, const char *key, const char *value,
		struct arena *arena)
{
	networking->annotations[networking->annotations_len++] = (struct spec_pair){
		.key = arena_printf(arena, "%s0.%s", spec_network_prefix, key),
		.value = arena_strdup(arena, value),
	};
}

/* In the words of the annotations, but for the place: nobody has written them yet. */
static int check(const struct networking *networking, struct arena *arena, struct error *err)
{
	const struct spec_config config = {
		.annotations = networking->annotations,
		.annotations_len = networking->annotations_len,
	};
	struct spec_interface interface = { .number = 0 };
	struct spec_network network;

	if (spec_network_read(&config, arena, &network, err) == 0)
		return 0;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *place = spec_interface_place(&interface, rows[i].key, arena);
		size_t len = strlen(place);

		if (!strncmp(err->text, place, len))
			return error_set(err, EINVAL, "option --%s%s", rows[i].option,
					 arena_strdup(arena, err->text + len));
	}
	return -err->num;
}

int networking_read(const struct request *request, bool rootless, struct arena *arena,
		    struct networking *networking, struct error *err)
{
	const char *values[] = { request->ip, request->dns, join(request->publish, arena) };
	const char *defaults[] = { "auto", "host", NULL };
	struct networking read = { 0 };
	enum mode mode = rootless ? HOST : BRIDGE;

	if (request->network && read_mode(request->network, rootless, &mode, err) < 0)
		return -err->num;
	read.has_namespace = mode != HOST;
	read.annotations = arena_array(arena, 1 + sizeof(rows) / sizeof(*rows),
				       sizeof(*read.annotations));
	if (mode == BRIDGE)
		add(&read, "type", "bridge", arena);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *value = values[i] ? values[i] : defaults[i];

		if (mode != BRIDGE && values[i])
			return error_set(err, EINVAL, "option --%s needs a container on a bridge%s",
					 rows[i].option,
					 rootless ? ", which needs root" : ": --network bridge");
		if (mode == BRIDGE && value)
			add(&read, rows[i].key, value, arena);
	}
	if (check(&read, arena, err) < 0)
		return -err->num;
	*networking = read;
	return 0;
}

void networking_apply(const struct networking *networking, struct arena *arena,
		      struct spec_config *config)
{
	if (networking->has_namespace)
		spec_default_own_network(arena, config);
	else
		spec_default_host_network(arena, config);
	if (networking->annotations_len) {
		config->annotations = networking->annotations;
		config->annotations_len = networking->annotations_len;
	}
}
