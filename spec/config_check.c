/* config_check.c - config.json: what needs more than one section to be judged */
#include <ctype.h>
#include <errno.h>
#include <linux/sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/log.h"
#include "base/path.h"
#include "base/strv.h"
#include "spec/config_schema.h"

/*
 * The kernel walks through all mounts that are on one place to make another on it: a hundred
 * thousand, which it allows, would take an hour.
 */
enum { MOUNTS_MAX = 10000 };

static const struct spec_linux no_linux;

static const struct spec_namespace *find_namespace(const struct spec_linux *linux, int type)
{
	for (size_t i = 0; i < linux->namespaces_len; i++)
		if (linux->namespaces[i].type == type)
			return &linux->namespaces[i];
	return NULL;
}

static int fail_namespace(const char *place, int type, struct error *err)
{
	return error_set(err, EINVAL, "%s: needs a \"%s\" entry in /linux/namespaces", place,
			 table_name_of(spec_namespace_types, type));
}

/* The name would be one or the other, by the order in which they are set. */
static int check_domainname(const struct spec_config *config, const struct spec_linux *linux,
			    struct error *err)
{
	for (size_t i = 0; config->domainname && i < linux->sysctl_len; i++)
		if (!strcmp(linux->sysctl[i].key, "kernel.domainname") &&
		    strcmp(linux->sysctl[i].value, config->domainname))
			return error_set(err, EINVAL, "/linux/sysctl: \"kernel.domainname\" "
					 "contradicts /domainname");
	return 0;
}

/* What changes the host when the namespace is not the container's own. */
static int check_owners(const struct spec_config *config, const struct spec_linux *linux,
			struct error *err)
{
	const struct {
		const char *place;
		int type;
		bool is_set;
	} needs[] = {
		{ "/hostname", CLONE_NEWUTS, config->hostname },
		{ "/domainname", CLONE_NEWUTS, config->domainname },
		{ "/linux/maskedPaths", CLONE_NEWNS, strv_len(linux->maskedPaths) },
		{ "/linux/readonlyPaths", CLONE_NEWNS, strv_len(linux->readonlyPaths) },
		{ "/linux/uidMappings", CLONE_NEWUSER, linux->uidMappings_len },
		{ "/linux/gidMappings", CLONE_NEWUSER, linux->gidMappings_len },
		{ "/linux/timeOffsets", CLONE_NEWTIME, linux->timeOffsets },
	};

	for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]); i++)
		if (needs[i].is_set && !find_namespace(linux, needs[i].type))
			return fail_namespace(needs[i].place, needs[i].type, err);
	return 0;
}

static int check_namespaces(const struct spec_linux *linux, struct error *err)
{
	const struct spec_namespace *user = find_namespace(linux, CLONE_NEWUSER);
	const struct spec_namespace *time = find_namespace(linux, CLONE_NEWTIME);

	for (size_t i = 0; i < linux->namespaces_len; i++) {
		const struct spec_namespace *namespace = &linux->namespaces[i];

		if (find_namespace(linux, namespace->type) != namespace)
			return error_set(err, EINVAL,
					 "/linux/namespaces/%zu: \"%s\" is there twice", i,
					 table_name_of(spec_namespace_types, namespace->type));
	}
	if (user && !user->path && !linux->uidMappings_len != !linux->gidMappings_len)
		return error_set(err, EINVAL, "/linux/%s: a new user namespace needs both "
				 "uidMappings and gidMappings, or none",
				 linux->uidMappings_len ? "gidMappings" : "uidMappings");
	if (time && time->path && linux->timeOffsets)
		return error_set(err, EINVAL, "/linux/timeOffsets: "
				 "the time namespace that is joined by its path has its own");
	return 0;
}

static bool ranges_overlap(uint32_t a, uint32_t a_size, uint32_t b, uint32_t b_size)
{
	return a < b ? b - a < a_size : a - b < b_size;
}

