/* device_rules.c - which devices the processes of a cgroup may open and make */
#include "runtime/cgroup/device_rules.h"

#include <errno.h>
#include <string.h>

/*
 * Without these no container works, whatever its config says. tun is no such device, but other
 * runtimes allow it, and images with a VPN in them rely on that.
 */
static const struct device_rule default_rules[] = {
	{ true, DEVICE_BLOCK | DEVICE_CHAR, DEVICE_MKNOD, -1, -1, -1 },
	{ true, DEVICE_CHAR, DEVICE_ALL, -1, 1, 3 },	  /* null */
	{ true, DEVICE_CHAR, DEVICE_ALL, -1, 1, 5 },	  /* zero */
	{ true, DEVICE_CHAR, DEVICE_ALL, -1, 1, 7 },	  /* full */
	{ true, DEVICE_CHAR, DEVICE_ALL, -1, 1, 8 },	  /* random */
	{ true, DEVICE_CHAR, DEVICE_ALL, -1, 1, 9 },	  /* urandom */
	{ true, DEVICE_CHAR, DEVICE_ALL, -1, 5, 0 },	  /* tty */
	{ true, DEVICE_CHAR, DEVICE_ALL, -1, 5, 1 },	  /* console */
	{ true, DEVICE_CHAR, DEVICE_ALL, -1, 5, 2 },	  /* ptmx */
	{ true, DEVICE_CHAR, DEVICE_ALL, -1, 136, -1 }, /* pts */
	{ true, DEVICE_CHAR, DEVICE_ALL, -1, 10, 200 }, /* net/tun */
};

enum {
	DEFAULT_RULES = sizeof(default_rules) / sizeof(*default_rules),
	RULES_MAX = 8192,
};

/* Return: DEVICE_* of a type, 0 for a bad one. */
static uint8_t rule_types(const char *type)
{
	if (!type || !strcmp(type, "a"))
		return DEVICE_BLOCK | DEVICE_CHAR;
	if (!strcmp(type, "b"))
		return DEVICE_BLOCK;
	return !strcmp(type, "c") || !strcmp(type, "u") ? DEVICE_CHAR : 0;
}

/* Return: DEVICE_* of an access, all for none, 0 for a bad one. */
static uint8_t rule_access(const char *access)
{
	uint8_t bits = 0;

	if (!access || !*access)
		return DEVICE_ALL;
	for (; *access; access++) {
		if (*access != 'r' && *access != 'w' && *access != 'm')
			return 0;
		bits |= *access == 'r' ? DEVICE_READ :
			*access == 'w' ? DEVICE_WRITE : DEVICE_MKNOD;
	}
	return bits;
}

/* Reads a device number: absent and -1 are any (-1). Return: 0 or -EINVAL. */
static int rule_number(const int64_t *number, size_t index, const char *member, int64_t *value,
		       struct error *err)
{
	*value = number ? *number : -1;
	if (*value >= -1 && *value <= UINT32_MAX)
		return 0;
	return error_set(err, EINVAL, "/linux/resources/devices/%zu/%s: %lld is no device number",
			 index, member, (long long)*value);
}

static int rule_read(const struct spec_device_rule *spec, size_t index, struct device_rule *rule,
		     struct error *err)
{
	int ret = rule_number(spec->major, index, "major", &rule->major, err);

	if (ret >= 0)
		ret = rule_number(spec->minor, index, "minor", &rule->minor, err);
	if (ret < 0)
		return ret;
	rule->allow = spec->allow;
	rule->types = rule_types(spec->type);
	rule->access = rule_access(spec->access);
	rule->index = (int64_t)index;
	if (!rule->types)
		return error_set(err, EINVAL, "/linux/resources/devices/%zu/type: \"%s\" is "
				 "none of \"a\", \"b\", \"c\"", index, spec->type);
	if (!rule->access)
		return error_set(err, EINVAL, "/linux/resources/devices/%zu/access: \"%s\" is "
				 "more than \"r\", \"w\", \"m\"", index, spec->access);
	return 0;
}

/* Return: whether every device of b is one of a. */
static bool rule_covers(const struct device_rule *a, const struct device_rule *b)
{
	return (a->major < 0 || a->major == b->major) && (a->minor < 0 || a->minor == b->minor);
}

