/* settings.c - the texts of the command line that shape config.json, read and checked */
#include "bundles/settings.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/number.h"
#include "base/path.h"
#include "base/strv.h"

static const int64_t default_max_size = 4LL << 30;

enum {
	HOSTNAME_MAX = 64,     /* __NEW_UTS_LEN of the kernel */
	QUOTA_MIN = 1000,      /* the least that the kernel takes */
	CPUS_MAX = 100000,
	QUOTA_DIGITS = 5,      /* of SETTINGS_CPU_PERIOD behind the point */
	TERMINAL_GROUP = 5,    /* of devpts in the default mounts */
};

int settings_read_cpus(const char *text, int64_t *quota, struct error *err)
{
	auto_arena struct arena arena = { 0 };
	const char *point = strchr(text, '.');
	char fraction[QUOTA_DIGITS + 1] = "00000";
	uint64_t whole, parts;
	size_t digits = point ? strlen(point + 1) : 0;
	char *before = arena_strndup(&arena, text, point ? (size_t)(point - text) : strlen(text));

	if (number_parse_u64(before, CPUS_MAX, &whole) < 0 ||
	    (point && (!digits || strspn(point + 1, "0123456789") != digits)))
		return error_set(err, EINVAL,
				 "option --cpus: \"%s\" is not a number of processors such as 0.5 "
				 "or 2",
				 text);
	if (point)
		memcpy(fraction, point + 1, digits < QUOTA_DIGITS ? digits : QUOTA_DIGITS);
	number_parse_u64(fraction, SETTINGS_CPU_PERIOD, &parts);
	if (whole * SETTINGS_CPU_PERIOD + parts < QUOTA_MIN)
		return error_set(err, EINVAL,
				 "option --cpus: \"%s\" is too little, 0.01 is the least",
				 text);
	*quota = (int64_t)(whole * SETTINGS_CPU_PERIOD + parts);
	return 0;
}

int settings_read_size(const char *option, const char *text, int64_t *bytes, struct error *err)
{
	int64_t value;

	if (number_parse_size(text, &value) < 0 || value <= 0)
		return error_set(err, EINVAL,
				 "option --%s: \"%s\" is not a size such as 512M or 2G",
				 option, text);
	*bytes = value;
	return 0;
}

/* "A:B" into two ids. Return: 1 where there is a second, 0 where not, -EINVAL. */
static int split_ids(const char *text, uint32_t *first, uint32_t *second)
{
	auto_arena struct arena arena = { 0 };
	const char *colon = strchr(text, ':');

	if (!colon)
		return number_parse_id(text, first) < 0 ? -EINVAL : 0;
	if (number_parse_id(arena_strndup(&arena, text, (size_t)(colon - text)), first) < 0 ||
	    number_parse_id(colon + 1, second) < 0)
		return -EINVAL;
	return 1;
}

int settings_read_user(const char *text, uint32_t *uid, uint32_t *gid, struct error *err)
{
	uint32_t user, group = 0;

	if (split_ids(text, &user, &group) < 0)
		return error_set(err, EINVAL,
				 "option --user: \"%s\" is not UID or UID:GID in numbers",
				 text);
	*uid = user;
	*gid = group;
	return 0;
}

int settings_read_userns(const char *text, uint32_t *first, uint32_t *size, struct error *err)
{
	uint32_t start, count;

	if (split_ids(text, &start, &count) != 1)
		return error_set(err, EINVAL,
				 "option --userns: \"%s\" is not FIRST:SIZE such as 100000:65536",
				 text);
	if (count <= TERMINAL_GROUP || count > UINT32_MAX - start)
		return error_set(err, EINVAL,
				 "option --userns: \"%s\": SIZE must be at least %d and FIRST + "
				 "SIZE at most 4294967295",
				 text, TERMINAL_GROUP + 1);
	*first = start;
	*size = count;
	return 0;
}

/* With the NUL: what no system call would take. */
static int check_length(const char *option, const char *text, size_t max, struct error *err)
{
	size_t len = strlen(text);

	if (len < max)
		return 0;
	return error_set(err, EINVAL, "option --%s: has %zu bytes, %zu at most are possible",
			 option, len, max - 1);
}

int settings_read_volume(const char *text, struct arena *arena, struct volume *volume,
			 struct error *err)
{
	struct volume result = { 0 };
	char *source = arena_strdup(arena, text);
	char *destination = strchr(source, ':');
	char *options = destination ? strchr(destination + 1, ':') : NULL;
	auto_string char *here = NULL;
	struct stat st;
	int r = check_length("volume", text, 2 * PATH_MAX, err);