static int check_overlap(const struct spec_id_mapping *a, const struct spec_id_mapping *b,
			 struct error *err)
{
	if (ranges_overlap(a->containerID, a->size, b->containerID, b->size))
		return error_set(err, EINVAL, "containerID %u with size %u overlaps "
				 "containerID %u with size %u",
				 a->containerID, a->size, b->containerID, b->size);
	if (ranges_overlap(a->hostID, a->size, b->hostID, b->size))
		return error_set(err, EINVAL, "hostID %u with size %u overlaps "
				 "hostID %u with size %u",
				 a->hostID, a->size, b->hostID, b->size);
	return 0;
}

static int check_list(const char *object, const char *member,
		      const struct spec_id_mapping *mappings, size_t len, struct error *err)
{
	enum { MAPPINGS_MAX = 340 }; /* user_namespaces(7) */

	if (len > MAPPINGS_MAX)
		return error_set(err, EINVAL, "%s/%s: has %zu entries, the kernel takes %d at most",
				 object, member, len, MAPPINGS_MAX);
	for (size_t i = 0; i < len; i++)
		for (size_t j = 0; j < i; j++)
			if (check_overlap(&mappings[i], &mappings[j], err) < 0)
				return error_context(err, "%s/%s/%zu", object, member, i);
	return 0;
}

/* place is that of the object which has the mappings, the container or a mount. */
static int check_mappings(const char *place, const struct spec_id_mapping *uids, size_t uids_len,
			  const struct spec_id_mapping *gids, size_t gids_len, struct error *err)
{
	int r = check_list(place, "uidMappings", uids, uids_len, err);

	return r < 0 ? r : check_list(place, "gidMappings", gids, gids_len, err);
}

static int check_mount(const struct spec_linux *linux, const struct spec_mount *mount,
		       const char *place, struct error *err)
{
	bool idmap = strv_contains(mount->options, "idmap") ||
		     strv_contains(mount->options, "ridmap");

	if (!mount->uidMappings_len != !mount->gidMappings_len)
		return error_set(err, EINVAL, "%s: uidMappings and gidMappings need each other",
				 place);
	if (idmap && !mount->uidMappings_len && !find_namespace(linux, CLONE_NEWUSER))
		return error_set(err, EINVAL, "%s: an id-mapped mount needs uidMappings and "
				 "gidMappings, or a user namespace", place);
	return check_mappings(place, mount->uidMappings, mount->uidMappings_len,
			      mount->gidMappings, mount->gidMappings_len, err);
}

/* A relative destination is taken as relative to "/" (specification, "Mounts"). */
static void clean_destination(struct spec_mount *mount, struct arena *arena)
{
	if (mount->destination[0] != '/')
		log_warning("mount destination \"%s\" is not absolute: taken as relative to /",
			    mount->destination);
	mount->destination = path_join(arena, "/", mount->destination);
}

/*
 * The names of sysctls that a namespace has for itself; all others are the host's. A name that
 * ends with a dot stands for all below it. kernel.hostname has a member of its own.
 */
static const struct name_value namespaced_sysctls[] = {
	{ "kernel.msgmax", CLONE_NEWIPC },
	{ "kernel.msgmnb", CLONE_NEWIPC },
	{ "kernel.msgmni", CLONE_NEWIPC },
	{ "kernel.msg_next_id", CLONE_NEWIPC },
	{ "kernel.sem", CLONE_NEWIPC },
	{ "kernel.sem_next_id", CLONE_NEWIPC },
	{ "kernel.shmall", CLONE_NEWIPC },
	{ "kernel.shmmax", CLONE_NEWIPC },
	{ "kernel.shmmni", CLONE_NEWIPC },
	{ "kernel.shm_next_id", CLONE_NEWIPC },
	{ "kernel.shm_rmid_forced", CLONE_NEWIPC },
	{ "fs.mqueue.", CLONE_NEWIPC },
	{ "net.", CLONE_NEWNET },
	{ "kernel.domainname", CLONE_NEWUTS },
	{ "user.", CLONE_NEWUSER },
	{ NULL, 0 },
};