/* Return: whether one of the default rules, which come later, decides all that the rule does. */
static bool rule_is_overridden(const struct device_rule *rule)
{
	for (size_t i = 0; i < DEFAULT_RULES; i++) {
		if (rule_covers(&default_rules[i], rule) &&
		    !(rule->types & ~default_rules[i].types) &&
		    !(rule->access & ~default_rules[i].access))
			return true;
	}
	return false;
}

int device_rules_read(const struct spec_device_rule *spec, size_t len, struct arena *arena,
		      struct device_rules *rules, struct error *err)
{
	struct device_rule *all = arena_array(arena, len + DEFAULT_RULES, sizeof(*all));
	size_t kept = 0;

	if (len > RULES_MAX)
		return error_set(err, EINVAL, "/linux/resources/devices: more than %d rules",
				 RULES_MAX);
	for (size_t i = 0; i < len; i++) {
		int ret = rule_read(&spec[i], i, &all[kept], err);

		if (ret < 0)
			return ret;
		kept += !rule_is_overridden(&all[kept]);
	}
	memcpy(all + kept, default_rules, sizeof(default_rules));
	*rules = (struct device_rules){ .rules = all, .len = kept + DEFAULT_RULES };
	return 0;
}

bool device_rule_is_total(const struct device_rule *rule)
{
	return rule->types == (DEVICE_BLOCK | DEVICE_CHAR) && rule->access == DEVICE_ALL &&
	       rule->major < 0 && rule->minor < 0;
}

bool device_rules_allow_all(const struct device_rules *rules)
{
	for (size_t i = rules->len; i-- > 0 && rules->rules[i].allow;) {
		if (device_rule_is_total(&rules->rules[i]))
			return true;
	}
	return false;
}

/* Return: whether there is a device of both. */
static bool rule_meets(const struct device_rule *a, const struct device_rule *b)
{
	return (a->types & b->types) && (a->access & b->access) &&
	       (a->major < 0 || b->major < 0 || a->major == b->major) &&
	       (a->minor < 0 || b->minor < 0 || a->minor == b->minor);
}

/* Takes what the rule is about out of the exceptions. Return: false where that is a part of one. */
static bool rule_subtract(const struct device_rule *rule, struct device_rules *exceptions)
{
	size_t kept = 0;

	for (size_t i = 0; i < exceptions->len; i++) {
		struct device_rule exception = exceptions->rules[i];

		if (rule_meets(rule, &exception) && !rule_covers(rule, &exception))
			return false;
		if (rule_meets(rule, &exception))
			exception.access &= (uint8_t)~rule->access;
		if (exception.access)
			exceptions->rules[kept++] = exception;
	}
	exceptions->len = kept;
	return true;
}

/* Adds a rule to the exceptions, or takes it out of them. Return: false where v1 cannot say it. */
static bool rule_flatten(const struct device_rule *rule, bool allow,
			 struct device_rules *exceptions)
{
	for (int type = DEVICE_BLOCK; type <= DEVICE_CHAR; type++) {
		struct device_rule single = *rule;

		single.types &= (uint8_t)type;
		if (!single.types)
			continue;
		if (rule->allow != allow)
			exceptions->rules[exceptions->len++] = single;
		else if (!rule_subtract(&single, exceptions))
			return false;
	}
	return true;
}

int device_rules_flatten(const struct device_rules *rules, struct arena *arena, bool *allow,
			 struct device_rules *exceptions, struct error *err)
{
	struct device_rules found = {
		.rules = arena_array(arena, 2 * rules->len, sizeof(*found.rules)),
	};
	bool normal = false;
	size_t start = rules->len;

	/* What stands before a total rule does not count. */
	while (start && !device_rule_is_total(&rules->rules[start - 1]))
		start--;
	if (start)
		normal = rules->rules[start - 1].allow;
	for (size_t i = start; i < rules->len; i++) {
		const struct device_rule *rule = &rules->rules[i];

		if (!rule_flatten(rule, normal, &found)) {
			return error_set(err, EOPNOTSUPP, "rule %lld needs an exception from an "
					 "exception, which cgroup v1 cannot express",
					 (long long)rule->index);
		}
	}
	*allow = normal;
	*exceptions = found;
	return 0;
}
