/* caps.c - capability sets of the container's process */
#include "runtime/linux/caps.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/strv.h"

#define BIT(capability) (UINT64_C(1) << (capability))

enum { CAPABILITY_MAX = 63 };

/* The sets that capget(2) and capset(2) know: the others go by prctl(2). */
struct kernel_sets {
	uint64_t effective, permitted, inheritable;
};

static int kernel_sets_get(struct kernel_sets *sets)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct half[2] = { 0 };

	if (syscall(SYS_capget, &header, half) < 0)
		return -errno;
	sets->effective = half[0].effective | (uint64_t)half[1].effective << 32;
	sets->permitted = half[0].permitted | (uint64_t)half[1].permitted << 32;
	sets->inheritable = half[0].inheritable | (uint64_t)half[1].inheritable << 32;
	return 0;
}

static int kernel_sets_set(const struct kernel_sets *sets)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	const struct __user_cap_data_struct half[2] = {
		{ (uint32_t)sets->effective, (uint32_t)sets->permitted,
		  (uint32_t)sets->inheritable },
		{ (uint32_t)(sets->effective >> 32), (uint32_t)(sets->permitted >> 32),
		  (uint32_t)(sets->inheritable >> 32) },
	};

	return syscall(SYS_capset, &header, half) < 0 ? -errno : 0;
}

bool caps_has_effective(int capability)
{
	struct kernel_sets sets;

	return !kernel_sets_get(&sets) && sets.effective & BIT(capability);
}

/* Return: 1, 0, or -1 where the kernel has no such capability. */
static int bounding_has(unsigned int capability)
{
	return prctl(PR_CAPBSET_READ, (unsigned long)capability, 0L, 0L, 0L);
}

/*
 * cap_from_name(3) also takes lower case and numbers; the specification takes names as
 * capabilities(7) prints them. Return: the number, or -1.
 */