int spec_sysctl_namespace(const char *key)
{
	for (const struct name_value *row = namespaced_sysctls; row->name; row++) {
		size_t len = strlen(row->name);

		if (row->name[len - 1] == '.' ? !strncmp(key, row->name, len) && key[len]
					      : !strcmp(key, row->name))
			return (int)row->value;
	}
	return 0;
}

/*
 * The key becomes a path below /proc/sys: letters, digits and a few signs between single dots. In
 * a value nothing is let through that could be read as another assignment or a path.
 */
static int check_sysctl_text(const struct spec_pair *sysctl, struct error *err)
{
	const char *key = sysctl->key;
	bool valid = key[0] != '.' && !strstr(key, "..") && key[strlen(key) - 1] != '.';

	for (; *key; key++)
		valid = valid && (isalnum((unsigned char)*key) || strchr("._-:@", *key));
	if (!valid)
		return error_set(err, EINVAL, "\"%.100s\" is no name of a sysctl: "
				 "words of letters, digits and \"_-:@\" with dots between them",
				 sysctl->key);
	for (const char *at = sysctl->value; *at; at++)
		if (strchr("/+", *at) || (iscntrl((unsigned char)*at) && *at != '\t'))
			return error_set(err, EINVAL, "the value of \"%.100s\" must not contain "
					 "\"/\", \"+\" and newlines", sysctl->key);
	return 0;
}

static int check_sysctl(const struct spec_linux *linux, const struct spec_pair *sysctl,
			struct error *err)
{
	int type = spec_sysctl_namespace(sysctl->key);

	if (check_sysctl_text(sysctl, err) < 0)
		return -EINVAL;
	if (!strcmp(sysctl->key, "kernel.hostname"))
		return error_set(err, EINVAL, "\"kernel.hostname\" is set by /hostname");
	if (!type)
		return error_set(err, EINVAL, "\"%.100s\" would change the host: "
				 "no namespace has it for itself", sysctl->key);
	if (!find_namespace(linux, type))
		return error_set(err, EINVAL, "\"%.100s\" would change the host: "
				 "it needs a \"%s\" entry in /linux/namespaces", sysctl->key,
				 table_name_of(spec_namespace_types, type));
	return 0;
}

static int check_linux(struct spec_linux *linux, struct error *err)
{
	if (check_namespaces(linux, err) < 0)
		return -EINVAL;
	if (check_mappings("/linux", linux->uidMappings, linux->uidMappings_len,
			   linux->gidMappings, linux->gidMappings_len, err) < 0)
		return -EINVAL;
	for (size_t i = 0; i < linux->sysctl_len; i++)
		if (check_sysctl(linux, &linux->sysctl[i], err) < 0)
			return error_context(err, "/linux/sysctl");
	for (size_t i = 0; i < linux->devices_len; i++)
		if (linux->devices[i].fileMode)
			*linux->devices[i].fileMode &= ~(uint32_t)S_IFMT;
	return 0;
}

int config_check_mounts(const struct spec_linux *linux, struct spec_mount *mounts, size_t len,
			struct arena *arena, struct error *err)
{
	if (len > MOUNTS_MAX)
		return error_set(err, EINVAL, "/mounts: has %zu entries, %d at most are made", len,
				 MOUNTS_MAX);
	for (size_t i = 0; i < len; i++) {
		char place[sizeof("/mounts/18446744073709551615")];

		snprintf(place, sizeof(place), "/mounts/%zu", i);
		if (check_mount(linux ? linux : &no_linux, &mounts[i], place, err) < 0)
			return -EINVAL;
		clean_destination(&mounts[i], arena);
	}
	return 0;
}

int config_check(struct spec_config *config, struct arena *arena, struct error *err)
{
	const struct spec_linux *linux = config->linux ? config->linux : &no_linux;

	if (!config->root)
		return error_set(err, EINVAL, "/root: is required");
	if (check_owners(config, linux, err) < 0)
		return -EINVAL;
	if (config->linux && check_linux(config->linux, err) < 0)
		return -EINVAL;
	if (check_domainname(config, linux, err) < 0)
		return -EINVAL;
	return config_check_mounts(linux, config->mounts, config->mounts_len, arena, err);
}