	if (r < 0)
		return r;
	if (destination)
		*destination++ = 0;
	if (options)
		*options++ = 0;
	if (!destination || !*source || *destination != '/' || path_has_dotdot(destination) ||
	    !strcmp(path_clean(arena, destination), "/"))
		return error_set(err, EINVAL,
				 "option --volume: \"%s\" is not SOURCE:/DESTINATION[:ro]",
				 text);
	result.readonly = options && !strcmp(options, "ro");
	if (options && !result.readonly && strcmp(options, "rw") != 0)
		return error_set(err, EINVAL,
				 "option --volume: \"%s\": \"%s\" is neither ro nor rw", text,
				 options);
	here = *source == '/' ? NULL : getcwd(NULL, 0);
	if (*source != '/' && !here)
		return error_errno(err, errno,
				   "option --volume: \"%s\": find the working directory",
				   text);
	result.source = path_join(arena, here ? here : "/", source);
	/* As it was written: path_clean does not know where a symlink before ".." leads. */
	if (stat(source, &st) < 0)
		return error_errno(err, errno, "option --volume: \"%s\": look at \"%s\"", text,
				   source);
	result.destination = path_clean(arena, destination);
	*volume = result;
	return 0;
}

static int read_volumes(char *const *texts, struct arena *arena, struct settings *settings,
			struct error *err)
{
	size_t len = strv_len(texts);

	settings->volumes = arena_array(arena, len + 1, sizeof(*settings->volumes));
	settings->volumes_len = len;
	for (size_t i = 0; i < len; i++) {
		int r = settings_read_volume(texts[i], arena, &settings->volumes[i], err);

		if (r < 0)
			return r;
	}
	return 0;
}

static int check_env(char *const *env, struct error *err)
{
	for (; env && *env; env++) {
		const char *equals = strchr(*env, '=');

		if (!equals || equals == *env)
			return error_set(err, EINVAL,
					 "option --env: \"%s\" is not NAME=VALUE", *env);
	}
	return 0;
}

static int check_hostname(const char *name, struct error *err)
{
	static const char allowed[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";
	size_t len = name ? strlen(name) : 1;

	if (name && (!len || len > HOSTNAME_MAX || strspn(name, allowed) != len || *name == '-' ||
		     *name == '.'))
		return error_set(err, EINVAL,
				 "option --hostname: \"%.80s\" is not a host name: letters, "
				 "digits, \"-\" and \".\", at most %d",
				 name, HOSTNAME_MAX);
	return 0;
}

static int check_rest(const struct request *request, const struct settings *settings,
		      struct error *err)
{
	int r = check_env(request->env, err);

	if (r == 0)
		r = check_hostname(request->hostname, err);
	if (r < 0)
		return r;
	r = check_length("cwd", request->cwd ? request->cwd : "", PATH_MAX, err);
	if (r < 0)
		return r;
	if (request->cwd && *request->cwd != '/')
		return error_set(err, EINVAL, "option --cwd: \"%s\" is not an absolute path",
				 request->cwd);
	if (request->pids < 1)
		return error_set(err, EINVAL, "option --pids: at least 1 is needed");
	if (settings->id_size && geteuid() != 0)
		return error_set(err, EINVAL,
				 "option --userns needs root: without it your own ids are mapped");
	if (settings->own_id && geteuid() == 0)
		return error_set(err, EINVAL, "option --userns own is for users other than root");
	if (settings->id_size && (settings->uid >= settings->id_size ||
				  settings->gid >= settings->id_size))
		return error_set(err, EINVAL,
				 "option --user: \"%s\" is outside of the %u ids of --userns",
				 request->user, settings->id_size);
	return 0;
}

int settings_read(const struct request *request, struct arena *arena, struct settings *settings,
		  struct error *err)
{
	struct settings read = {
		.command = request->command, .env = request->env, .hostname = request->hostname,
		.cwd = request->cwd, .pids = request->pids, .max_size = default_max_size,
		.read_only = request->read_only, .tty = request->tty,
	};
	int r = read_volumes(request->volumes, arena, &read, err);

	if (r == 0 && request->memory)
		r = settings_read_size("memory", request->memory, &read.memory, err);
	if (r == 0 && request->max_size)
		r = settings_read_size("max-size", request->max_size, &read.max_size, err);
	if (r == 0 && request->cpus)
		r = settings_read_cpus(request->cpus, &read.cpu_quota, err);
	if (r == 0 && request->user)
		r = settings_read_user(request->user, &read.uid, &read.gid, err);
	read.own_id = request->userns && !strcmp(request->userns, "own");
	if (r == 0 && request->userns && !read.own_id)
		r = settings_read_userns(request->userns, &read.id_first, &read.id_size, err);
	if (r == 0)
		r = networking_read(request, geteuid() != 0, arena, &read.networking, err);
	if (r == 0)
		r = check_rest(request, &read, err);
	if (r == 0)
		*settings = read;
	return r;
}