static int capability_parse(const char *name)
{
	cap_value_t value;

	if (strncmp(name, "CAP_", 4) ||
	    name[strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789")] ||
	    cap_from_name(name, &value) < 0 || value < 0 || value > CAPABILITY_MAX)
		return -1;
	return value;
}

/* Adds the name to a list in words, once. */
static void leave_out(struct buf *left_out, const char *name)
{
	auto_buf struct buf quoted = { 0 };

	buf_printf(&quoted, "\"%s\"", name);
	if (left_out->len && strstr(left_out->data, quoted.data))
		return;
	buf_printf(left_out, "%s%s", left_out->len ? ", " : "", quoted.data);
}

static uint64_t list_parse(char *const *list, uint64_t allowed, struct buf *left_out)
{
	uint64_t set = 0;

	for (; list && *list; list++) {
		int capability = capability_parse(*list);

		if (capability >= 0 && BIT(capability) & allowed)
			set |= BIT(capability);
		else
			leave_out(left_out, *list);
	}
	return set;
}

static uint64_t bounding_get(void)
{
	uint64_t set = 0;
	int has;

	for (unsigned int i = 0; i <= CAPABILITY_MAX && (has = bounding_has(i)) >= 0; i++)
		if (has)
			set |= BIT(i);
	return set;
}

int caps_parse(const struct spec_capabilities *spec, struct caps *caps, struct error *err)
{
	auto_buf struct buf left_out = { 0 }, not_ambient = { 0 };
	struct caps parsed = { 0 };
	struct kernel_sets own;
	uint64_t bounding;
	int r;

	if (!spec) {
		*caps = parsed;
		return 0;
	}
	r = kernel_sets_get(&own);
	if (r < 0)
		return error_errno(err, r, "read the own capabilities");
	bounding = bounding_get();

	/* What capset(2) and PR_CAP_AMBIENT_RAISE would refuse is left out here. */
	parsed.bounding = list_parse(spec->bounding, bounding, &left_out);
	parsed.permitted = list_parse(spec->permitted, own.permitted, &left_out);
	parsed.effective = list_parse(spec->effective, parsed.permitted, &left_out);
	parsed.inheritable = list_parse(spec->inheritable,
					own.inheritable | (own.permitted & parsed.bounding),
					&left_out);
	parsed.ambient = list_parse(spec->ambient, parsed.permitted, &left_out);
	parsed.ambient = list_parse(spec->ambient, parsed.ambient & parsed.inheritable,
				    &not_ambient);
	if (left_out.len)
		log_warning("capabilities that are unknown or cannot be granted are left out: %s",
			    left_out.data);
	/* buildah 1.28 asks for these at each start; nobody there can help it. */
	if (not_ambient.len)
		log_note("ambient capabilities that are not inheritable are left out: %s",
			 not_ambient.data);
	*caps = parsed;
	return 0;
}

int caps_limit_bounding(const struct caps *caps, struct error *err)
{
	for (unsigned int i = 0; i <= CAPABILITY_MAX; i++) {
		int has;

		if (caps->bounding & BIT(i))
			continue;
		has = bounding_has(i);
		if (has < 0)
			break; /* beyond the last capability of this kernel */
		if (has && prctl(PR_CAPBSET_DROP, (unsigned long)i, 0L, 0L, 0L) < 0)
			return error_errno(err, errno, "drop capability %u from the bounding set%s",
					   i, errno == EPERM ? " (needs CAP_SETPCAP)" : "");
	}
	return 0;
}

int caps_keep(struct error *err)
{
	/* execve(2) clears the flag, so nobody needs to. */
	if (prctl(PR_SET_KEEPCAPS, 1L, 0L, 0L, 0L) < 0)
		return error_errno(err, errno, "keep capabilities over the change of user");
	return 0;
}

static int ambient_apply(const struct caps *caps, struct error *err)
{
	/* The kernel keeps ambient within permitted and inheritable: without these it is empty. */
	if (!(caps->permitted & caps->inheritable))
		return 0;
	if (prctl(PR_CAP_AMBIENT, (long)PR_CAP_AMBIENT_CLEAR_ALL, 0L, 0L, 0L) < 0)
		return error_errno(err, errno, "clear the ambient capabilities");
	for (unsigned int i = 0; i <= CAPABILITY_MAX; i++)
		if (caps->ambient & BIT(i) &&
		    prctl(PR_CAP_AMBIENT, (long)PR_CAP_AMBIENT_RAISE, (unsigned long)i, 0L, 0L))
			return error_errno(err, errno, "raise ambient capability %u", i);
	return 0;
}

int caps_apply(const struct caps *caps, struct error *err)
{
	const struct kernel_sets wanted = { caps->effective, caps->permitted, caps->inheritable };
	int r = kernel_sets_set(&wanted);

	if (r < 0)
		return error_errno(err, r, "set capabilities");
	return ambient_apply(caps, err);
}

/* Return: the list with the name at its end, in the arena; the list itself where it has it. */
static char **list_add(char **list, const char *name, struct arena *arena)
{
	size_t len = strv_len(list);
	char **longer;

	if (strv_contains(list, name))
		return list;
	longer = arena_array(arena, len + 2, sizeof(*longer));
	if (len)
		memcpy(longer, list, len * sizeof(*list));
	longer[len] = arena_strdup(arena, name);
	return longer;
}

/* As a newer kernel may call one: that it is unknown here is a warning. */
static bool is_capability_name(const char *name)
{
	static const char prefix[] = "CAP_";
	const char *rest = name + strlen(prefix);

	return !strncmp(name, prefix, strlen(prefix)) && *rest && *rest != '_' &&
	       !rest[strspn(rest, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_")];
}

int caps_add(struct spec_capabilities **spec, char *const *names, struct arena *arena,
	     struct error *err)
{
	struct spec_capabilities *sum = arena_alloc(arena, sizeof(*sum));

	if (!names || !*names)
		return 0;
	if (*spec)
		*sum = **spec;
	for (; *names; names++) {
		if (capability_parse(*names) < 0 && !is_capability_name(*names))
			return error_set(err, EINVAL, "unknown capability \"%s\"; capabilities(7) "
					 "has the names, as in \"CAP_NET_ADMIN\"", *names);
		sum->bounding = list_add(sum->bounding, *names, arena);
		sum->permitted = list_add(sum->permitted, *names, arena);
		sum->effective = list_add(sum->effective, *names, arena);
		if (strv_contains(sum->inheritable, *names))
			sum->ambient = list_add(sum->ambient, *names, arena);
	}
	*spec = sum;
	return 0;
}

char **caps_names(struct arena *arena)
{
	char **names = arena_array(arena, CAPABILITY_MAX + 2, sizeof(*names));
	size_t len = 0;

	for (unsigned int i = 0; i <= CAPABILITY_MAX && bounding_has(i) >= 0; i++) {
		char *name = cap_to_name((cap_value_t)i);

		/* One that the library does not know comes back as its number. */
		if (name && !strncmp(name, "cap_", 4)) {
			char *upper = arena_strdup(arena, name);

			for (char *c = upper; *c; c++)
				*c = *c >= 'a' && *c <= 'z' ? (char)(*c - 'a' + 'A') : *c;
			names[len++] = upper;
		}
		cap_free(name);
	}
	return names;
}
